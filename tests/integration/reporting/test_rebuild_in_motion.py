"""A rebuild while events keep coming, killed, and switched in the middle of batches: nothing lost, nothing doubled."""

import asyncio
import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chassis.bus.target import LiveTarget
from chassis.store import Store
from chassis.store.generation import Building, Generation
from chassis.store.generations import Generations, Session
from services.reporting.app import DEFINITION
from services.reporting.settings import ReportingSettings
from services.reporting.store import CASE_FIGURES, CASES
from tests.harness.fixtures import Start
from tests.harness.tokens import Issuer
from tests.harness.waiting import eventually
from tests.integration.reporting.cases import acknowledged, created_and_amended, more_than, tell
from tests.integration.reporting.rebuilds import (
    building,
    cases_seen,
    command,
    counters,
    figures_added_up,
    live_number,
)
from tests.integration.reporting.test_killed import ROOT, environment_of

HEARD = ("complaint.created", "complaint.amended")
PATIENCE_SECONDS = 120.0
AHEAD_EVENTS = 400
PERIOD = {"from": "2026-11-01", "to": "2026-11-30"}


@pytest.fixture
def settings(settings_of: Callable[..., ReportingSettings], topics: str) -> ReportingSettings:
    return settings_of(DEFINITION, batch_limit_events=20)


async def all_heard(kafka_bootstrap: str, topics: str, events: int) -> None:
    """Wait until the service's group has handled so many."""
    await eventually(
        lambda: acknowledged(kafka_bootstrap, topics, *HEARD), lambda count: count == events, patience=PATIENCE_SECONDS
    )


async def is_whole(store: Store, cases: set[str]) -> None:
    """Each case once, with both its events, and figures that are the sum of the cases."""
    assert await cases_seen(store) == dict.fromkeys(cases, 2)
    assert await counters(store) == await figures_added_up(store)


@pytest.mark.timeout(600)
async def test_events_that_keep_coming_to_two_instances_lose_none_and_double_none(
    start: Start, settings: ReportingSettings, kafka_bootstrap: str, topics: str
) -> None:
    first = await start(DEFINITION, batch_limit_events=20)
    await start(DEFINITION, batch_limit_events=20)
    cases: set[str] = set()
    enough = asyncio.Event()

    async def keep_telling() -> None:
        while not enough.is_set():
            pairs = created_and_amended(20)
            cases.update(created.subject for created, _ in pairs)
            await tell(kafka_bootstrap, topics, [event for pair in pairs for event in pair])
            # Told without a pause, as much would wait at the end as the machine is quick.
            await eventually(
                lambda: acknowledged(kafka_bootstrap, topics, *HEARD),
                lambda heard: heard > 2 * len(cases) - AHEAD_EVENTS,
                patience=PATIENCE_SECONDS,
            )

    telling = asyncio.create_task(keep_telling())
    try:
        await eventually(lambda: acknowledged(kafka_bootstrap, topics, *HEARD), patience=PATIENCE_SECONDS)
        known = len(cases)
        # The instances hear on meanwhile: what only one generation has heard at the last look is on its way.
        assert await command(settings, "rebuild", "--accept-differences", "--patience", "2") == 0
        assert len(cases) > known, "nothing came meanwhile: the test proves nothing"
        switched = len(cases)
        await eventually(lambda: _count(cases), lambda count: count > switched)
    finally:
        enough.set()
        await telling
    await all_heard(kafka_bootstrap, topics, 2 * len(cases))
    assert await live_number(first.runtime.store) == 2
    await is_whole(first.runtime.store, cases)


async def _count(cases: set[str]) -> int:
    return len(cases)


