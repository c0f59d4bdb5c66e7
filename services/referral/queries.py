"""What the API reads, and who may see what of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from chassis.http.problems import Problem
from chassis.identity import Actor, Role
from chassis.store import Condition, NotFound, Order, Page, Reader, equals, one_of
from contracts.vocabulary import HandlingStatus, ReferralStatus, Tier
from services.referral.domain.areas import tier_of
from services.referral.store import HANDLINGS, REFERRALS, StoredHandling, StoredReferral

READERS = (Role.BACK_OFFICE, Role.VERIFIER, Role.MANAGER, Role.AUDITOR)
"""Who sees every handling of their area; a supervisor sees only what waits for a review."""
QUEUES = {
    Role.BACK_OFFICE: (HandlingStatus.ASSESSED,),
    Role.SUPERVISOR: (HandlingStatus.RECOMMENDED,),
    Role.MANAGER: (HandlingStatus.REVIEWED,),
}
"""What waits for a role: shown when no status is asked for."""
ABOVE_DISTRICT = (Tier.MINISTRY, Tier.PROVINCE)
PASSED_ON = (HandlingStatus.RECOMMENDED,)


def visible_statuses(actor: Actor) -> tuple[HandlingStatus, ...]:
    """The states in which this actor sees a handling of their area."""
    return tuple(HandlingStatus) if actor.has(*READERS) else PASSED_ON


def queue_of(actor: Actor) -> tuple[HandlingStatus, ...]:
    """The states that wait for this actor; for somebody nothing waits for, every state they may see."""
    waiting = [status for role, statuses in QUEUES.items() if actor.has(role) for status in statuses]
    return tuple(waiting) or visible_statuses(actor)


async def handling_page(
    reader: Reader[StoredHandling],
    actor: Actor,
    statuses: Sequence[HandlingStatus],
    tier: Tier | None,
    *,
    cursor: str | None,
    limit: int,
) -> Page[StoredHandling]:
    """Handlings by urgency, the one due first first."""
    wanted = statuses or queue_of(actor)
    visible = [status for status in wanted if status in visible_statuses(actor)]
    conditions: list[Condition] = [one_of("handling.status", visible)]
    if tier is not None:
        conditions.append(equals("handling.tier", tier.value))
    return await reader.page(*conditions, order=Order("due_at"), cursor=cursor, limit=limit)


async def visible_handling(reader: Reader[StoredHandling], actor: Actor, case_id: str) -> StoredHandling:
    """Raises NotFound also for one that this actor does not see."""
    stored = await reader.get(case_id)
    if stored.handling.status not in visible_statuses(actor):
        raise NotFound(HANDLINGS.name, case_id)
    return stored


def agency_of(actor: Actor) -> str:
    """The agency an actor answers for. Raises Problem for one whose token names none."""
    if actor.agency is None:
        raise Problem(403, "agency-needed", "Your account names no agency. Ask your office to set it.")
    return actor.agency


def must_be_in_a_district(actor: Actor) -> None:
    """Raises Problem for somebody of a province or the country.

    Single cases are the district's. Above it reporting shows what may be seen there, and keeps small numbers
    back; here anybody could count them.
    """
    if actor.scope is not None and tier_of(actor.scope.area) in ABOVE_DISTRICT:
        raise Problem(
            403,
            "above-the-district",
            "Single cases are seen in their district. Use reporting: it shows figures and timelines above it.",
        )


def referrals_seen_by(actor: Actor) -> str | None:
    """The agency whose referrals alone this actor sees; None for the district's own people, who see all.

    An agency may work above a district and sees its own all the same. Raises Problem for others above one.
    """
    if not actor.has(*READERS):
        return agency_of(actor)
    must_be_in_a_district(actor)
    return None


@dataclass(frozen=True)
class ReferralFilters:
    """What of the referrals is asked for; None: all."""

    agency: str | None = None
    status: ReferralStatus | None = None
    open: bool | None = None


async def referral_page(
    reader: Reader[StoredReferral],
    actor: Actor,
    filters: ReferralFilters,
    *,
    cursor: str | None,
    limit: int,
) -> Page[StoredReferral]:
    """Referrals in the order they were issued, the longest waiting first."""
    seen = referrals_seen_by(actor)
    conditions = [equals("agency", agency) for agency in (seen, filters.agency) if agency is not None]
    if filters.status is not None:
        conditions.append(equals("status", filters.status.value))
    if filters.open is not None:
        conditions.append(equals("open", filters.open))
    return await reader.page(*conditions, order=Order("issued_at"), cursor=cursor, limit=limit)


class Shelf(StrEnum):
    """Where a referral lies on its agency's desk; each lies on exactly one."""

    TO_ANSWER = "to_answer"
    IN_PROGRESS = "in_progress"
    """Accepted: its outcome is still to be reported."""
    OVER = "over"
    """Rejected, completed, expired, or its case has ended: an answer would not count any more."""


_ON_SHELF = {
    Shelf.TO_ANSWER: ((equals("open", True), equals("status", ReferralStatus.ISSUED)), Order("referral.due_at")),
    Shelf.IN_PROGRESS: ((equals("open", True), equals("status", ReferralStatus.ACCEPTED)), Order("referral.due_at")),
    Shelf.OVER: ((equals("open", False),), Order("issued_at", -1)),
}


async def shelf_page(
    reader: Reader[StoredReferral], agency: str, shelf: Shelf, *, cursor: str | None, limit: int
) -> Page[StoredReferral]:
    """An agency's referrals of one shelf: what is due first first, of those that are over the newest first."""
    conditions, order = _ON_SHELF[shelf]
    return await reader.page(equals("agency", agency), *conditions, order=order, cursor=cursor, limit=limit)


async def shelf_counts(reader: Reader[StoredReferral], agency: str) -> Mapping[Shelf, int]:
    """How many referrals lie on the agency's open shelves; those that are over grow for ever and are not counted."""
    shelves = (Shelf.TO_ANSWER, Shelf.IN_PROGRESS)
    counts = [await reader.count(equals("agency", agency), *_ON_SHELF[shelf][0]) for shelf in shelves]
    return dict(zip(shelves, counts, strict=True))


async def visible_referral(reader: Reader[StoredReferral], agency: str | None, referral_id: str) -> StoredReferral:
    """One referral; raises NotFound also for one of another agency. `agency` None: of any."""
    stored = await reader.get(referral_id)
    if agency is not None and stored.agency != agency:
        raise NotFound(REFERRALS.name, referral_id)
    return stored
