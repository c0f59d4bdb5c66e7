"""Erasing a case: what was reported of it is forgotten, and stays forgotten whatever is still heard or rebuilt.

Until consent.withdrawn is published, an operator says which. In every generation there is, a tombstone takes the case's
place, and the figures lose what it had added to them.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from chassis.area import COUNTRY
from chassis.dead_letters.box import Choice, DeadLetterBox
from chassis.dead_letters.of_rebuild import LettersOfRebuild
from chassis.store import AlreadyExists, Order, Store, UnitOfWork
from chassis.store.batch import BatchStore, Raced, refusals_as_poison
from chassis.store.generation import Generation
from chassis.store.generations import Generations, keep_still, live_generation
from services.reporting.domain.case import ReportedCase
from services.reporting.domain.figures import difference
from services.reporting.store import CASES, ERASURES, READ_MODELS, Erasure, StoredCase, increment
from services.reporting.surges.counting import moved_steps

RACES_LIMIT = 10
CARRIED_AT_ONCE = 200


class NoSuchCase(Exception):
    """Nothing is reported of this case."""


@dataclass(frozen=True)
class Reported:
    """What is kept of a case: how many events, and how many figures it adds to. `erased`: it was forgotten before."""

    area: str
    events: int
    figures: int
    erased: bool


async def what_is_reported(store: Store, case: str) -> Reported:
    """Raises NoSuchCase."""
    live = await live_generation(store)
    async with store.transaction() as session:
        found = (await BatchStore(store.database, session).load(live.of(CASES), [case])).get(case)
    if found is None:
        raise NoSuchCase
    return Reported(found.area, len(found.case.timeline), len(found.case.adds(found.area)), found.erased is not None)


async def erase(store: Store, case: str, reason: str) -> None:
    """Forget a case, for a reason that is a code. Done once, however often it is repeated. Raises NoSuchCase."""

    async def deed(unit: UnitOfWork) -> None:
        await keep_still(store, unit.session)
        erasures = unit.of(ERASURES)
        erasure = await erasures.find(case)
        generations = Generations(store, READ_MODELS)
        building = await generations.building(unit.session)
        live = (await generations.live(unit.session)).generation
        batch = BatchStore(unit.database, unit.session)
        if erasure is None:
            found = (await batch.load(live.of(CASES), [case])).get(case)
            if found is None:
                raise NoSuchCase
            erasure = await erasures.add(Erasure(id=case, area=found.area, erased_at=unit.now, reason=reason))
        for generation in {live, building.generation if building else live}:
            await bury(batch, generation, [erasure])

    await _until_not_raced(store, deed)
    await _forget_letters(store, case, reason)


async def carry_over(store: Store, generation: Generation) -> None:
    """Put every tombstone into a generation that has not heard anything yet. May be repeated."""
    cursor: str | None = None
    while True:
        page = await store.reading(COUNTRY, ERASURES).page(
            order=Order("erased_at"), cursor=cursor, limit=CARRIED_AT_ONCE
        )

        async def deed(unit: UnitOfWork, erasures: Sequence[Erasure] = page.items) -> None:
            await bury(BatchStore(unit.database, unit.session), generation, erasures)

        await _until_not_raced(store, deed)
        cursor = page.next_cursor
        if cursor is None:
            return


async def bury(batch: BatchStore, generation: Generation, erasures: Sequence[Erasure]) -> None:
    """A tombstone for each case that has none yet; what the case had added to the figures is taken back."""
    cases = generation.of(CASES)
    found = await batch.load(cases, [erasure.id for erasure in erasures])
    tombstones: dict[str, StoredCase] = {}
    moved = []
    for erasure in erasures:
        before = found.get(erasure.id)
        if before is not None and before.erased is not None:
            continue
        tombstones[erasure.id] = StoredCase.tombstone(erasure, before)
        if before is not None:
            taken_back = difference(before.case.adds(before.area), {})
            moved += [increment(key, before.area, dict(counts)) for key, counts in taken_back]
            moved += moved_steps(before.case, ReportedCase(), before.area, erasure.erased_at)
    with refusals_as_poison():
        await batch.write_documents(cases, tombstones, found)
        await batch.add_counts((generation.name(i.collection), i.key, i.identity, i.counts) for i in moved)


async def _forget_letters(store: Store, case: str, reason: str) -> None:
    """Dead letters hold events whole: of those about the case only the heads stay."""
    box = DeadLetterBox(store)
    for letter in [letter async for letter in box.list(Choice()) if letter.case == case]:
        await box.discard(letter.id, because=f"case erased: {reason}", by="erase", now=store.clock.now())
    building = await Generations(store, READ_MODELS).building()
    if building is not None:
        await LettersOfRebuild(store, building).forget_case(case)


async def _until_not_raced(store: Store, deed: Callable[[UnitOfWork], Awaitable[None]]) -> None:
    """A rebuild may insert the case, or another operator erase it, at the same moment: then there is more to see."""
    for attempt in range(RACES_LIMIT):
        try:
            return await store.transact(COUNTRY, deed)
        except (Raced, AlreadyExists):
            if attempt == RACES_LIMIT - 1:
                raise
    return None
