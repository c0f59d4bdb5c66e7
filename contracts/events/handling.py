"""Facts of the district about a case and its referrals (owner: referral; subject: the case)."""

from typing import ClassVar

from pydantic import Field

from contracts.envelope import EventData
from contracts.events.handling_state import HandlingState
from contracts.fields import Code, Id, UtcTime
from contracts.vocabulary import (
    AgencyAnswer,
    CaseOutcome,
    EscalationCause,
    ExpiryFollow,
    Outcome,
    RejectionReason,
    Tier,
)


class CaseAssessed(EventData):
    """Programmes were matched, with a reason per criterion."""

    topic: ClassVar[str] = "case.assessed"
    handling: HandlingState


class CaseDecided(EventData):
    """The manager decided which needs go to an agency, which wait for a period, which are refused."""

    topic: ClassVar[str] = "case.decided"
    handling: HandlingState


class CaseEscalated(EventData):
    """Passed up a tier. `clock` names the breached one."""

    topic: ClassVar[str] = "case.escalated"
    cause: EscalationCause
    clock: Code | None = None
    to_tier: Tier
    handling: HandlingState


class ReferralIssued(EventData):
    """An agency was asked. `reroute_of` is the referral that was rejected or expired before."""

    topic: ClassVar[str] = "referral.issued"
    referral_id: Id
    programme: Code
    agency: Code
    due_at: UtcTime
    attempt: int = Field(ge=1)
    reroute_of: Id | None = None
    handling: HandlingState


class ReferralAnswered(EventData):
    """The agency accepted, rejected (with a reason) or completed (with an outcome), and it counts."""

    topic: ClassVar[str] = "referral.answered"
    referral_id: Id
    agency: Code
    answer: AgencyAnswer
    reason: RejectionReason | None = None
    outcome: Outcome | None = None
    handling: HandlingState


class ReferralExpired(EventData):
    """Nobody answered in time; `follow` says what happens to the need."""

    topic: ClassVar[str] = "referral.expired"
    referral_id: Id
    agency: Code
    follow: ExpiryFollow
    handling: HandlingState


class CaseResolved(EventData):
    """Every need has an ending."""

    topic: ClassVar[str] = "case.resolved"
    round: int = Field(ge=0)
    outcome: CaseOutcome
    reopen_until: UtcTime
    handling: HandlingState
