"""Watching the facts of the story's cases on Kafka, as a partner with access to every topic would."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiokafka import AIOKafkaConsumer

from contracts import Event, EventData, Undecodable, decode
from contracts.manifest import Manifest
from deploy.demo.errors import StoryBroke

PATIENCE_SECONDS = 60.0


@dataclass(frozen=True)
class Fact:
    """One event as it was read, and who the manifest says will read it too."""

    topic: str
    event: Event[EventData]
    readers: tuple[str, ...]

    @property
    def trace_id(self) -> str:
        return (self.event.traceparent or "--").split("-")[1]


class Facts:
    """All facts since the watching began, by case."""

    def __init__(self) -> None:
        self._manifest = Manifest.load()
        self._by_case: dict[str, list[Fact]] = {}
        self._news = asyncio.Condition()
        self._seen: set[tuple[str, str]] = set()

    @asynccontextmanager
    async def watching(self, bootstrap_servers: str) -> AsyncIterator[None]:
        consumer = AIOKafkaConsumer(
            bootstrap_servers=bootstrap_servers,
            group_id=None,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
        )
        await consumer.start()
        pattern = "|".join(topic.pattern.replace("?P<agency>", "?:") for topic in self._manifest.topics)
        consumer.subscribe(pattern=pattern)
        task = asyncio.create_task(self._read(consumer))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await consumer.stop()

    async def _read(self, consumer: AIOKafkaConsumer) -> None:
        async for record in consumer:
            try:
                event = decode(record.value)
            except Undecodable:
                continue  # somebody else's; the story's own are all readable
            readers = tuple(reader.value for reader in self._manifest.topic(record.topic).readers)
            async with self._news:
                self._by_case.setdefault(event.correlationid, []).append(Fact(record.topic, event, readers))
                self._news.notify_all()

    def of(self, case: str) -> list[Fact]:
        """Every fact of a case so far, messages to the citizen left out."""
        return [fact for fact in self._by_case.get(case, []) if not fact.topic.startswith("notification.")]

    async def expect(self, case: str, *topics: str) -> list[Fact]:
        """Wait for facts of these topics that no earlier step has claimed, and claim them, in the order asked for.

        Raises StoryBroke when they do not come.
        """
        deadline = time.monotonic() + PATIENCE_SECONDS
        async with self._news:
            while True:
                claimed = self._claim(case, topics)
                if claimed is not None:
                    return claimed
                left = deadline - time.monotonic()
                if left <= 0:
                    raise StoryBroke(
                        f"waited {PATIENCE_SECONDS:.0f} s for {', '.join(topics)}; told so far: "
                        f"{', '.join(fact.topic for fact in self.of(case)) or 'nothing'}."
                    )
                try:
                    await asyncio.wait_for(self._news.wait(), left)
                except TimeoutError:
                    continue

    def _claim(self, case: str, topics: tuple[str, ...]) -> list[Fact] | None:
        unclaimed = [f for f in self._by_case.get(case, []) if (f.event.source, f.event.id) not in self._seen]
        claimed: list[Fact] = []
        for topic in topics:
            fact = next((f for f in unclaimed if f.topic == topic and f not in claimed), None)
            if fact is None:
                return None
            claimed.append(fact)
        self._seen |= {(fact.event.source, fact.event.id) for fact in claimed}
        return claimed

    def unclaimed(self, case: str) -> Counter[str]:
        """Facts the story did not expect: there should be none."""
        return Counter(f.topic for f in self.of(case) if (f.event.source, f.event.id) not in self._seen)
