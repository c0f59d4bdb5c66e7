"""Which facts a citizen must be told of, and by which message: domain.md's "the citizen is told", said by the audit.

A table of facts, and the exceptions: what changes nothing for the citizen, and the first referral of a need, which the
message about the decision names already.
"""

from contracts import EventData
from contracts.events import (
    CaseClosed,
    CaseDecided,
    CaseEscalated,
    CaseReopened,
    CaseResolved,
    ComplaintAmended,
    ComplaintAnswered,
    ComplaintCreated,
    ComplaintWithdrawn,
    ReferralAnswered,
    ReferralExpired,
    ReferralIssued,
)
from contracts.vocabulary import Amendment, EscalationCause

ALWAYS: dict[type[EventData], str] = {
    ComplaintCreated: "complaint_received",
    ComplaintAnswered: "complaint_answered",
    ComplaintWithdrawn: "complaint_withdrawn",
    CaseReopened: "case_reopened",
    CaseClosed: "case_closed",
    CaseDecided: "case_decided",
    CaseResolved: "case_resolved",
    ReferralExpired: "referral_expired",
}
ENDINGS = frozenset({"complaint_answered", "complaint_withdrawn", "case_resolved", "case_closed"})
"""After them the citizen knows how the round ended."""


def message_about(fact: EventData) -> str | None:
    """The template of the message that this fact asks for; None when it asks for none."""
    if isinstance(fact, ComplaintAmended):
        return "complaint_waiting" if fact.change is Amendment.WAITING_FOR_CITIZEN else None
    if isinstance(fact, CaseEscalated):
        return "case_late" if fact.cause is EscalationCause.BREACHED_CLOCK else "case_passed_up"
    if isinstance(fact, ReferralIssued):
        return None if fact.reroute_of is None else "referral_passed_on"
    if isinstance(fact, ReferralAnswered):
        return f"referral_{fact.answer.value}"
    return ALWAYS.get(type(fact))
