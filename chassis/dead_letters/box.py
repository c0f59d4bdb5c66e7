"""What can be done with the dead letters of one service."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chassis.dead_letters.letter import COLLECTION, DeadLetter
from chassis.store.client import Store

if TYPE_CHECKING:
    from chassis.bus.batch import BatchProcessor

DISCARDED = "discarded_letters"


class NoSuchLetter(Exception):
    """No dead letter with this id; `list` shows those that are there."""


class DeadLetterBox:
    """List, show, replay, discard. Discarding keeps the letter's head and the reason, never its content."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._letters = store.database[COLLECTION]

    async def list(self, reason: str | None = None) -> AsyncIterator[DeadLetter]:
        """Dead letters, oldest first."""
        chosen = {} if reason is None else {"reason": reason}
        async for row in self._letters.find(chosen).sort([("dead_at", 1), ("_id", 1)]):
            yield DeadLetter.from_row(row)

    async def show(self, key: str) -> DeadLetter:
        row = await self._letters.find_one({"_id": key})
        if row is None:
            raise NoSuchLetter(f"No dead letter {key}; see `dead-letters list`.")
        return DeadLetter.from_row(row)

    async def replay(self, key: str, processor: "BatchProcessor[Any]") -> bool:
        """Handle it once more; True when it was handled and its row is gone, False when it died again."""
        return await processor.replay(await self.show(key))

    async def discard(self, key: str, reason: str, now: datetime) -> None:
        """Take it away for good, keeping that it was there, why it died and why it was discarded."""
        letter = await self.show(key)
        kept = letter.model_dump(exclude={"value", "key", "id"})
        async with self._store.transaction() as session:
            await self._store.database[DISCARDED].replace_one(
                {"_id": key},
                {**kept, "discarded_at": now, "discarded_because": reason},
                upsert=True,
                session=session,
            )
            await self._letters.delete_one({"_id": key}, session=session)
