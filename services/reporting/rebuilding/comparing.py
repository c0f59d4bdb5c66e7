"""Comparing a generation being built with the live one, while both go on hearing."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from chassis.dead_letters.of_rebuild import LettersOfRebuild
from chassis.store import Store
from chassis.store.generation import Generation
from chassis.store.side_by_side import Pair, pairs_of, side_by_side
from services.reporting.rebuilding.differences import Difference, Kind, of_case, of_counter
from services.reporting.store import CASE_FIGURES, CASES, PROGRAMME_FIGURES

KEPT_LIMIT = 10_000
"""Of more differences than this only the number is told: then it is not single cases that are wrong."""
LOOK_AGAIN_SECONDS = 0.5

_COMPARED: Mapping[str, Callable[[Pair], Difference | None]] = {
    CASES.name: of_case,
    CASE_FIGURES.name: of_counter,
    PROGRAMME_FIGURES.name: of_counter,
}
"""Not the counts that surges are found by: they are of the last days only, and expire one by one in both."""


@dataclass
class Comparison:
    """What was compared, and every difference that stayed."""

    cases: int = 0
    figures: int = 0
    differences: list[Difference] = field(default_factory=list)
    beyond: Counter[Kind] = field(default_factory=Counter)
    """Differences that were only counted."""

    @property
    def equal(self) -> bool:
        return not self.differences and not self.beyond

    def add(self, difference: Difference) -> None:
        if len(self.differences) < KEPT_LIMIT:
            self.differences.append(difference)
        else:
            self.beyond[difference.kind] += 1


async def compare(store: Store, live: Generation, rebuilt: Generation, *, patience_seconds: float) -> Comparison:
    """Every case and every counter of both. What differs is looked at again until it agrees or patience ends: an event
    that one of them has heard and the other is about to hear is no difference.
    """
    comparison = Comparison()
    suspects: dict[str, set[str]] = {name: set() for name in _COMPARED}
    for name, differ in _COMPARED.items():
        async for pair in side_by_side(store, name, live, rebuilt):
            if name == CASES.name:
                comparison.cases += 1
            else:
                comparison.figures += 1
            difference = differ(pair)
            if difference is None:
                continue
            if len(suspects[name]) < KEPT_LIMIT:
                suspects[name].add(pair.key)
            else:
                comparison.beyond[difference.kind] += 1
    deadline = time.monotonic() + patience_seconds
    while True:
        found = [
            (name, difference)
            for name, keys in suspects.items()
            async for pair in pairs_of(store, name, live, rebuilt, keys)
            if (difference := _COMPARED[name](pair)) is not None
        ]
        if not found or time.monotonic() >= deadline:
            break
        suspects = {name: {difference.key for of, difference in found if of == name} for name in _COMPARED}
        await asyncio.sleep(LOOK_AGAIN_SECONDS)
    for _, difference in found:
        comparison.add(difference)
    return comparison


async def add_letters(comparison: Comparison, letters: LettersOfRebuild) -> None:
    """Events that died only in the rebuild; those that are dead letters of the live one too make no difference."""
    async for letter in letters.only_here():
        comparison.add(Difference(Kind.DEAD, letter.id, f"{letter.reason}, {letter.event_type or 'no event'}"))
