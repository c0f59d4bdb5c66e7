"""Faust as the source of reporting's events: it feeds the batch processor and commits offsets after it.

An agent that raises loses events, and a cancelled one may acknowledge what was not committed. So nothing here raises
into Faust, a batch in hand is finished through every cancellation, and the end of a batch is one of three:
committed (its offsets follow), too many dead letters (consuming stops, nothing is acknowledged), or a fault nobody
foresaw, which ends the process at once, so that no cleanup of any library can acknowledge anything.
"""

import asyncio
import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import faust
import structlog
from faust.transport.consumer import Consumer
from faust.types import TP, EventT

from chassis.bus import BatchProcessor, TooManyDeadLetters
from chassis.telemetry import Telemetry
from chassis.unbroken import unbroken
from contracts.manifest import Topic
from services.reporting.faust_app import FaustApp, make_app, offsets_after, raw_topics, to_message, topic_names

log = structlog.get_logger(__name__)

TAKE_WITHIN_SECONDS = 0.1
COMMIT_TIMEOUT_SECONDS = 20.0
STOP_TIMEOUT_SECONDS = 20.0
RECONNECT_SECONDS = 1.0
LAG_EVERY_SECONDS = 5.0
POSITION_TIMEOUT_SECONDS = 1.0
EXIT_UNFORESEEN = 70  # EX_SOFTWARE of sysexits.h


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
        self._over = asyncio.Event()
        self._in_hand = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None
        self._poisoned = False
        self._handled: dict[TP, int] = {}
        self.app: FaustApp | None = None
        """The application now connected; a new one after each crash."""

    @property
    def stopped_by_poison(self) -> bool:
        return self._poisoned

    async def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="faust-source")

    async def stop(self) -> None:
        """Finish the batch in hand, commit its offsets, leave the group."""
        self._stopping.set()
        if self._task is not None:
            await self._task

    async def _run(self) -> None:
        while not (self._stopping.is_set() or self._poisoned):
            self._over.clear()
            self._handled.clear()
            self.app = make_app(self._bootstrap_servers, self._group)
            self.app.agent(raw_topics(self.app, self._names), name="reader", concurrency=1)(self._hear)
            try:
                await self._until_over(self.app)
            finally:
                await unbroken(self._leave(self.app))
            if not (self._stopping.is_set() or self._poisoned):
                log.warning("kafka does not answer; trying again")
                await _first_of(asyncio.sleep(RECONNECT_SECONDS), self._stopping.wait())

    async def _until_over(self, app: FaustApp) -> None:
        """Serve one application until it is told to stop, or cannot go on."""
        app.finalize()
        starting = asyncio.create_task(app.start(), name="faust-start")
        lag = asyncio.create_task(self._report_lag(app), name="faust-lag")
        try:
            await _first_of(self._stopping.wait(), self._over.wait(), app._crashed.wait(), _failure(starting))
        finally:
            for task in (starting, lag):
                task.cancel()
            await asyncio.gather(starting, lag, return_exceptions=True)

    async def _leave(self, app: FaustApp) -> None:
        self._over.set()  # whoever takes the next batch out of the stream lets it lie
        async with self._in_hand:
            try:
                await asyncio.wait_for(app.stop(), STOP_TIMEOUT_SECONDS)
            except Exception as fault:
                log.info("left the group without saying so", exc_info=fault)

    async def _hear(self, stream: faust.StreamT[Any]) -> None:
        async for events in cast("faust.Stream[Any]", stream).take_events(
            self._batch_limit, within=TAKE_WITHIN_SECONDS
        ):
            async with self._in_hand:
                if self._over.is_set() or self._stopping.is_set():
                    return
                await unbroken(self._handle(events))
        self._over.set()

    async def _handle(self, events: Sequence[EventT[Any]]) -> None:
        """One batch to its end; never raises."""
        try:
            await self._processor.process([to_message(event, self._prefix) for event in events])
        except TooManyDeadLetters as fault:
            self._poisoned = True
            self._telemetry.instruments.consumer_stopped.set(1)
            log.error("consumer stopped by dead letters", detail=str(fault))
            self._over.set()
            return
        except BaseException as fault:
            log.critical("a batch ended in a way nobody foresaw; the process ends here", exc_info=fault)
            self._end_process(EXIT_UNFORESEEN)
            self._over.set()
            return
        await self._acknowledge(offsets_after(events))

    async def _acknowledge(self, offsets: Mapping[TP, int]) -> None:
        app = self.app
        try:
            # Faust answers False when the partitions went to someone else meanwhile: they repeat the batch, and
            # repetitions vanish. It does not answer at all when its consumer's thread has died.
            committed = app is not None and await asyncio.wait_for(
                cast("Consumer", app.consumer)._commit(dict(offsets)), COMMIT_TIMEOUT_SECONDS
            )
        except Exception as fault:
            log.warning("offsets not committed", exc_info=fault)
            self._over.set()
            return
        if committed:
            self._handled.update(offsets)
        else:
            log.info("offsets not committed after a rebalance")

    async def _report_lag(self, app: FaustApp) -> None:
        while True:
            await asyncio.sleep(LAG_EVERY_SECONDS)
            try:
                for partition in app.consumer.assignment():
                    await self._report_lag_of(app, partition)
            except Exception as fault:
                log.debug("lag cannot be read", exc_info=fault)

    async def _report_lag_of(self, app: FaustApp, partition: TP) -> None:
        highwater = app.consumer.highwater(partition)
        reached = self._handled.get(partition)
        if not self._in_hand.locked():
            # Idle, so what was fetched was handled; only this position passes the marker behind a transaction.
            position = await asyncio.wait_for(app.consumer.position(partition), POSITION_TIMEOUT_SECONDS)
            reached = max(reached or 0, position or 0)
        if highwater is None or reached is None:
            return
        self._telemetry.instruments.consumer_lag.set(
            max(highwater - reached, 0),
            {
                "messaging.destination.name": partition.topic.removeprefix(self._prefix),
                "messaging.destination.partition.id": str(partition.partition),
            },
        )


async def _failure(starting: "asyncio.Task[None]") -> None:
    """Returns when starting has failed; never when it went well."""
    try:
        await asyncio.shield(starting)
    except Exception as fault:
        log.info("faust did not start", exc_info=fault)
        return
    await asyncio.Event().wait()


async def _first_of(*waits: Any) -> None:
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
