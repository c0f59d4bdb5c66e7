"""What breaches its deadline today and this week: cases by village, unanswered referrals by agency."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta, timezone
from enum import StrEnum

from chassis.area import Scope
from chassis.identity import Actor
from chassis.store import Condition, Order, Page, Store, before, differs, equals
from contracts.vocabulary import ComplaintStatus, ReferralStatus
from services.referral.queries import READERS
from services.referral.queues import in_hand
from services.referral.store import HANDLINGS, REFERRALS, StoredHandling, StoredReferral

WEEK = timedelta(days=7)
LISTED = 50


class Span(StrEnum):
    """When a deadline falls: each is in one."""

    OVERDUE = "overdue"
    TODAY = "today"
    WEEK = "week"
    """After today, within seven days."""


@dataclass(frozen=True)
class Horizon:
    """The moments between the spans, by the days of the district."""

    now: datetime
    day_ends: datetime
    week_ends: datetime

    @classmethod
    def at(cls, now: datetime, zone: timezone) -> "Horizon":
        tomorrow = datetime.combine(now.astimezone(zone).date() + timedelta(days=1), time.min, zone)
        return cls(now, tomorrow, tomorrow + WEEK)

    def span(self, span: Span, field: str) -> tuple[Condition, ...]:
        since, until = {
            Span.OVERDUE: (None, self.now),
            Span.TODAY: (self.now, self.day_ends),
            Span.WEEK: (self.day_ends, self.week_ends),
        }[span]
        ends = before(field, until)
        return (ends,) if since is None else (Condition(field, "$gte", since), ends)


@dataclass(frozen=True)
class Line:
    """How many deadlines of one village or agency fall into each span."""

    code: str
    overdue: int
    today: int
    week: int


@dataclass(frozen=True)
class Breaches:
    """All that is late or will be within the week, the most urgent first. Referrals only for those who see them."""

    villages: tuple[Line, ...]
    agencies: tuple[Line, ...]
    cases: Page[StoredHandling]
    referrals: Page[StoredReferral] | None


async def breaches(store: Store, scope: Scope, actor: Actor, horizon: Horizon, *, cursor: str | None) -> Breaches:
    """Cases waiting for the citizen are left out: their clock stands. `cursor` pages the cases."""
    cases = store.reading(scope, HANDLINGS)
    running = (in_hand(actor), differs("handling.complaint.status", ComplaintStatus.WAITING_FOR_CITIZEN))
    referrals = store.reading(scope, REFERRALS)
    unanswered = (equals("status", ReferralStatus.ISSUED), equals("open", True))
    sees_referrals = actor.has(*READERS)

    async def by_village(span: Span) -> Mapping[str, int]:
        return await cases.tally("area", *running, *horizon.span(span, "due_at"))

    async def by_agency(span: Span) -> Mapping[str, int]:
        if not sees_referrals:
            return {}
        return await referrals.tally("agency", *unanswered, *horizon.span(span, "referral.due_at"))

    villages = await asyncio.gather(*(by_village(span) for span in Span))
    agencies = await asyncio.gather(*(by_agency(span) for span in Span))
    due = await cases.page(
        *running, before("due_at", horizon.week_ends), order=Order("due_at"), cursor=cursor, limit=LISTED
    )
    asked = None
    if sees_referrals:
        soon = before("referral.due_at", horizon.week_ends)
        asked = await referrals.page(*unanswered, soon, order=Order("referral.due_at"), limit=LISTED)
    return Breaches(_lines(*villages), _lines(*agencies), due, asked)


def _lines(overdue: Mapping[str, int], today: Mapping[str, int], week: Mapping[str, int]) -> tuple[Line, ...]:
    """One line a code, those with most overdue first."""
    codes = {*overdue, *today, *week}
    lines = (Line(code, overdue.get(code, 0), today.get(code, 0), week.get(code, 0)) for code in codes)
    return tuple(sorted(lines, key=lambda line: (-line.overdue, -line.today, -line.week, line.code)))
