"""All that a law may look at, and what it finds."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from audit.facts import Facts
from audit.holdings import Holdings
from audit.told import Told


@dataclass(frozen=True)
class Evidence:
    """One look at a system. `told` is None when nobody kept a list."""

    facts: Facts
    holdings: Holdings
    told: tuple[Told, ...] | None = None


class Standing(StrEnum):
    HOLDS = "holds"
    BROKEN = "BROKEN"
    NOT_JUDGED = "not judged"


@dataclass
class Findings:
    """What was counted, every breach in a sentence with ids only, and what a reader should know besides."""

    counted: Counter[str] = field(default_factory=Counter)
    breaches: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    judged: bool = True

    def count(self, what: str, number: int = 1) -> None:
        self.counted[what] += number

    def breach(self, what: str) -> None:
        self.breaches.append(what)

    @property
    def standing(self) -> Standing:
        if self.breaches:
            return Standing.BROKEN
        return Standing.HOLDS if self.judged else Standing.NOT_JUDGED


@dataclass(frozen=True)
class Law:
    """A promise in one sentence, and how it is judged."""

    name: str
    statement: str
    judge: Callable[[Evidence, Findings], None]


@dataclass(frozen=True)
class Verdict:
    law: Law
    findings: Findings


def judge(evidence: Evidence, laws: tuple[Law, ...]) -> tuple[Verdict, ...]:
    """Every law over the same evidence."""
    verdicts = []
    for law in laws:
        findings = Findings()
        law.judge(evidence, findings)
        verdicts.append(Verdict(law, findings))
    return tuple(verdicts)
