"""What can be done with the dead letters of one service."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chassis.area import COUNTRY
from chassis.bus.retrial import DecidedMeanwhile
from chassis.dead_letters.letter import COLLECTION, DeadLetter, LetterHead, SettledLetter
from chassis.store.client import Store
from chassis.store.paging import Order, page_of_rows
from chassis.store.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from chassis.bus.batch import BatchProcessor
    from chassis.bus.retrial import Replay

DISCARDED = "discarded_letters"
REPLAYED = "replayed_letters"
CONTENT = ("key", "value")
IN_ORDER = [("topic", 1), ("partition", 1), ("offset", 1)]


class NoSuchLetter(Exception):
    """No dead letter with this id; `list` shows those that are there."""


@dataclass(frozen=True)
class Choice:
    """Which letters are meant: those with one of these ids; with none named, all that died of this, from there."""

    ids: tuple[str, ...] = ()
    reason: str | None = None
    topic: str | None = None

    def to_filter(self) -> dict[str, Any]:
        """As the database asks for it."""
        if self.ids:
            return {"_id": {"$in": list(self.ids)}}
        wanted = {"reason": self.reason, "topic": self.topic}
        return {field: value for field, value in wanted.items() if value is not None}


@dataclass(frozen=True)
class Place:
    """Where a letter stood. Letters are replayed in this order: a partition's order, whenever they died."""

    topic: str
    partition: int
    offset: int

    @staticmethod
    def of(letter: LetterHead) -> "Place":
        return Place(letter.topic, letter.partition, letter.offset)

    def after(self) -> dict[str, Any]:
        """What lies behind it, as the database asks for it."""
        here: dict[str, Any] = {"topic": self.topic, "partition": self.partition}
        return {
            "$or": [
                {"topic": {"$gt": self.topic}},
                {"topic": self.topic, "partition": {"$gt": self.partition}},
                {**here, "offset": {"$gt": self.offset}},
            ]
        }


@dataclass(frozen=True)
class HeadsPage:
    """One page of letters without content, those that died last first."""

    letters: tuple[LetterHead, ...]
    next_cursor: str | None


class DeadLetterBox:
    """List, show, replay, discard. What is decided about a letter is kept with who decided it; never its content."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._letters = store.database[COLLECTION]

    async def list(self, choice: Choice) -> AsyncIterator[LetterHead]:
        """Letters of a choice, those of one partition in its order whenever they died."""
        async for row in self._letters.find(choice.to_filter(), dict.fromkeys(CONTENT, 0)).sort(IN_ORDER):
            yield _head(row)

    async def behind(self, choice: Choice, place: Place | None, limit: int) -> tuple[LetterHead, ...]:
        """The next letters of a choice in the order of `list`, from its beginning without a place."""
        terms = [term for term in (choice.to_filter(), place.after() if place else {}) if term]
        wanted = {"$and": terms} if terms else {}
        found = self._letters.find(wanted, dict.fromkeys(CONTENT, 0)).sort(IN_ORDER).limit(limit)
        return tuple([_head(row) async for row in found])

    async def page(self, choice: Choice, cursor: str | None, limit: int) -> HeadsPage:
        """Raises BadCursor."""
        found = await page_of_rows(
            self._letters, choice.to_filter(), Order("dead_at", -1), cursor=cursor, limit=limit, without=CONTENT
        )
        return HeadsPage(tuple(_head(row) for row in found.rows), found.next_cursor)

    async def count(self, choice: Choice) -> int:
        return int(await self._letters.count_documents(choice.to_filter()))

    async def tally(self, field: str, choice: Choice) -> Mapping[str, int]:
        """How many letters of a choice there are of each reason, or from each topic; most first."""
        counting = {"$group": {"_id": f"${field}", "count": {"$sum": 1}}}
        grouped = self._letters.aggregate([{"$match": choice.to_filter()}, counting])
        counted = [(str(row["_id"]), int(row["count"])) async for row in grouped]
        return dict(sorted(counted, key=lambda counts: (-counts[1], counts[0])))

    async def ids(self, choice: Choice) -> tuple[str, ...]:
        """The ids of a choice as of now: named ones as they were named, others in the order of `list`."""
        return choice.ids or tuple([letter.id async for letter in self.list(choice)])

    async def show(self, key: str) -> DeadLetter:
        """Raises NoSuchLetter."""
        row = await self._letters.find_one({"_id": key})
        if row is None:
            raise NoSuchLetter(f"No dead letter {key}; see `dead-letters list`.")
        return DeadLetter.from_row(row)

    async def settled(self, key: str) -> SettledLetter:
        """A letter that was replayed or discarded. Raises NoSuchLetter."""
        for collection in (REPLAYED, DISCARDED):
            row = await self._store.database[collection].find_one({"_id": key})
            if row is not None:
                return SettledLetter.from_row(row)
        raise NoSuchLetter(f"There never was a dead letter {key}.")

    async def replay(
        self,
        key: str,
        processor: "BatchProcessor[Any]",
        *,
        by: str,
        run: str | None = None,
        rehearsing: bool = False,
    ) -> "Replay":
        """Handle it once more. With the effect its row goes, and who replayed it is kept; else the attempt is noted.

        `rehearsing` changes nothing. Raises NoSuchLetter.
        """
        letter, now = await self.show(key), self._store.clock.now()
        kept = letter.replayed(by, now, run).to_row()
        try:
            fared = await processor.replay(letter, keeping=(REPLAYED, kept), rehearsing=rehearsing)
        except DecidedMeanwhile:
            raise NoSuchLetter(f"Somebody else decided on {key} meanwhile.") from None
        if not fared.handled and not rehearsing:
            await self._letters.update_one(
                {"_id": key},
                {
                    "$set": {"reason": fared.reason, "detail": fared.detail, "tried_at": now, "tried_by": by},
                    "$inc": {"attempts": 1},
                },
            )
        return fared

    async def replayed_in(self, run: str) -> int:
        """How many letters one replay of many has handled."""
        return int(await self._store.database[REPLAYED].count_documents({"run": run}))

    async def discard(self, key: str, *, because: str, by: str, now: datetime) -> None:
        """Take it away for good, keeping that it was there, why it died, and who discarded it when and why.

        Raises NoSuchLetter.
        """

        async def deed(unit: UnitOfWork) -> None:
            letters = unit.database[COLLECTION]
            row = await letters.find_one({"_id": key}, session=unit.session)
            if row is None:
                raise NoSuchLetter(f"No dead letter {key}; see `dead-letters list`.")
            kept = DeadLetter.from_row(row).discarded(by, now, because).to_row()
            await unit.database[DISCARDED].replace_one({"_id": key}, kept, upsert=True, session=unit.session)
            await letters.delete_one({"_id": key}, session=unit.session)

        await self._store.transact(COUNTRY, deed)


def _head(row: Mapping[str, Any]) -> LetterHead:
    return LetterHead.model_validate({"id": row["_id"], **row})
