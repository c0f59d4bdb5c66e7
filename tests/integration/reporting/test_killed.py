"""The service as a process of its own, ended in the middle of its batches: nothing lost, nothing doubled."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from chassis.clock import SystemClock
from chassis.settings import PREFIX
from chassis.store import Store
from chassis.telemetry import start_telemetry
from services.reporting.app import DEFINITION
from services.reporting.settings import ReportingSettings
from tests.harness.waiting import eventually
from tests.integration.reporting.cases import (
    acknowledged,
    all_cases_heard,
    count_cases,
    count_of,
    created_and_amended,
    more_than,
    tell,
)

CASES_TOLD = 400
ENDS = 3
PATIENCE_SECONDS = 120.0
ROOT = Path(__file__).parents[3]


def environment_of(settings: ReportingSettings) -> dict[str, str]:
    told = {
        f"{PREFIX}{name.upper()}": str(value)
        for name, value in settings.model_dump(mode="json").items()
        if value is not None
    }
    return {**os.environ, **told}


def a_free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.mark.parametrize("ended_by", [signal.SIGKILL, signal.SIGTERM], ids=["kill -9", "SIGTERM"])
@pytest.mark.timeout(600)
async def test_a_process_ended_in_the_middle_of_its_batches_loses_nothing_and_doubles_nothing(
    settings_of: Callable[..., ReportingSettings],
    kafka_bootstrap: str,
    topics: str,
    tmp_path: Path,
    ended_by: signal.Signals,
) -> None:
    settings = settings_of(DEFINITION, http_port=a_free_port(), batch_limit_events=10)
    pairs = created_and_amended(CASES_TOLD)
    await tell(kafka_bootstrap, topics, [event for pair in pairs for event in pair])
    store = Store(
        settings.mongodb_uri,
        settings.mongodb_database,
        clock=SystemClock(),
        telemetry=start_telemetry("looking-on", settings),
    )
    ended_early = 0
    with (tmp_path / "log").open("wb") as log:

        async def run() -> asyncio.subprocess.Process:
            command = (sys.executable, "-m", "services.reporting")
            return await asyncio.create_subprocess_exec(
                *command, env=environment_of(settings), cwd=ROOT, stdout=log, stderr=log
            )

        for _ in range(ENDS):
            known = await count_cases(store)
            process = await run()
            await eventually(lambda: count_cases(store), more_than(known), patience=PATIENCE_SECONDS)
            process.send_signal(ended_by)
            await asyncio.wait_for(process.wait(), 60)
            ended_early += await count_cases(store) < CASES_TOLD
        assert ended_early > 1, "it was never ended with work left to do: the test proves nothing"
        last = await run()
        try:
            handled = lambda: acknowledged(kafka_bootstrap, topics, "complaint.created", "complaint.amended")  # noqa: E731
            await eventually(handled, lambda offset: offset == 2 * CASES_TOLD, patience=PATIENCE_SECONDS)
        finally:
            last.send_signal(signal.SIGTERM)
            await asyncio.wait_for(last.wait(), 60)
    assert await count_of(store, "recorded") == CASES_TOLD
    assert set(await all_cases_heard(store, [created.subject for created, _ in pairs])) == {
        (created.subject, 2) for created, _ in pairs
    }
