"""A service told to stop while Faust is still starting stops, and leaves no thread that keeps its process alive."""

import asyncio
import threading
from typing import cast

from chassis.bus import BatchProcessor
from chassis.settings import ServiceSettings
from chassis.telemetry import start_telemetry
from contracts.manifest import Manifest
from services.reporting.faust_source import FaustSource
from services.reporting.store import StoredCase

STOPS = 20
FIRST_SECONDS = 0.15
APART_SECONDS = 0.04
"""Starting takes about 1.2 s on an idle machine; a start cut off between these moments kept one process in twenty."""


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
        await source.start()
        await asyncio.sleep(FIRST_SECONDS + number * APART_SECONDS)
        await asyncio.wait_for(source.stop(), 15)

    for number in range(STOPS):
        await start_and_stop(number)
    assert threads_that_hold_the_process() <= before
