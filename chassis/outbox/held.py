"""Facts whose topic does not exist: set aside, so that they hold up nobody else's, and told once it does.

Order is Kafka's: within a topic. So all facts of one missing topic wait behind each other, and those of every other
topic pass. They leave the outbox for a collection of their own, where no pass of the relay reads over them again.
"""

import time
from collections.abc import Iterator, Sequence, Set
from typing import Any

import structlog

from chassis.outbox.rows import Row
from chassis.store.client import Store
from chassis.store.errors import LeaseLost
from chassis.store.unit_of_work import HELD, OUTBOX

log = structlog.get_logger(__name__)

LOOK_EVERY_SECONDS = 5.0
ROWS_A_PASS = 200


class HeldFacts:
    """What the relay holds back. Only the holder of the relay's lease may call what writes."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._look_at = 0.0
        self.topics: set[str] = set()
        """Those with facts set aside, as far as learnt."""

    async def learn(self) -> None:
        """Know what others have set aside: before the first publishing under a lease just won."""
        self.topics = set(await self._store.database[HELD].distinct("topic"))

    async def may_go(self) -> bool:
        """Whether facts were set aside and it is time to look for their topics again."""
        if time.monotonic() < self._look_at:
            return False
        self._look_at = time.monotonic() + LOOK_EVERY_SECONDS
        return await self._store.database[HELD].find_one({}, projection={"_id": 1}) is not None

    async def set_aside(self, chunk: Sequence[Row], missing: Set[str]) -> None:
        """Take rows away from the outbox, and keep those of their events that are for these topics.

        Raises LeaseLost when some of the rows are gone: another relay has told them.
        """
        keys = {"_id": {"$in": [row.key for row in chunk]}}
        held = [kept for row in chunk for kept in _held_rows(row, missing)]
        async with self._store.transaction() as session:
            gone = await self._store.database[OUTBOX].delete_many(keys, session=session)
            if gone.deleted_count != len(chunk):
                raise LeaseLost("another relay has told what was to be set aside")
            await self._store.database[HELD].insert_many(held, session=session)
        self.topics |= missing
        log.warning("facts set aside: their topic does not exist; `topics create` makes it", topics=sorted(missing))

    async def head(self, topic: str) -> list[Row]:
        """The oldest rows of a topic, in order. With none left it holds back no more."""
        rows = self._store.database[HELD].find({"topic": topic}).sort("_id", 1)
        found = [Row.from_stored(stored) for stored in await rows.to_list(ROWS_A_PASS)]
        if not found:
            self.topics.discard(topic)
            log.info("facts set aside were told", topic=topic)
        return found

    async def take_away(self, chunk: Sequence[Row]) -> None:
        await self._store.database[HELD].delete_many({"_id": {"$in": [row.key for row in chunk]}})


def _held_rows(row: Row, missing: Set[str]) -> Iterator[dict[str, Any]]:
    """One row for each missing topic among the events of one outbox row; ids of one topic sort as the outbox did."""
    for topic in sorted({event.topic for event in row.events} & missing):
        events = [vars(event) for event in row.events if event.topic == topic]
        yield {
            "_id": f"{row.key}:{topic}",
            "topic": topic,
            "made_at": row.made_at,
            "count": len(events),
            "events": events,
        }
