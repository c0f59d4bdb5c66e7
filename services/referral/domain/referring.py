"""Referrals to agencies: asked, expired, asked again of the next suitable one.

A need has at most one open referral. Rejected or expired, it goes to the next agency, the nearest first;
when nobody is left the need counts as exhausted, and the case is passed up a tier unless that resolves it.
"""

from collections.abc import Callable
from datetime import datetime

from contracts.events import CaseEscalated, PartnerReferralIssued, ReferralExpired, ReferralIssued
from contracts.vocabulary import EscalationCause, ExpiryFollow, ReferralStatus, Tier
from services.referral.domain.areas import higher, tier_above
from services.referral.domain.deadlines import unanswered_referrals
from services.referral.domain.ending import resolve_when_ended
from services.referral.domain.errors import NotYetDue
from services.referral.domain.handling import Handling
from services.referral.domain.moves import Moved, Telling, told
from services.referral.domain.referral import Referral
from services.referral.domain.rules import DistrictRules

NewId = Callable[[], str]
"""Makes an id (UUIDv7): given by the caller, so that a move is a function of what it is given."""


def refer_need(
    handling: Handling,
    programme: str,
    *,
    rules: DistrictRules,
    now: datetime,
    new_id: NewId,
    reroute_of: Referral | None = None,
) -> tuple[Handling, tuple[Telling, ...]]:
    """Asks the next suitable agency, and passes the case up with it when that is of a higher tier.

    Asks nobody when there is none: `resolve_or_pass_up` follows, when the whole move is known.
    """
    earlier = handling.referrals_for(programme)
    tried = {referral.agency for referral in earlier}
    agency = rules.directory.next_agency(programme, handling.area, tried)
    if agency is None:
        return handling, ()
    climbed: Handling = handling
    tellings: tuple[Telling, ...] = ()
    if higher(agency.tier, handling.tier) is not handling.tier:
        climbed, tellings = _passed_up(handling, agency.tier)
    referral = Referral(
        referral_id=new_id(),
        programme=programme,
        agency=agency.code,
        round=handling.round,
        attempt=1 + sum(1 for referral in handling.referrals if referral.programme == programme),
        status=ReferralStatus.ISSUED,
        issued_at=now,
        due_at=rules.calendar.due_after(now, rules.limits.agency_answer),
        reroute_of=reroute_of.referral_id if reroute_of else None,
    )
    issued = climbed.but(referrals=(*climbed.referrals, referral))
    return issued, (*tellings, *_issuing(referral, issued))


def expire_referral(
    handling: Handling, referral_id: str, *, rules: DistrictRules, now: datetime, new_id: NewId
) -> Moved:
    """Nobody answered in time: the need goes to the next agency or up a tier, and the sender is told.

    Tells ReferralExpired, and what follows. Raises NotYetDue when it was answered, is not due, or while the
    citizen is waited for: a worker that comes late or twice changes nothing.
    """
    referral = next((one for one in unanswered_referrals(handling) if one.referral_id == referral_id), None)
    if referral is None or now <= referral.due_at:
        raise NotYetDue("the referral")
    expired = referral.but(status=ReferralStatus.EXPIRED)
    moved, following = refer_need(
        handling.with_referral(expired),
        referral.programme,
        rules=rules,
        now=now,
        new_id=new_id,
        reroute_of=expired,
    )
    rerouted = len(moved.referrals) > len(handling.referrals)
    moved, ending = resolve_or_pass_up(moved, rules, now, exhausted=not rerouted)
    expiry: tuple[Telling, ...] = (
        lambda state: ReferralExpired(
            referral_id=referral_id,
            agency=referral.agency,
            follow=ExpiryFollow.REROUTED if rerouted else ExpiryFollow.ESCALATED,
            handling=state,
        ),
    )
    return told(moved, expiry + following + ending)


def resolve_or_pass_up(
    handling: Handling, rules: DistrictRules, now: datetime, *, exhausted: bool
) -> tuple[Handling, tuple[Telling, ...]]:
    """The end of a move: resolves the case if nothing is left open, else passes it up if a need was exhausted.

    Never both: a tier above cannot take up what the same move ends, and the citizen would read that the case
    goes on and that it is over. Passed up once, however many needs were exhausted.
    """
    resolved, ending = resolve_when_ended(handling, rules, now)
    if ending or not exhausted:
        return resolved, ending
    return _passed_up(handling, tier_above(handling.tier))


def _passed_up(handling: Handling, to: Tier) -> tuple[Handling, tuple[Telling, ...]]:
    return handling.but(tier=to), (
        lambda state: CaseEscalated(cause=EscalationCause.NO_AGENCY_LEFT, to_tier=to, handling=state),
    )


def _issuing(referral: Referral, handling: Handling) -> tuple[Telling, ...]:
    """The fact for the house, and the agency's own, which says no more than the agency needs."""
    return (
        lambda state: ReferralIssued(
            referral_id=referral.referral_id,
            programme=referral.programme,
            agency=referral.agency,
            due_at=referral.due_at,
            attempt=referral.attempt,
            reroute_of=referral.reroute_of,
            handling=state,
        ),
        lambda _: PartnerReferralIssued(
            referral_id=referral.referral_id,
            agency=referral.agency,
            programme=referral.programme,
            attempt=referral.attempt,
            issued_at=referral.issued_at,
            due_at=referral.due_at,
            family=handling.complaint.family,
        ),
    )
