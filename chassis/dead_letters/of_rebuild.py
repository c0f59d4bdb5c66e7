"""The letters that die while a generation of read models is built, and what becomes of them once it is live."""

from collections.abc import AsyncIterator, Mapping

from chassis.bus.target import REBUILD_LETTERS
from chassis.dead_letters.box import DISCARDED
from chassis.dead_letters.letter import COLLECTION, DeadLetter
from chassis.store.client import Store
from chassis.store.generation import Building


class LettersOfRebuild:
    """Letters of the generation being built, beside those of the service."""

    def __init__(self, store: Store, building: Building) -> None:
        self._store = store
        self._here = store.database[building.generation.name(REBUILD_LETTERS)]
        self._service = store.database[COLLECTION]
        self._discarded = store.database[DISCARDED]

    async def count(self) -> int:
        return int(await self._here.count_documents({}))

    async def discarded(self) -> frozenset[str]:
        """What a person discarded must not count again: the ids of those letters."""
        return frozenset([str(row["_id"]) async for row in self._discarded.find({}, {"_id": 1})])

    async def only_here(self) -> AsyncIterator[DeadLetter]:
        """Letters of events that the live generation did handle, or at least never set aside."""
        async for row in self._here.find().sort("_id", 1):
            if not await self._is_known(str(row["_id"])):
                yield DeadLetter.from_row(row)

    async def settle(self, offsets: Mapping[tuple[str, int], int]) -> None:
        """Make the service's letters those of the generation that is live now. May be repeated, until `forget`.

        What died here only can be replayed from now on; what was handled here, with a mended handler, is dead no more.
        `offsets`: how far the rebuild has read each (topic, partition).
        """
        async for letter in self.only_here():
            row = letter.to_row()
            await self._service.replace_one({"_id": row["_id"]}, row, upsert=True)
        async for row in self._service.find({}, {"topic": 1, "partition": 1, "offset": 1}):
            heard = row["offset"] < offsets.get((row["topic"], row["partition"]), 0)
            if heard and await self._here.find_one({"_id": row["_id"]}, {"_id": 1}) is None:
                await self._service.delete_one({"_id": row["_id"]})

    async def forget(self) -> None:
        """Once they are settled."""
        await self._here.drop()

    async def forget_case(self, case: str) -> None:
        """Letters hold events whole: those about an erased case go."""
        await self._here.delete_many({"case": case})

    async def _is_known(self, key: str) -> bool:
        return any([await letters.find_one({"_id": key}, {"_id": 1}) for letters in (self._service, self._discarded)])
