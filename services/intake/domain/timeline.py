"""The timeline of a case as the village sees it: its own deeds and the facts heard, in the order they happened."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from contracts.fields import Code, Id, UtcTime
from services.intake.domain.value import Value

Happening = Annotated[str, StringConstraints(pattern=r"^[a-z]+([.][a-z]+)+$")]
"""The topic of the fact (case.decided); a deed that is told to nobody outside has a name of the same shape."""


CITIZEN = "citizen"
"""The actor of what a citizen did on their own page."""


class Teller(StrEnum):
    """Who says it."""

    VILLAGE = "village"
    DISTRICT = "district"
    MESSENGER = "messenger"


class Details(Value):
    """What happened, in codes. Only what the fact names is set."""

    programme: Code | None = None
    agency: Code | None = None
    attempt: int | None = None
    change: Code | None = None
    answer: Code | None = None
    reason: Code | None = None
    outcome: Code | None = None
    follow: Code | None = None
    cause: Code | None = None
    clock: Code | None = None
    tier: Code | None = None
    round: int | None = None
    rating: int | None = None
    template: Code | None = None
    channel: Code | None = None
    until: UtcTime | None = None
    """When it is due, or until when the citizen may reopen."""


class TimelineEntry(Value):
    """One happening. `about` and `order` (per teller) put those of one moment in order."""

    at: UtcTime
    teller: Teller
    what: Happening
    about: Id
    order: int = Field(ge=0)
    actor: str | None = None
    """Who did it in the village: the issuer's subject, no name; or CITIZEN."""
    details: Details = Details()


def with_entries(timeline: tuple[TimelineEntry, ...], *entries: TimelineEntry) -> tuple[TimelineEntry, ...]:
    """The timeline with the entries at their places, whatever the order they were heard in."""
    return tuple(sorted((*timeline, *entries), key=lambda e: (e.at, e.teller, e.about, e.order, e.what)))
