"""A service told to stop while Faust is still starting stops, and leaves no thread that keeps its process alive."""

import asyncio
import threading
from typing import cast

from chassis.bus import BatchProcessor
from chassis.settings import ServiceSettings
from chassis.telemetry import start_telemetry
from contracts.manifest import Manifest
from services.reporting.faust_reading import STOP_TIMEOUT_SECONDS
from services.reporting.faust_source import START_TIMEOUT_SECONDS, FaustSource
from services.reporting.store import StoredCase

STOPS = 20
"""At so many moments of a start; a start cut off half-way kept one process in twenty."""
STOP_SECONDS = START_TIMEOUT_SECONDS + STOP_TIMEOUT_SECONDS + 10.0


class NothingToDo:
    """A processor for a source that is never told anything."""

    async def process(self, messages: object) -> None:
        raise AssertionError("nobody told it anything")

    def stop_retrying(self) -> None:
        return


def threads_that_hold_the_process() -> set[threading.Thread]:
    """Threads that Python waits for at its end; those of executors end with it."""
    return {
        thread
        for thread in threading.enumerate()
        if thread is not threading.main_thread() and not thread.daemon and "ThreadPool" not in thread.name
    }


async def so_far_begun(tasks: int) -> None:
    """Waits until so many tasks run, or Faust has started and begins no more."""
    starting = False
    while len(running := asyncio.all_tasks()) < tasks:
        if "faust-start" in {task.get_name() for task in running}:
            starting = True
        elif starting:
            return
        await asyncio.sleep(0)  # one step of whoever else runs


async def test_a_source_stopped_at_any_moment_of_its_start_stops_and_leaves_no_thread(
    kafka_bootstrap: str, topics: str
) -> None:
    settings = ServiceSettings(
        kafka_bootstrap_servers=kafka_bootstrap, mongodb_uri="unused", mongodb_database="unused", oidc_issuer="unused"
    )
    telemetry = start_telemetry("reporting", settings)
    before = threads_that_hold_the_process()

    async def start_and_stop(number: int) -> None:
        source = FaustSource(
            cast("BatchProcessor[StoredCase]", NothingToDo()),
            telemetry,
            bootstrap_servers=kafka_bootstrap,
            group=f"{topics}{number}",
            topics=Manifest.load().read_by("reporting"),
            prefix=topics,
            batch_limit=20,
        )
        quiet = len(asyncio.all_tasks())
        await source.start()
        await so_far_begun(quiet + number)
        await asyncio.wait_for(source.stop(), STOP_SECONDS)

    for number in range(STOPS):
        await start_and_stop(number)
    assert threads_that_hold_the_process() <= before
