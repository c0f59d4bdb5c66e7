"""What the district says of a case to the rest of the house: its whole public state."""

from datetime import date
from typing import Annotated

from pydantic import Field

from contracts.fields import Closed, Code, Id, PersonalData, PersonalDataClass, ProposalPeriod, UtcTime
from contracts.vocabulary import (
    CaseOutcome,
    CriterionMet,
    DecisionKind,
    HandlingStatus,
    NeedEnding,
    Outcome,
    ProposalStatus,
    ReferralStatus,
    RejectionReason,
    Tier,
    Track,
    Verdict,
)


class ClockState(Closed):
    """A deadline. While paused, `due_at` is where it stood when the pause began."""

    name: Annotated[Code, PersonalData(PersonalDataClass.NOTHING)]  # of the clock
    due_at: UtcTime
    paused: bool = False
    breached: bool = False


class CriterionReason(Closed):
    criterion: Code
    met: CriterionMet
    explanation: Code  # a text in the catalogue of the reader's language


class ProgrammeMatch(Closed):
    """What a family may get, and why, criterion by criterion."""

    programme: Code
    verdict: Verdict
    track: Track
    reasons: tuple[CriterionReason, ...] = ()


class NeedDecision(Closed):
    programme: Code
    decision: DecisionKind
    reason: Code | None = None


class ReferralState(Closed):
    """One agency asked about one need. Re-routing a need makes a new referral with the next `attempt`."""

    referral_id: Id
    programme: Code
    agency: Code
    attempt: int = Field(ge=1)
    status: ReferralStatus
    issued_at: UtcTime
    due_at: UtcTime
    answered_at: UtcTime | None = None
    reason: RejectionReason | None = None  # of a rejection
    outcome: Outcome | None = None  # of a completion


class ProposalState(Closed):
    """A need that waits for a national programme's period. Both days are days of the district's calendar."""

    proposal_id: Id
    programme: Code
    period: ProposalPeriod
    status: ProposalStatus
    cut_off: date
    result_expected: date


class NeedOutcome(Closed):
    programme: Code
    ending: NeedEnding


class Resolution(Closed):
    """How a round of the case ended; the citizen may reopen it until `reopen_until`."""

    round: int = Field(ge=0)
    outcome: CaseOutcome
    needs: tuple[NeedOutcome, ...] = ()
    resolved_at: UtcTime
    reopen_until: UtcTime


class HandlingState(Closed):
    """The handling as referral knows it now; the newest (by `sequence` from referral) replaces the older."""

    status: HandlingStatus
    round: int = Field(default=0, ge=0)
    tier: Tier
    opened_at: UtcTime
    clocks: tuple[ClockState, ...] = ()
    matches: tuple[ProgrammeMatch, ...] = ()
    decisions: tuple[NeedDecision, ...] = ()
    referrals: tuple[ReferralState, ...] = ()
    proposals: tuple[ProposalState, ...] = ()
    resolution: Resolution | None = None
