"""What can be done with the dead letters of one service."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chassis.dead_letters.letter import COLLECTION, DeadLetter
from chassis.store.client import Store

if TYPE_CHECKING:
    from chassis.bus.batch import BatchProcessor, Replay

DISCARDED = "discarded_letters"


class NoSuchLetter(Exception):
    """No dead letter with this id; `list` shows those that are there."""


@dataclass(frozen=True)
class Choice:
    """Which letters are meant: those with one of these ids; with none named, all that died of this, from there."""

    ids: tuple[str, ...] = ()
    reason: str | None = None
    topic: str | None = None


class DeadLetterBox:
    """List, show, replay, discard. Discarding keeps the letter's head and the reason, never its content."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._letters = store.database[COLLECTION]

    async def list(self, choice: Choice) -> AsyncIterator[DeadLetter]:
        """Dead letters of a choice without ids, those of one partition in its order whenever they died."""
        wanted = {"reason": choice.reason, "topic": choice.topic}
        chosen = {field: value for field, value in wanted.items() if value is not None}
        async for row in self._letters.find(chosen).sort([("topic", 1), ("partition", 1), ("offset", 1)]):
            yield DeadLetter.from_row(row)

    async def ids(self, choice: Choice) -> tuple[str, ...]:
        """The ids of a choice as of now: named ones as they were named, others in the order of `list`."""
        return choice.ids or tuple([letter.id async for letter in self.list(choice)])

    async def show(self, key: str) -> DeadLetter:
        row = await self._letters.find_one({"_id": key})
        if row is None:
            raise NoSuchLetter(f"No dead letter {key}; see `dead-letters list`.")
        return DeadLetter.from_row(row)

    async def replay(self, key: str, processor: "BatchProcessor[Any]", *, rehearsing: bool = False) -> "Replay":
        """Handle it once more; its row goes with the effect. `rehearsing` changes nothing. Raises NoSuchLetter."""
        return await processor.replay(await self.show(key), rehearsing=rehearsing)

    async def discard(self, key: str, *, because: str, by: str, now: datetime) -> None:
        """Take it away for good, keeping that it was there, why it died, and who discarded it when and why.

        Raises NoSuchLetter.
        """
        letter = await self.show(key)
        kept = letter.model_dump(exclude={"value", "key", "id"})
        async with self._store.transaction() as session:
            await self._store.database[DISCARDED].replace_one(
                {"_id": key},
                {**kept, "discarded_at": now, "discarded_because": because, "discarded_by": by},
                upsert=True,
                session=session,
            )
            await self._letters.delete_one({"_id": key}, session=session)
