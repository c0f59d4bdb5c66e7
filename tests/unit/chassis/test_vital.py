"""A task a service cannot live without takes the process with it."""

import asyncio

import pytest

from chassis import vital


async def test_its_death_ends_the_process_and_its_end_or_cancellation_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ended: list[int] = []
    monkeypatch.setattr(vital, "end_process", ended.append)

    async def dies() -> None:
        raise LookupError

    well = vital.vital(asyncio.create_task(asyncio.sleep(0)))
    cancelled = vital.vital(asyncio.create_task(asyncio.sleep(60)))
    cancelled.cancel()
    await asyncio.gather(well, cancelled, return_exceptions=True)
    assert ended == []
    await asyncio.gather(vital.vital(asyncio.create_task(dies())), return_exceptions=True)
    await asyncio.sleep(0)
    assert ended == [vital.EXIT_UNFORESEEN]
