"""Generations of read models: collections that follow wholly from events, so that they can be made anew beside the
live ones and take their place at once.

Generation 1 keeps the collections' own names, generation n adds `.g<n>`: `cases`, `cases.g2`. Which one is live says
one document, `{"_id": "live", "number": n}` in the collection `generations`. Whoever writes reads it inside the
transaction, whoever answers a question reads it once for the whole answer.

A batch in flight while another generation becomes live still writes to the one before. It holds only events that were
on their topics by then; so whoever switches reads on, into the new generation, until it has reached the ends as they
are *after* the switch. What follows from no topic (a replayed dead letter, an erasure) keeps the live document still
instead, and so never meets a switch half-way.
"""

import contextlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from motor.core import AgnosticClientSession
from pymongo.errors import DuplicateKeyError

from chassis.area import COUNTRY
from chassis.store.client import Store
from chassis.store.documents import to_stored
from chassis.store.errors import LeaseLost
from chassis.store.generation import FIRST, Building, Generation, Live, ReadModels, Stage, Unused
from chassis.store.unit_of_work import UnitOfWork

COLLECTION = "generations"
Session: TypeAlias = AgnosticClientSession
_LIVE = "live"
_BUILDING = "building"

DROPPED_AFTER = timedelta(seconds=60)
"""As long as a transaction may live and a question may take: until then an old generation may still be used."""
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class NothingIsBuilt(Exception):
    """There is no generation being built that could be abandoned."""


async def live_generation(store: Store, session: Session | None = None) -> Generation:
    """The generation that counts now; within `session`'s transaction when one is given."""
    row = await store.database[COLLECTION].find_one({"_id": _LIVE}, {"number": 1}, session=session)
    return FIRST if row is None else Generation(row["number"])


async def keep_still(store: Store, session: Session) -> None:
    """From here to the commit no generation becomes live, is begun or abandoned: whoever tries begins anew."""
    await store.database[COLLECTION].update_one({"_id": _LIVE}, {"$inc": {"held": 1}}, upsert=True, session=session)


async def note_positions(
    store: Store, building: Building, offsets: Mapping[tuple[str, int], int], session: Session
) -> None:
    """Where these partitions are to be read on, in the transaction that holds what was read; the others stay as stored.

    Raises LeaseLost when another process goes on with this generation, or nobody does.
    """
    rows = store.database[COLLECTION]
    mine = {"_id": _BUILDING, "number": building.number, "holder": building.holder}
    stored = await rows.find_one(mine, session=session)
    if stored is None:
        raise LeaseLost("another rebuild took over, or it was abandoned")
    # From what is stored, never from memory: a batch that was not committed must leave no trace of its offsets.
    reached = Building.model_validate(stored).offsets | dict(offsets)
    positions = [
        {"topic": topic, "partition": partition, "offset": offset} for (topic, partition), offset in reached.items()
    ]
    await rows.update_one(mine, {"$set": {"positions": positions}}, session=session)


