"""Lines of a handling's history, worded in one place."""

from datetime import datetime

from contracts.vocabulary import AgencyAnswer, Outcome, RejectionReason
from services.referral.domain.clocks import ClockName
from services.referral.domain.deciding import Ruling
from services.referral.store import Deed, DeedKind

TIME = "time"
"""Who acts when a deadline passes."""

_ANSWERS = {
    AgencyAnswer.ACCEPTED: DeedKind.REFERRAL_ACCEPTED,
    AgencyAnswer.REJECTED: DeedKind.REFERRAL_REJECTED,
    AgencyAnswer.COMPLETED: DeedKind.REFERRAL_COMPLETED,
}


def recommended(*, by: str, at: datetime) -> Deed:
    return Deed(at=at, what=DeedKind.RECOMMENDED, by=by)


def reviewed(ruling: Ruling, reason: str | None, *, by: str, at: datetime) -> Deed:
    approved = ruling is Ruling.APPROVE
    return Deed(at=at, what=DeedKind.REVIEW_APPROVED if approved else DeedKind.REVIEW_RETURNED, by=by, code=reason)


def decided(ruling: Ruling, reason: str | None, *, by: str, at: datetime) -> Deed:
    approved = ruling is Ruling.APPROVE
    return Deed(at=at, what=DeedKind.DECISION_APPROVED if approved else DeedKind.DECISION_RETURNED, by=by, code=reason)


def answered(
    referral_id: str,
    answer: AgencyAnswer,
    reason: RejectionReason | None,
    outcome: Outcome | None,
    *,
    by: str,
    at: datetime,
) -> Deed:
    code = reason if answer is AgencyAnswer.REJECTED else outcome if answer is AgencyAnswer.COMPLETED else None
    return Deed(at=at, what=_ANSWERS[answer], by=by, about=referral_id, code=code.value if code else None)


def expired(referral_id: str, *, at: datetime) -> Deed:
    return Deed(at=at, what=DeedKind.REFERRAL_EXPIRED, by=TIME, about=referral_id)


def breached(clock: ClockName, *, at: datetime) -> Deed:
    return Deed(at=at, what=DeedKind.CLOCK_BREACHED, by=TIME, about=clock.value)
