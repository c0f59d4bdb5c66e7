"""The watch: looks every few seconds at the group on Kafka and at what waits in the database, beside all that works.

It shares nothing with consumer, relay and workers but the addresses, so it goes on when they do not. Any instance sees
the whole service; several see the same.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Generic, TypeVar

import structlog

from chassis.bus.inspection import Inspection, Inspector
from chassis.operation.shelves import Shelves, look_at_shelves
from chassis.operation.stillness import Stillness
from chassis.store.client import Store

log = structlog.get_logger(__name__)

EVERY_SECONDS = 5.0
SHELVES_TIMEOUT_SECONDS = 10.0

T = TypeVar("T")


class Sight(Generic[T]):
    """What was last seen of one server, and whether it still answers."""

    def __init__(self) -> None:
        self.seen: T | None = None
        self.silent_since: float | None = None

    def saw(self, seen: T) -> None:
        self.seen, self.silent_since = seen, None

    def saw_nothing(self, now: float) -> None:
        if self.silent_since is None:
            self.silent_since = now

    def silent_seconds(self, now: float) -> float:
        return 0.0 if self.silent_since is None else now - self.silent_since


class Watch:
    """Kafka and database as last seen. Everything it tells is read from memory: no page waits for a server."""

    def __init__(
        self,
        store: Store,
        inspector: Inspector,
        *,
        kinds: Sequence[str],
        needed_topics: Sequence[str],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._inspector = inspector
        self._kinds = kinds
        self._needed_topics = needed_topics
        self._clock = clock
        self._task: asyncio.Task[None] | None = None
        self._consumer: Stillness[tuple[str, int]] = Stillness()
        self._outbox: Stillness[str] = Stillness()
        self._work: Stillness[str] = Stillness()
        self.kafka: Sight[Inspection] = Sight()
        self.database: Sight[Shelves] = Sight()

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="operation-watch")

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._inspector.close()

    @property
    def outbox_rows(self) -> int:
        """As last seen; 0 before the first look."""
        return self.database.seen.outbox.rows if self.database.seen else 0

    @property
    def missing_topics(self) -> tuple[str, ...]:
        """Topics this service tells on or reads that do not exist, as last seen."""
        if self.kafka.seen is None:
            return ()
        return tuple(topic for topic in self._needed_topics if topic not in self.kafka.seen.topics)

    @property
    def consumer_stuck_seconds(self) -> float:
        """For how long the slowest partition with events not yet handled has committed nothing.

        While the group cannot be read: since when. Nobody could tell then whether anything is handled.
        """
        return self._stuck(self._consumer, self.kafka)

    @property
    def outbox_stuck_seconds(self) -> float:
        """For how long the oldest fact in the outbox, or the oldest set aside on any topic, has been the same.

        While the database cannot be read: since when.
        """
        return self._stuck(self._outbox, self.database)

    @property
    def work_stuck_seconds(self) -> float:
        """For how long the oldest due work of the slowest kind has been the same and nobody began it, or one piece of
        work has been in hand, whichever is longer.

        While the database cannot be read: since when.
        """
        in_hand = (work.oldest_lease_seconds for work in (self.database.seen.work if self.database.seen else ()))
        return max(self._stuck(self._work, self.database), *in_hand, 0.0)

    def still_partitions(self, seconds: float) -> int:
        return len(self._consumer.still(self._clock(), seconds))

    def still_kinds(self, seconds: float) -> tuple[str, ...]:
        work = self.database.seen.work if self.database.seen else ()
        hanging = (of_kind.kind for of_kind in work if of_kind.oldest_lease_seconds > seconds)
        return tuple(dict.fromkeys((*self._work.still(self._clock(), seconds), *hanging)))

    def silence(self, sight: Sight[Any]) -> float:
        return sight.silent_seconds(self._clock())

    def _stuck(self, stillness: Stillness[Any], sight: Sight[Any]) -> float:
        now = self._clock()
        return max(stillness.longest(now), sight.silent_seconds(now))

    async def _run(self) -> None:
        warned: tuple[str, ...] = ()
        while True:
            await asyncio.gather(self.look_at_kafka(), self.look_at_database())
            if self.missing_topics != warned:
                warned = self.missing_topics
                if warned:
                    log.error("topics are missing; make them with `topics create`", topics=warned)
            await asyncio.sleep(EVERY_SECONDS)

    async def look_at_kafka(self) -> None:
        seen = await self._look("kafka", self.kafka, self._inspector.look())
        if seen is not None:
            behind = {(lag.topic, lag.partition): lag.committed for lag in seen.lags if lag.events}
            self._consumer.look(behind, self._clock())

    async def look_at_database(self) -> None:
        looking = look_at_shelves(self._store, self._kinds)
        seen = await self._look("database", self.database, asyncio.wait_for(looking, SHELVES_TIMEOUT_SECONDS))
        if seen is not None:
            outbox = {"outbox": seen.outbox.head} if seen.outbox.head else {}
            held = {held.topic: held.head for held in seen.outbox.held}
            self._outbox.look({**outbox, **held}, self._clock())
            self._work.look({work.kind: work.head for work in seen.work if work.head}, self._clock())

    async def _look(self, server: str, sight: Sight[T], looking: Coroutine[Any, Any, T]) -> T | None:
        try:
            seen = await looking
        except Exception as fault:  # whatever it is: a watch that ended would leave the last good news standing
            if sight.silent_since is None:
                log.warning("cannot be seen", server=server, exc_info=fault)
            sight.saw_nothing(self._clock())
            return None
        sight.saw(seen)
        return seen
