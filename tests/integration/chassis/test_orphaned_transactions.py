"""A transaction left open by kill -9 must not hold up the successor (the server would keep it for 60 s)."""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable

from chassis.area import COUNTRY
from chassis.outbox.outgoing import new_id
from chassis.settings import ServiceSettings
from chassis.store import UnitOfWork
from tests.harness.builders import JAMBUDIPA, RECORDED_AT
from tests.harness.tiny import DESK, ENTRIES, Entry
from tests.integration.chassis.conftest import OpenStore

SERVER_KEEPS_ORPHANS_SECONDS = 60


async def test_the_successor_ends_it_and_writes_at_once(
    open_store: OpenStore, settings_of: Callable[..., ServiceSettings]
) -> None:
    settings, key = settings_of(DESK), new_id()
    bystander = await open_store()

    async def begin(unit: UnitOfWork) -> None:
        await unit.of(ENTRIES).add(Entry(id=key, area=JAMBUDIPA, title="whole", made_at=RECORDED_AT))

    await bystander.transact(COUNTRY, begin)
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.harness.half_a_deed",
        settings.mongodb_uri,
        settings.mongodb_database,
        key,
        stdout=asyncio.subprocess.PIPE,
    )
    assert child.stdout is not None
    assert await child.stdout.readline() == b"open\n"
    child.kill()
    await child.wait()

    began = time.monotonic()
    successor = await open_store()
    await successor.transact(COUNTRY, retitling(key, "whole", "edited"))
    assert time.monotonic() - began < SERVER_KEEPS_ORPHANS_SECONDS / 3
    # The bystander lives: its sessions were not ended with the dead one's.
    await bystander.transact(COUNTRY, retitling(key, "edited", "edited again"))


def retitling(key: str, before: str, after: str) -> Callable[[UnitOfWork], Awaitable[None]]:
    async def deed(unit: UnitOfWork) -> None:
        entry = await unit.of(ENTRIES).get(key)
        assert entry.title == before
        await unit.of(ENTRIES).save(entry.model_copy(update={"title": after}))

    return deed
