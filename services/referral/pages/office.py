"""What the district's pages stand on, and who may open them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends

from chassis.clock import Clock
from chassis.identity import Actor, Role
from chassis.signin import signed_in_as
from chassis.store import Store
from services.referral.explanations import Explanations
from services.referral.pages import OFFICE
from services.referral.pages.names import Names
from services.referral.pages.words import word
from services.referral.queries import must_be_in_a_district
from services.referral.reference import Reference
from services.referral.store import StoredHandling, queue_clock


@dataclass(frozen=True)
class Office:
    """One district service's data, clock and words."""

    store: Store
    clock: Clock
    reference: Reference
    explanations: Explanations
    names: Names

    def standing(self, stored: StoredHandling) -> "Standing":
        """How a case stands against its most urgent clock now."""
        now, handling = self.clock.now(), stored.handling
        clock = queue_clock(handling)
        return Standing(
            clock=word(clock.name),
            due_at=clock.due_at,
            now=now,
            zone=self.names.zone(stored.area),
            days_left=self.days_left(stored.area, clock.due_at),
            paused=clock.paused and clock.breached_at is None and not clock.overdue(now),
            ended=handling.ended,
        )

    def days_left(self, area: str, due_at: datetime) -> int:
        """Working days of the district of `area` from tomorrow to that day; 0 when it is due today, or late."""
        now = self.clock.now()
        calendar = self.reference.rules_at(area, now).calendar
        return calendar.elapsed(now, calendar.closing(calendar.local_day(due_at))) if due_at > now else 0


@dataclass(frozen=True)
class Standing:
    """A deadline as a page shows it: by when, how many working days are left, whether the clock stands."""

    clock: str
    """Its text in the catalogue."""
    due_at: datetime
    now: datetime
    zone: str
    days_left: int
    paused: bool
    ended: bool


def in_a_district(*roles: Role) -> Callable[[Actor], Awaitable[Actor]]:
    """A dependency that lets people with these roles pass within a district; Problem 403 for others."""

    async def check(actor: Annotated[Actor, Depends(signed_in_as(*roles))]) -> Actor:
        must_be_in_a_district(actor)
        return actor

    return check


Reading = Annotated[Actor, Depends(in_a_district(*OFFICE))]
Drafting = Annotated[Actor, Depends(in_a_district(Role.BACK_OFFICE))]
Reviewing = Annotated[Actor, Depends(in_a_district(Role.SUPERVISOR))]
Deciding = Annotated[Actor, Depends(in_a_district(Role.MANAGER))]
