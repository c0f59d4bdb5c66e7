"""What a disturbance is: it does its harm, undoes what has to be undone, and says since when the system may recover.

That is, for a killed process, its death; for a server, that it serves again; for a line, that it is whole again.
"""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from random import Random

from tests.faults.rig.steps import SERVICES, Step, steps_of
from tests.faults.rig.system import FaultSystem

KILL = "kill"


@dataclass(frozen=True)
class Entry:
    """One planned disturbance. `where`: a service or a server; `step` None: at a moment of chance, or of no step."""

    number: int
    name: str
    where: str
    step: Step | None = None
    hits_first: int = 0
    seed: int = 0

    def chance(self) -> Random:
        """Its own, so that what one does changes no other."""
        return Random(self.seed)  # noqa: S311 - a plan, no secret


@dataclass(frozen=True)
class Harm:
    """What became of an entry: whether it was done at all (a step may not be reached), how many processes and servers
    were killed, since when (monotonic) the system may recover."""

    done: bool
    kills: int
    over_at: float

    @staticmethod
    def now(kills: int = 0) -> "Harm":
        return Harm(True, kills, time.monotonic())


NOT_REACHED = Harm(False, 0, 0.0)


@dataclass(frozen=True)
class Disturbance:
    """One kind. `at_steps`: done when a service reaches a step, one `among` those."""

    name: str
    says: str
    do: Callable[[FaultSystem, Entry], Awaitable[Harm]]
    where: tuple[str, ...] = SERVICES
    at_steps: bool = False
    among: tuple[Step, ...] = tuple(Step)
    needs_own_servers: bool = False

    def steps(self, service: str) -> tuple[Step, ...]:
        """Where it may be done to this service."""
        return tuple(step for step in steps_of(service) if step in self.among)
