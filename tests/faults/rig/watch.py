"""When has the system caught up? What waited at a moment, and whether it is done: outboxes, events, due work.

Looks from outside, past every proxy, and goes on looking while servers are away: that is part of a recovery.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

from aiokafka import TopicPartition
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import PyMongoError

from tests.faults.rig.offsets import AWAY, Ends, Offsets

LOOK_SECONDS = 0.2
SERVER_SECONDS = 2.0
MARK_SECONDS = 60.0
UNREADABLE = (*AWAY, PyMongoError)


class CannotMark(Exception):
    """A server did not answer in time, so nobody knows what waited."""


@dataclass(frozen=True)
class Waiting:
    """What one service had to do at the mark."""

    outbox: frozenset[str]
    work: Mapping[str, datetime]
    """Due rows, and when each was to be done: a row that was put off has been dealt with."""
    reads: Ends
    """For each partition its group reads: the offset behind the last event."""


@dataclass(frozen=True)
class Mark:
    """Everything that waited at `at` (monotonic)."""

    at: float
    services: Mapping[str, Waiting]


@dataclass(frozen=True)
class Recovery:
    """`seconds` from the mark until all of it was done; `left` names what was not, when the limit came first."""

    seconds: float
    left: tuple[str, ...] = ()

    @property
    def caught_up(self) -> bool:
        return not self.left


class Watch:
    """`mongodb`: service -> URI and database. `now`: the clock the service goes by, when it is not the real one."""

    def __init__(
        self,
        kafka: str,
        prefix: str,
        mongodb: Mapping[str, tuple[str, str]],
        now: Callable[[str], datetime] = lambda _service: datetime.now(UTC),
    ) -> None:
        self._offsets = Offsets(kafka, prefix)
        self._now = now
        self._clients: dict[str, AsyncMongoClient[dict[str, Any]]] = {}
        self._databases: dict[str, AsyncDatabase[dict[str, Any]]] = {}
        for service, (uri, database) in mongodb.items():
            client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(
                uri,
                tz_aware=True,
                serverSelectionTimeoutMS=int(SERVER_SECONDS * 1000),
                connectTimeoutMS=int(SERVER_SECONDS * 1000),
                socketTimeoutMS=int(SERVER_SECONDS * 2000),
            )
            self._clients[service], self._databases[service] = client, client[database]

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        await self._offsets.close()
        for client in self._clients.values():
            await client.close()

    async def mark(self) -> Mark:
        """What waits now. Waits itself for servers that are away; that time counts. Raises CannotMark."""
        at = time.monotonic()
        async for _ in self._until(at + MARK_SECONDS):
            with contextlib.suppress(*UNREADABLE):
                return Mark(at, await self._waiting())
        raise CannotMark(f"a database, or Kafka, did not answer within {MARK_SECONDS:.0f} s")

    async def caught_up(self, mark: Mark, limit_seconds: float) -> Recovery:
        """Look until all of it is done, at most so many seconds after the mark."""
        left: tuple[str, ...] = ("nothing could be read",)
        async for _ in self._until(mark.at + limit_seconds):
            left = await self._left(mark)
            if not left:
                break
        return Recovery(time.monotonic() - mark.at, left)

    async def _until(self, deadline: float) -> AsyncIterator[None]:
        """At least one look, then one every 0.2 s."""
        yield
        while time.monotonic() < deadline:
            await asyncio.sleep(LOOK_SECONDS)
            yield

    async def _waiting(self) -> Mapping[str, Waiting]:
        # Rows first: an event that leaves an outbox in between is then among the events.
        rows = [(service, await self._outbox(service), await self._due(service)) for service in self._databases]
        reads = await self._offsets.ends()
        return {service: Waiting(frozenset(outbox), due, reads[service]) for service, outbox, due in rows}

    async def _outbox(self, service: str) -> set[str]:
        return {row["_id"] async for row in self._databases[service]["outbox"].find({}, {"_id": 1})}

    async def _due(self, service: str) -> dict[str, datetime]:
        return await self._work(service, {"not_before": {"$lte": self._now(service)}})

    async def _work(self, service: str, which: Mapping[str, Any]) -> dict[str, datetime]:
        found = self._databases[service]["work"].find(which, {"not_before": 1})
        return {row["_id"]: row["not_before"] async for row in found}

    async def _left(self, mark: Mark) -> tuple[str, ...]:
        looks = (self._left_of(service, waiting) for service, waiting in mark.services.items())
        return tuple(what for left in await asyncio.gather(*looks) for what in left)

    async def _left_of(self, service: str, waiting: Waiting) -> list[str]:
        try:
            return await self._not_done(service, waiting)
        except UNREADABLE as error:
            return [f"{service}: cannot be read ({type(error).__name__})"]

    async def _not_done(self, service: str, waiting: Waiting) -> list[str]:
        left = []
        if waiting.outbox:
            rows = await self._outbox(service) & waiting.outbox
            left += [f"{service}: {len(rows)} outbox rows"] if rows else []
        if waiting.work:
            work = await self._work(service, {})
            same = [key for key, due in waiting.work.items() if key in work and work[key] <= due]
            left += [f"{service}: work {', '.join(sorted(same)[:3])} of {len(same)} due"] if same else []
        behind = await self._offsets.behind(service, waiting.reads)
        left += [f"{service}: {events} events of {_name(partition)}" for partition, events in behind.items()]
        return left


def _name(partition: TopicPartition) -> str:
    return f"{partition.topic}-{partition.partition}"
