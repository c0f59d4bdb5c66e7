"""An invented message of every kind, for looking at what citizens read."""

from datetime import UTC, date, datetime

from contracts.vocabulary import (
    CaseOutcome,
    ClosedBy,
    ComplaintKind,
    NeedEnding,
    Outcome,
    RejectionReason,
    Tier,
    WithdrawalReason,
)
from services.notification.domain import message as told
from services.notification.domain.message import Message

ADDRESSEE, CASE_NUMBER, AREA = "Ibu Contoh", "3203022002-26-000147-8", "32.03.02.2002"
_UNTIL = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)

SAMPLES: tuple[Message, ...] = (
    told.ComplaintReceived(kind=ComplaintKind.GRIEVANCE, fast_track=False),
    told.ComplaintWaiting(),
    told.ComplaintAnswered(),
    told.ComplaintWithdrawn(reason=WithdrawalReason.TAKEN_BACK),
    told.CaseDecided(
        referred=(told.ReferredNeed(programme="pbi_jk", agency="cianjur-health", answer_by=_UNTIL),),
        proposed=(told.ProposedNeed(programme="pkh", cut_off=date(2026, 12, 17), result_expected=date(2027, 1, 8)),),
        refused=(told.RefusedNeed(programme="sembako", reason="already_receiving"),),
    ),
    told.ReferralPassedOn(programme="pbi_jk", agency="cianjur-health-bpjs", answer_by=_UNTIL),
    told.ReferralAccepted(programme="pbi_jk", agency="cianjur-health"),
    told.ReferralRejected(
        programme="pbi_jk", agency="cianjur-health", reason=RejectionReason.NO_CAPACITY, passed_on=True
    ),
    told.ReferralCompleted(programme="pbi_jk", agency="cianjur-health", outcome=Outcome.ENROLLED),
    told.ReferralExpired(programme="pbi_jk", agency="cianjur-health", passed_on=True),
    told.CaseLate(to_tier=Tier.PROVINCE),
    told.CasePassedUp(to_tier=Tier.DISTRICT),
    told.CaseResolved(
        outcome=CaseOutcome.PARTLY_GIVEN,
        needs=(
            told.EndedNeed(programme="pbi_jk", ending=NeedEnding.ENROLLED),
            told.EndedNeed(programme="pkh", ending=NeedEnding.PROPOSED),
        ),
        reopen_until=_UNTIL,
    ),
    told.CaseReopened(),
    told.CaseClosed(by=ClosedBy.CONFIRMATION),
)
"""One of each, in the order in which a case comes to them."""
