"""Tries at codes, counted by all instances together."""

import asyncio
from dataclasses import replace

import pytest

from chassis.area import COUNTRY
from chassis.store import Store
from chassis.tries import TRIES, WINDOW, Counted, TooManyTries, Tries
from tests.harness.tiny import DESK
from tests.integration.chassis.conftest import OpenStore

SECRET = b"a secret of this test"
ADDRESS = Counted("address", "198.51.100.7", most=5)
CASE = Counted("case", "198.51.100.7", most=3)


async def tried(tries: Tries, *counted: Counted) -> bool:
    """Whether the code may be looked at."""
    try:
        await tries.count(*counted)
    except TooManyTries:
        return False
    return True


@pytest.fixture
async def instances(open_store: OpenStore) -> list[Store]:
    """Two processes of one service."""
    definition = replace(DESK, collections=(*DESK.collections, TRIES))
    return [await open_store(definition), await open_store(definition)]


async def test_of_many_tries_at_once_at_two_instances_only_so_many_are_looked_at(instances: list[Store]) -> None:
    both = [Tries(store, SECRET) for store in instances]
    looked_at = await asyncio.gather(*(tried(both[number % 2], ADDRESS) for number in range(12)))
    assert sum(looked_at) == ADDRESS.most


async def test_right_codes_are_not_counted_and_one_who_waits_says_nothing_of_another(instances: list[Store]) -> None:
    tries = Tries(instances[0], SECRET)
    for _ in range(ADDRESS.most + 1):
        assert await tried(tries, ADDRESS)
        await tries.forgive(ADDRESS)
    for _ in range(CASE.most):
        assert await tried(tries, ADDRESS, CASE)
    with pytest.raises(TooManyTries) as stopped:
        await tries.count(ADDRESS, CASE)
    now = instances[0].clock.now()
    assert now < stopped.value.again_at <= now + WINDOW
    assert await tried(tries, ADDRESS), "a try that was not looked at counts for nobody"
    assert await tried(tries, replace(ADDRESS, value="198.51.100.8"))


async def test_what_is_kept_does_not_tell_whose_tries_they_were(instances: list[Store]) -> None:
    await Tries(instances[0], SECRET).count(ADDRESS)
    await Tries(instances[0], b"another secret").count(ADDRESS)
    kept = await instances[0].reading(COUNTRY, TRIES).all(limit=10)
    assert len(kept) == 2
    assert ADDRESS.value not in str(kept)
