"""The words that every part of the system shares.

Two sorts, and the difference is a promise to readers:

* An *enumeration* is closed. Readers branch on it, so a new value is an incompatible change (a new major).
* A *code* (`Code`) is open. What offices keep lists of - programmes, agencies, criteria, clocks, templates -
  grows without a release; a reader must show or count a code it has never seen, and never refuse it.
"""

from contracts.vocabulary.complaint import (
    Amendment,
    ClosedBy,
    ComplaintKind,
    ComplaintStatus,
    IntakeChannel,
    Sector,
    SubjectKind,
    WithdrawalReason,
)
from contracts.vocabulary.family import (
    Circumstance,
    Component,
    ExclusionFlag,
    MembersBand,
)
from contracts.vocabulary.handling import (
    CaseOutcome,
    CriterionMet,
    DecisionKind,
    EscalationCause,
    HandlingStatus,
    NeedEnding,
    ProposalStatus,
    Tier,
    Track,
    Verdict,
)
from contracts.vocabulary.notification import (
    DeliveryFailure,
    MessageChannel,
)
from contracts.vocabulary.referral import (
    AgencyAnswer,
    AnswerRefusal,
    ExpiryFollow,
    Outcome,
    ReferralStatus,
    RejectionReason,
)

__all__ = [
    "AgencyAnswer",
    "Amendment",
    "AnswerRefusal",
    "CaseOutcome",
    "Circumstance",
    "ClosedBy",
    "ComplaintKind",
    "ComplaintStatus",
    "Component",
    "CriterionMet",
    "DecisionKind",
    "DeliveryFailure",
    "EscalationCause",
    "ExclusionFlag",
    "ExpiryFollow",
    "HandlingStatus",
    "IntakeChannel",
    "MembersBand",
    "MessageChannel",
    "NeedEnding",
    "Outcome",
    "ProposalStatus",
    "ReferralStatus",
    "RejectionReason",
    "Sector",
    "SubjectKind",
    "Tier",
    "Track",
    "Verdict",
    "WithdrawalReason",
]
