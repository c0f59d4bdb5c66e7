"""Faust as the source of reporting's events: it feeds the batch processor and commits offsets after it.

An agent that raises loses events, and a cancelled one may acknowledge what was not committed. So nothing here raises
into Faust, a batch in hand is finished through every cancellation, and the end of a batch is one of three:
committed (its offsets follow), too many dead letters (consuming stops, nothing is acknowledged), or a fault nobody
foresaw, which ends the process at once, so that no cleanup of any library can acknowledge anything.
"""

import asyncio
import os
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import structlog

from chassis.bus import BatchProcessor
from chassis.telemetry import Telemetry
from chassis.unbroken import unbroken
from contracts.manifest import Topic
from services.reporting.faust_app import FaustApp, make_app, raw_topics, topic_names
from services.reporting.faust_reading import Reading

log = structlog.get_logger(__name__)

START_TIMEOUT_SECONDS = 10.0
RECONNECT_SECONDS = 1.0


class FaustSource:
    """Runs until stopped; survives a broker that is away. Offsets follow commits, never lead them."""

    def __init__(
        self,
        processor: BatchProcessor[Any],
        telemetry: Telemetry,
        *,
        bootstrap_servers: str,
        group: str,
        topics: Sequence[Topic],
        prefix: str,
        batch_limit: int,
        end_process: Callable[[int], object] = os._exit,
    ) -> None:
        self._processor = processor
        self._telemetry = telemetry
        self._bootstrap_servers = bootstrap_servers
        self._group = group
        self._names = topic_names(topics, prefix)
        self._prefix = prefix
        self._batch_limit = batch_limit
        self._end_process = end_process
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._poisoned = False
        self.app: FaustApp | None = None
        """The application now reading; a new one whenever the last could not go on."""

    @property
    def stopped_by_poison(self) -> bool:
        return self._poisoned

    async def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="faust-source")

    async def stop(self) -> None:
        """Finish the batch in hand, commit its offsets, leave the group."""
        self._stopping.set()
        self._processor.stop_retrying()
        if self._task is not None:
            await self._task

    async def _run(self) -> None:
        while not self._stopping.is_set():
            self.app = make_app(self._bootstrap_servers, self._group)
            reading = Reading(self.app, self._processor, self._prefix, self._batch_limit, self._end_process)
            self.app.on_partitions_assigned.connect(self._assigned)
            self.app.agent(raw_topics(self.app, self._names), name="reader", concurrency=1)(reading.hear)
            try:
                await self._until_over(reading)
            finally:
                await unbroken(reading.end())
            if reading.poisoned is not None:
                self._poisoned = True
                log.error("consumer stopped by dead letters", detail=str(reading.poisoned))
                return
            if not self._stopping.is_set():
                log.warning("faust cannot go on; beginning anew at the committed offsets")
                await _first_of(asyncio.sleep(RECONNECT_SECONDS), self._stopping.wait())

    async def _assigned(self, *_: Any, **__: Any) -> None:
        self._telemetry.instruments.rebalances.add(1)

    async def _until_over(self, reading: Reading) -> None:
        app = reading.app
        app.finalize()
        starting = asyncio.create_task(app.start(), name="faust-start")
        try:
            await _first_of(self._stopping.wait(), reading.over.wait(), app._crashed.wait(), _failure(starting))
        finally:
            # A start cut off half-way leaves the consumer's thread running: the application cannot be stopped then, and
            # neither can the process.
            await asyncio.wait([starting], timeout=START_TIMEOUT_SECONDS)
            starting.cancel()
            await asyncio.gather(starting, return_exceptions=True)


async def _failure(starting: "asyncio.Task[None]") -> None:
    """Returns when starting has failed; never when it went well."""
    try:
        await asyncio.shield(starting)
    except Exception as fault:
        log.info("faust did not start", exc_info=fault)
        return
    await asyncio.Event().wait()


async def _first_of(*waits: Coroutine[Any, Any, Any]) -> None:
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
