"""One model an event. `EVENTS` lists them all; `topics.yaml` says who owns and who reads them."""

from contracts.envelope import EventData
from contracts.events.complaint import (
    CaseClosed,
    CaseRated,
    CaseReopened,
    ComplaintAmended,
    ComplaintAnswered,
    ComplaintCreated,
    ComplaintWithdrawn,
)
from contracts.events.complaint_state import ComplaintState, FamilyProfile
from contracts.events.handling import (
    CaseAssessed,
    CaseDecided,
    CaseEscalated,
    CaseResolved,
    ReferralAnswered,
    ReferralExpired,
    ReferralIssued,
)
from contracts.events.handling_state import (
    ClockState,
    CriterionReason,
    HandlingState,
    NeedDecision,
    NeedOutcome,
    ProgrammeMatch,
    ProposalState,
    ReferralState,
    Resolution,
)
from contracts.events.notification import NotificationDelivered, NotificationFailed
from contracts.events.partner import PartnerAnswerRefused, PartnerReferralAnswered, PartnerReferralIssued

EVENTS: tuple[type[EventData], ...] = (
    ComplaintCreated,
    ComplaintAmended,
    ComplaintAnswered,
    ComplaintWithdrawn,
    CaseReopened,
    CaseClosed,
    CaseRated,
    CaseAssessed,
    CaseDecided,
    CaseEscalated,
    ReferralIssued,
    ReferralAnswered,
    ReferralExpired,
    CaseResolved,
    PartnerReferralIssued,
    PartnerReferralAnswered,
    PartnerAnswerRefused,
    NotificationDelivered,
    NotificationFailed,
)

__all__ = [
    "EVENTS",
    "CaseAssessed",
    "CaseClosed",
    "CaseDecided",
    "CaseEscalated",
    "CaseRated",
    "CaseReopened",
    "CaseResolved",
    "ClockState",
    "ComplaintAmended",
    "ComplaintAnswered",
    "ComplaintCreated",
    "ComplaintState",
    "ComplaintWithdrawn",
    "CriterionReason",
    "EventData",
    "FamilyProfile",
    "HandlingState",
    "NeedDecision",
    "NeedOutcome",
    "NotificationDelivered",
    "NotificationFailed",
    "PartnerAnswerRefused",
    "PartnerReferralAnswered",
    "PartnerReferralIssued",
    "ProgrammeMatch",
    "ProposalState",
    "ReferralAnswered",
    "ReferralExpired",
    "ReferralIssued",
    "ReferralState",
    "Resolution",
]