async def test_a_batch_in_flight_at_the_switch_is_not_lost(
    start: Start,
    settings: ReportingSettings,
    kafka_bootstrap: str,
    topics: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It has read that the old generation is live, and commits into it after the switch."""
    reporting = await start(DEFINITION)
    store = reporting.runtime.store
    before, late = created_and_amended(10), created_and_amended(5)
    await tell(kafka_bootstrap, topics, [event for pair in before for event in pair])
    await all_heard(kafka_bootstrap, topics, 20)
    in_flight, committed = asyncio.Event(), asyncio.Event()
    read, switch = LiveTarget.generation, Generations.switch

    async def read_and_wait(target: LiveTarget, session: Session) -> Generation:
        generation = await read(target, session)
        in_flight.set()
        await committed.wait()
        return generation

    async def switch_in_mid_batch(generations: Generations, building: Building) -> Building:
        monkeypatch.setattr(LiveTarget, "generation", read_and_wait)
        await tell(kafka_bootstrap, topics, [event for pair in late for event in pair])
        await asyncio.wait_for(in_flight.wait(), 30)
        switched = await switch(generations, building)
        monkeypatch.setattr(LiveTarget, "generation", read)
        committed.set()
        return switched

    monkeypatch.setattr(Generations, "switch", switch_in_mid_batch)
    assert await command(settings, "rebuild", "--patience", "10") == 0
    await all_heard(kafka_bootstrap, topics, 30)
    assert await live_number(store) == 2
    missed = await store.database[CASES.name].count_documents({})
    assert missed > 10, "no batch was in flight: the test proves nothing"
    await is_whole(store, {created.subject for created, _ in (*before, *late)})


@pytest.mark.timeout(600)
async def test_a_rebuild_killed_again_and_again_goes_on_and_leaves_what_is_live_alone(
    start: Start, settings: ReportingSettings, kafka_bootstrap: str, topics: str, tmp_path: Path
) -> None:
    reporting = await start(DEFINITION)
    store = reporting.runtime.store
    pairs = created_and_amended(150)
    cases = {created.subject for created, _ in pairs}
    await tell(kafka_bootstrap, topics, [event for pair in pairs for event in pair])
    await all_heard(kafka_bootstrap, topics, 300)
    slow = settings.model_copy(update={"batch_limit_events": 5})
    dice, reached = random.Random(20261122), 0  # noqa: S311 - the same moments every time

    async def read_so_far() -> int:
        found = await building(store)
        return sum(found.offsets.values()) if found else 0

    with (tmp_path / "log").open("wb") as log:

        async def rebuild() -> asyncio.subprocess.Process:
            words = (sys.executable, "-m", "services.reporting", "rebuild")
            environment = environment_of(slow)
            return await asyncio.create_subprocess_exec(*words, env=environment, cwd=ROOT, stdout=log, stderr=log)

        for _ in range(2):
            process = await rebuild()
            goal = reached + dice.randint(20, 80)
            reached = await eventually(read_so_far, more_than(goal), patience=PATIENCE_SECONDS)
            process.kill()
            await process.wait()
            assert await live_number(store) == 1
            await is_whole(store, cases)
        assert reached < 300, "it was never killed with work left to do: the test proves nothing"
        last = await rebuild()
        assert await asyncio.wait_for(last.wait(), PATIENCE_SECONDS) == 0, (tmp_path / "log").read_text()
    assert await live_number(store) == 2
    await is_whole(store, cases)


async def test_every_answer_is_of_one_generation_however_often_it_is_switched_meanwhile(
    start: Start, settings: ReportingSettings, kafka_bootstrap: str, topics: str, issuer: Issuer
) -> None:
    """The old generation is made to count double, so that a mixed answer would show."""
    reporting = await start(DEFINITION)
    store = reporting.runtime.store
    await tell(kafka_bootstrap, topics, [created for created, _ in created_and_amended(12)])
    await all_heard(kafka_bootstrap, topics, 12)
    async for row in store.database[CASE_FIGURES.name].find():
        doubled = {name: 2 * value for name, value in row.items() if isinstance(value, int)}
        await store.database[CASE_FIGURES.name].update_one({"_id": row["_id"]}, {"$set": doubled})
    seen: set[tuple[Any, ...]] = set()
    enough = asyncio.Event()

    async def keep_asking() -> None:
        headers = issuer.bearer("manager", area="32.03")
        while not enough.is_set():
            answer = await reporting.api.get("/v1/figures", params=PERIOD | {"by": "kind"}, headers=headers)
            told = answer.json()
            rows = sum(row["counts"]["recorded"] for row in told["rows"])
            seen.add((answer.status_code, rows, told["total"]["counts"]["open"]))

    asking = asyncio.create_task(keep_asking())
    try:
        await eventually(lambda: _count_seen(seen))
        assert await command(settings, "rebuild", "--accept-differences", "--patience", "0") == 0
        await eventually(lambda: _count_seen(seen), lambda count: count == 2)
    finally:
        enough.set()
        await asking
    assert seen == {(200, 24, 24), (200, 12, 12)}


async def _count_seen(seen: set[tuple[Any, ...]]) -> int:
    return len(seen)
