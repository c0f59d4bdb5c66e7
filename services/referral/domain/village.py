"""What the village said about a case, in its own order, whatever order it was heard in.

Facts come by several topics, so a later one may be heard first. What depends on their order (how long the
citizen was waited for, when a round began) is therefore computed from all of them, never from the last one.
"""

from datetime import datetime
from typing import Self

from pydantic import Field

from contracts.events import ComplaintState
from contracts.fields import EventType, UtcTime
from services.referral.domain.clocks import Pause
from services.referral.domain.value import Value


class VillageFact(Value):
    """One fact of the village, by its place in the village's own order, and what it meant for time."""

    sequence: int = Field(ge=1)
    type: EventType
    at: UtcTime
    """When it happened there, not when it was heard here."""
    round: int = Field(ge=0)
    waiting_since: UtcTime | None = None

    @classmethod
    def of(cls, complaint: ComplaintState, *, sequence: int, type: str, at: datetime) -> Self:  # noqa: A002
        return cls(sequence=sequence, type=type, at=at, round=complaint.round, waiting_since=complaint.waiting_since)


VillageFacts = tuple[VillageFact, ...]
"""In the village's order, each once."""


def with_fact(facts: VillageFacts, fact: VillageFact) -> VillageFacts:
    others = (other for other in facts if other.sequence != fact.sequence)
    return tuple(sorted((*others, fact), key=lambda one: one.sequence))


def latest_sequence(facts: VillageFacts) -> int:
    return facts[-1].sequence if facts else 0


def pauses_of(facts: VillageFacts) -> tuple[Pause, ...]:
    """The times in which the citizen was waited for; the last may still last.

    A fact not heard yet may leave two of them looking like one, until it is heard.
    """
    pauses: list[Pause] = []
    since: datetime | None = None
    for fact in facts:
        if fact.waiting_since is not None and since is None:
            earliest = pauses[-1].until if pauses else None
            since = max(fact.waiting_since, earliest) if earliest else fact.waiting_since
        elif fact.waiting_since is None and since is not None:
            pauses.append(Pause(since=since, until=max(fact.at, since)))
            since = None
    return tuple(pauses) if since is None else (*pauses, Pause(since=since))


def round_began(facts: VillageFacts, round: int) -> datetime | None:  # noqa: A002
    """The earliest moment known of a round; None when nothing of it was heard."""
    return min((fact.at for fact in facts if fact.round == round), default=None)