class Generations:
    """Every step from one generation to the next, each one transaction."""

    def __init__(self, store: Store, models: ReadModels) -> None:
        self._store = store
        self._models = models
        self._rows = store.database[COLLECTION]

    async def prepare(self) -> Live:
        """Make the live document and the live collections where they are missing; returns what is live."""
        made_before = await self._store.database[self._models.collections[0].name].find_one({}, {"_id": 1})
        recipe = self._models.recipe if made_before is None else Live().recipe
        fresh = to_stored(Live(recipe=recipe).model_dump())
        with contextlib.suppress(DuplicateKeyError):  # another instance was quicker
            await self._rows.update_one({"_id": _LIVE}, {"$setOnInsert": fresh}, upsert=True)
        live = await self.live()
        await self.create(live.generation)
        return live

    async def create(self, generation: Generation) -> None:
        for collection in self._models.collections:
            await self._store.create(generation.name(collection.name), collection.indexes)

    async def live(self, session: Session | None = None) -> Live:
        row = await self._rows.find_one({"_id": _LIVE}, session=session)
        return Live.model_validate(row or {})

    async def building(self, session: Session | None = None) -> Building | None:
        row = await self._rows.find_one({"_id": _BUILDING}, session=session)
        return None if row is None else Building.model_validate(row)

    async def begin(self, holder: str) -> Building:
        """A new generation, with nothing in it. Raises AlreadyExists while another is being built."""

        async def deed(unit: UnitOfWork) -> Building:
            live = await self.live(unit.session)
            building = Building(
                number=live.last + 1,
                recipe=self._models.recipe,
                stage=Stage.COPYING,
                holder=holder,
                begun_at=datetime.now(UTC),
            )
            await self._write_live(live.model_copy(update={"last": building.number}), unit)
            await self._rows.insert_one({"_id": _BUILDING, **to_stored(building.model_dump())}, session=unit.session)
            return building

        return await self._store.transact(COUNTRY, deed)

    async def take_over(self, building: Building, holder: str) -> Building:
        """Go on with what another process began; whatever that one still tries is refused."""
        await self._rows.update_one({"_id": _BUILDING, "number": building.number}, {"$set": {"holder": holder}})
        return building.model_copy(update={"holder": holder})

    async def begin_reading(self, building: Building) -> Building:
        """All that follows from no event was carried over. Raises LeaseLost."""
        await self._move(building, Stage.READING, None)
        return building.model_copy(update={"stage": Stage.READING})

    async def switch(self, building: Building) -> Building:
        """Make it live, and the one before unused. Raises LeaseLost."""

        async def deed(unit: UnitOfWork) -> None:
            await self._move(building, Stage.SETTLING, unit.session)
            live, now = await self.live(unit.session), datetime.now(UTC)
            changes = {
                "number": building.number,
                "recipe": building.recipe,
                "switched_at": now,
                "unused": (*live.unused, Unused(number=live.number, since=now)),
            }
            await self._write_live(live.model_copy(update=changes), unit)

        await self._store.transact(COUNTRY, deed)
        return building.model_copy(update={"stage": Stage.SETTLING})

    async def end(self, building: Building) -> None:
        """Nothing is built any more: what was, is live and whole."""
        await self._rows.delete_one({"_id": _BUILDING, "number": building.number, "holder": building.holder})

    async def abandon(self) -> Building:
        """Give up what is being built; its collections are unused from now on. Raises NothingIsBuilt."""

        async def deed(unit: UnitOfWork) -> Building:
            building = await self.building(unit.session)
            if building is None or building.stage is Stage.SETTLING:
                raise NothingIsBuilt
            live = await self.live(unit.session)
            unused = (*live.unused, Unused(number=building.number, since=_LONG_AGO))
            await self._rows.delete_one({"_id": _BUILDING}, session=unit.session)
            await self._write_live(live.model_copy(update={"unused": unused}), unit)
            return building

        return await self._store.transact(COUNTRY, deed)

    async def drop_unused(self, *beside: str) -> tuple[int, ...]:
        """Drop the collections of generations unused for `DROPPED_AFTER`, and those named `beside` them."""
        live = await self.live()
        old = [one for one in live.unused if one.since + DROPPED_AFTER <= datetime.now(UTC)]
        for unused in old:
            generation = Generation(unused.number)
            for name in (*(collection.name for collection in self._models.collections), *beside):
                await self._store.database[generation.name(name)].drop()
            await self._rows.update_one({"_id": _LIVE}, {"$pull": {"unused": {"number": unused.number}}})
        return tuple(unused.number for unused in old)

    async def _move(self, building: Building, stage: Stage, session: Session | None) -> None:
        moved = await self._rows.update_one(
            {"_id": _BUILDING, "number": building.number, "holder": building.holder},
            {"$set": {"stage": stage.value}},
            session=session,
        )
        if moved.matched_count != 1:
            raise LeaseLost("another rebuild took over, or it was abandoned")

    async def _write_live(self, live: Live, unit: UnitOfWork) -> None:
        fields = to_stored(live.model_dump())
        await self._rows.update_one({"_id": _LIVE}, {"$set": fields}, upsert=True, session=unit.session)
