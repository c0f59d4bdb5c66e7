"""What a move of a handling entails beside the document: facts to tell, deadlines to watch, copies for lists.

The same for every door a move comes through: a person's command, an agency's answer, an event, a deadline.
"""

from dataclasses import dataclass
from datetime import timedelta

from chassis.outbox.outgoing import Outgoing
from chassis.store import Copy, Work
from contracts.events import EventData, PartnerReferralIssued
from services.referral.domain.deadlines import pending_clocks, unanswered_referrals
from services.referral.domain.handling import Handling
from services.referral.domain.moves import Moved
from services.referral.store import REFERRALS, StoredReferral

AGENCY_ANSWER = "agency-answer"
CLOCK = "clock"
AFTER_DEADLINE = timedelta(milliseconds=1)
"""A deadline has passed only after its moment: a worker that came at it would find nothing to do."""


@dataclass(frozen=True)
class Consequences:
    """What has to be written with the moved document."""

    events: tuple[Outgoing, ...]
    work: tuple[Work, ...]
    undo_work: tuple[tuple[str, str], ...]
    copies: tuple[Copy, ...]


def consequences(before: Handling | None, moved: Moved) -> Consequences:
    """What follows from a move; only differences, so that a row somebody works on is not touched for nothing."""
    after = moved.handling
    watched = {} if before is None else {work.row_id: work for work in deadlines_of(before)}
    wanted = {work.row_id: work for work in deadlines_of(after)}
    copied = {} if before is None else {copy.id: copy for copy in copies_of(before)}
    return Consequences(
        events=tuple(_outgoing(fact) for fact in moved.facts),
        work=tuple(work for key, work in wanted.items() if watched.get(key) != work),
        undo_work=tuple((work.kind, work.key) for key, work in watched.items() if key not in wanted),
        copies=tuple(Copy(REFERRALS, copy) for copy in copies_of(after) if copied.get(copy.id) != copy),
    )


def deadlines_of(handling: Handling) -> tuple[Work, ...]:
    """A row for every deadline that passes if nothing happens."""
    clocks = (
        Work(
            kind=CLOCK,
            key=f"{handling.case_id}:{clock.name.value}:{clock.round}",
            area=handling.area,
            due_at=clock.due_at + AFTER_DEADLINE,
            subject=handling.case_id,
            detail=clock.name.value,
        )
        for clock in pending_clocks(handling)
    )
    answers = (
        Work(
            kind=AGENCY_ANSWER,
            key=referral.referral_id,
            area=handling.area,
            due_at=referral.due_at + AFTER_DEADLINE,
            subject=handling.case_id,
        )
        for referral in unanswered_referrals(handling)
    )
    return (*clocks, *answers)


def copies_of(handling: Handling) -> tuple[StoredReferral, ...]:
    open_ids = {referral.referral_id for referral in handling.open_referrals}
    return tuple(
        StoredReferral(
            id=referral.referral_id,
            area=handling.area,
            case_id=handling.case_id,
            case_number=handling.complaint.case_number,
            agency=referral.agency,
            status=referral.status,
            issued_at=referral.issued_at,
            open=referral.referral_id in open_ids,
            referral=referral,
            family=handling.complaint.family,
        )
        for referral in handling.referrals
    )


def _outgoing(fact: EventData) -> Outgoing:
    if isinstance(fact, PartnerReferralIssued):
        return Outgoing(fact, subject=fact.referral_id, agency=fact.agency)
    return Outgoing(fact)
