"""What an agency answers to a referral, and when its answer counts."""

from datetime import datetime

from contracts.events import ReferralAnswered
from contracts.vocabulary import (
    AgencyAnswer,
    AnswerRefusal,
    HandlingStatus,
    Outcome,
    ReferralStatus,
    RejectionReason,
)
from services.referral.domain.errors import AnswerRefused
from services.referral.domain.handling import Handling
from services.referral.domain.moves import Moved, Telling, told
from services.referral.domain.referral import Referral
from services.referral.domain.referring import NewId, refer_need, resolve_or_pass_up
from services.referral.domain.rules import DistrictRules


def answer_referral(
    handling: Handling,
    agency: str,
    referral_id: str,
    answer: AgencyAnswer,
    *,
    rules: DistrictRules,
    now: datetime,
    new_id: NewId,
    reason: RejectionReason | None = None,
    outcome: Outcome | None = None,
) -> Moved:
    """The one way in which an agency's answer counts, whichever door it came through.

    issued -> accepted | rejected (with a reason); accepted -> completed (with an outcome). Completing comes
    after accepting: otherwise nobody could say who had taken the case and when. A late answer counts as
    long as the referral has not been expired, because the family is better served by it than by another
    agency. Tells ReferralAnswered, and what follows. Raises AnswerRefused with the reason to tell the
    agency.
    """
    referral = _answerable(handling, agency, referral_id, answer, reason=reason, outcome=outcome)
    if answer is AgencyAnswer.ACCEPTED:
        answered = referral.but(status=ReferralStatus.ACCEPTED, answered_at=now)
    elif answer is AgencyAnswer.REJECTED:
        answered = referral.but(status=ReferralStatus.REJECTED, answered_at=now, reason=reason)
    else:
        answered = referral.but(status=ReferralStatus.COMPLETED, completed_at=now, outcome=outcome)
    moved = handling.with_referral(answered)
    tellings: tuple[Telling, ...] = (
        lambda state: ReferralAnswered(
            referral_id=referral_id,
            agency=agency,
            answer=answer,
            reason=answered.reason,
            outcome=answered.outcome,
            handling=state,
        ),
    )
    exhausted = False
    if answer is AgencyAnswer.REJECTED:
        moved, more = refer_need(moved, referral.programme, rules=rules, now=now, new_id=new_id, reroute_of=answered)
        tellings += more
        exhausted = not more
    moved, ending = resolve_or_pass_up(moved, rules, now, exhausted=exhausted)
    return told(moved, tellings + ending)


def _answerable(
    handling: Handling,
    agency: str,
    referral_id: str,
    answer: AgencyAnswer,
    *,
    reason: RejectionReason | None,
    outcome: Outcome | None,
) -> Referral:
    referral = handling.referral(referral_id)
    if referral is None:
        raise AnswerRefused(AnswerRefusal.UNKNOWN_REFERRAL)
    if referral.agency != agency:
        raise AnswerRefused(AnswerRefusal.OTHER_AGENCY)
    if referral.status is ReferralStatus.EXPIRED:
        raise AnswerRefused(AnswerRefusal.EXPIRED)
    if not referral.open:
        raise AnswerRefused(AnswerRefusal.ALREADY_ANSWERED)
    if handling.ended or handling.status is not HandlingStatus.DECIDED:
        raise AnswerRefused(AnswerRefusal.CASE_ENDED)
    completing = answer is AgencyAnswer.COMPLETED
    if completing and referral.status is ReferralStatus.ISSUED:
        raise AnswerRefused(AnswerRefusal.NOT_ACCEPTED_YET)
    if not completing and referral.status is ReferralStatus.ACCEPTED:
        raise AnswerRefused(AnswerRefusal.ALREADY_ANSWERED)
    if answer is AgencyAnswer.REJECTED and reason is None:
        raise AnswerRefused(AnswerRefusal.REASON_MISSING)
    if completing and outcome is None:
        raise AnswerRefused(AnswerRefusal.OUTCOME_MISSING)
    return referral
