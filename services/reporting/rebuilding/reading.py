"""Reading the topics from their beginning into a generation being built."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from chassis.bus import BatchProcessor
from chassis.bus.history import History, KafkaAway, Offsets
from chassis.bus.target import BuildingTarget
from chassis.dead_letters.of_rebuild import LettersOfRebuild
from chassis.service import Runtime
from chassis.store.generation import Building
from chassis.unbroken import unbroken
from contracts.manifest import Manifest
from services.reporting.handlers import build_handlers
from services.reporting.rebuilding.progress import Progress

KAFKA_PAUSE_SECONDS = 1.0

T = TypeVar("T")


class Reading:
    """Feeds the batch processor from all topics; how far it is lies with the generation itself."""

    def __init__(self, runtime: Runtime[Any], building: Building, progress: Progress) -> None:
        settings = runtime.settings
        self._limit = settings.batch_limit_events
        self._progress = progress
        self._history = History(
            settings.kafka_bootstrap_servers,
            Manifest.load().read_by(runtime.definition.name),
            settings.topic_prefix,
            building.offsets,
        )
        self.processor: BatchProcessor[Any] = BatchProcessor(
            runtime.store,
            build_handlers(),
            group=f"{settings.topic_prefix}{runtime.definition.group}.rebuild",
            # A storm of them must not stop what shows how large the storm is.
            dead_letters_in_a_row_limit=sys.maxsize,
            target=BuildingTarget(runtime.store, building),
        )
        self._letters = LettersOfRebuild(runtime.store, building)
        self._discarded: frozenset[str] = frozenset()

    @property
    def offsets(self) -> Offsets:
        """How far it has read, also past records that nobody handles."""
        return self._history.offsets

    async def to_the_ends(self) -> None:
        """Read until everything is read that is on the topics at this moment."""
        ends = await self._when_answered(self._history.ends)
        beginnings = await self._when_answered(self._history.beginnings)
        self._discarded = await self._letters.discarded()
        self._progress.begins(sum(ends.values()) - sum(beginnings.values()))
        while not self._reached(ends):
            await self._next()
            done = sum(self.offsets.get(partition, 0) - beginnings.get(partition, 0) for partition in ends)
            self._progress.reached(done)

    async def begins_late(self) -> tuple[str, ...]:
        """Topics whose first records were deleted: what they told cannot be rebuilt."""
        beginnings = await self._when_answered(self._history.beginnings)
        return tuple(sorted({topic for (topic, _), offset in beginnings.items() if offset > 0}))

    @asynccontextmanager
    async def following(self) -> AsyncIterator[None]:
        """Goes on reading beside the block, so that what is built keeps up with what is live."""
        enough = asyncio.Event()

        async def follow() -> None:
            while not enough.is_set():
                await self._next()

        task = asyncio.create_task(follow(), name="rebuild-follows")
        try:
            yield
        finally:
            enough.set()  # never cancelled: a batch in hand has to end
            await unbroken(_ended(task))

    async def close(self) -> None:
        await self._history.close()

    async def _next(self) -> None:
        messages = await self._when_answered(lambda: self._history.read(self._limit))
        counting = [message for message in messages if message.position not in self._discarded]
        await unbroken(self.processor.process(counting))

    def _reached(self, ends: Offsets) -> bool:
        return all(self.offsets.get(partition, 0) >= end for partition, end in ends.items())

    async def _when_answered(self, ask: Callable[[], Awaitable[T]]) -> T:
        while True:
            try:
                return await ask()
            except KafkaAway:
                self._progress.says("Kafka does not answer; waiting")
                await asyncio.sleep(KAFKA_PAUSE_SECONDS)


async def _ended(task: "asyncio.Task[None]") -> None:
    await task
