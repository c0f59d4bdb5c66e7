"""What is going to be done to the system, in which order: all of it from the seed, so that it can be done again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from random import Random

from tests.faults.rig.disturbance import KILL, Disturbance, Entry
from tests.faults.rig.disturbances import DISTURBANCES
from tests.faults.rig.steps import SERVICES, Step, steps_of

KILLS_BETWEEN = 3
"""Volleys of kills between two other disturbances."""
HITS_FIRST_LIMIT = 2
RANDOM_MOMENT = None
OFTEN = frozenset({"commit", "publish", "acknowledge", "remove", "offsets"})
"""Boundaries crossed many times a second under load: there the first time is as good as any other."""


@dataclass(frozen=True)
class Volley:
    """Entries injected at the same time."""

    entries: tuple[Entry, ...]

    @property
    def first(self) -> int:
        return self.entries[0].number

    @property
    def last(self) -> int:
        return self.entries[-1].number


def volleys(seed: int, only: Sequence[str] = (), *, own_servers: bool = True) -> Iterator[Volley]:
    """Without end. `only`: names of disturbances, all when empty; those that need servers of ours are left out else."""
    chance = Random(seed)  # noqa: S311 - a plan, no secret
    numbers = count(1)
    wanted = [one for one in DISTURBANCES.values() if not only or one.name in only]
    possible = [one for one in wanted if own_servers or not one.needs_own_servers]
    others = _deck(chance, [one for one in possible if one.name != KILL])
    kills = {service: _steps(chance, service) for service in SERVICES}
    killing = any(one.name == KILL for one in possible)
    while True:
        for _ in range(KILLS_BETWEEN if killing else 0):
            yield Volley(tuple(_kill(chance, next(numbers), service, next(kills[service])) for service in SERVICES))
        if len(possible) > killing:
            yield Volley((_entry(chance, next(numbers), next(others)),))


def _deck(chance: Random, kinds: Sequence[Disturbance]) -> Iterator[Disturbance]:
    """Each once before any comes again."""
    while True:
        yield from chance.sample(kinds, len(kinds))


def _steps(chance: Random, service: str) -> Iterator[Step | None]:
    """Every step of a service, and a moment of chance, before any comes again."""
    deck: list[Step | None] = [*steps_of(service), RANDOM_MOMENT]
    while True:
        yield from chance.sample(deck, len(deck))


def _kill(chance: Random, number: int, service: str, step: Step | None) -> Entry:
    often = step is not None and step.boundary in OFTEN
    hits_first = chance.randint(0, HITS_FIRST_LIMIT) if often else 0
    return Entry(number, KILL, service, step, hits_first, chance.getrandbits(32))


def _entry(chance: Random, number: int, kind: Disturbance) -> Entry:
    where = chance.choice(kind.where)
    step = chance.choice(kind.steps(where)) if kind.at_steps else None
    return Entry(number, kind.name, where, step, 0, chance.getrandbits(32))
