"""Handlings as the API shows them: an item of the queue, and the whole."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field

from contracts.events import NeedDecision, Resolution
from contracts.vocabulary import (
    ComplaintKind,
    ComplaintStatus,
    HandlingStatus,
    ProposalStatus,
    Sector,
    Tier,
)
from services.referral.api.families import FamilyView
from services.referral.api.histories import HistoryLine, history_of
from services.referral.api.matches import MatchView
from services.referral.api.referral_views import ReferralView
from services.referral.domain.clocks import Clock, ClockName
from services.referral.domain.deciding import NEXT_MOVE, OfficeMove
from services.referral.domain.handling import Recommendation, Return
from services.referral.domain.proposal import Proposal
from services.referral.explanations import Explanations, Language
from services.referral.store import StoredHandling, queue_clock


class HandlingItem(BaseModel):
    """One line of the queue."""

    case_id: str
    case_number: str = Field(description="What the citizen names on the phone", examples=["3203022002-26-000147-8"])
    area: str = Field(description="The family's village", examples=["32.03.02.2002"])
    kind: ComplaintKind
    sector: Sector
    needs: tuple[str, ...] = Field(description="Programmes asked for", examples=[["pkh", "kip"]])
    fast_track: bool
    status: HandlingStatus
    next_move: OfficeMove | None = Field(description="What the office does next; null while agencies have it, or ended")
    tier: Tier = Field(description="Who holds the case now: a breached clock passes it up")
    round: int = Field(description="How often the citizen reopened it")
    due_clock: ClockName = Field(description="The clock that is due first")
    due_at: datetime = Field(description="When (UTC): the end of that working day at the office")
    paused: bool = Field(description="Waiting for the citizen: the clock stands")
    breached: bool = Field(description="A clock of this round was breached")

    @classmethod
    def of(cls, stored: StoredHandling) -> "HandlingItem":
        return cls.model_validate(_item(stored))


class ClockView(BaseModel):
    """One clock. While paused, `due_at` is where it stood when the pause began."""

    name: ClockName
    round: int
    started_at: datetime
    limit: int = Field(description="Working days; 0: the same day")
    due_at: datetime
    paused: bool
    breached_at: datetime | None
    stopped_at: datetime | None

    @classmethod
    def of(cls, clock: Clock) -> "ClockView":
        return cls.model_validate({**dict(clock), "paused": clock.paused})


class RecommendationView(BaseModel):
    """What was drafted, and who has looked at it (the issuer's subjects, never names)."""

    decisions: tuple[NeedDecision, ...]
    drafted_by: str
    drafted_at: datetime
    reviewed_by: str | None
    reviewed_at: datetime | None
    decided_by: str | None
    decided_at: datetime | None

    @classmethod
    def of(cls, recommendation: Recommendation) -> "RecommendationView":
        return cls.model_validate(dict(recommendation))


class ReturnView(BaseModel):
    """A recommendation that was sent back."""

    by: str
    at: datetime
    step: HandlingStatus = Field(description="recommended: by the supervisor; reviewed: by the manager")
    reason: str

    @classmethod
    def of(cls, returned: Return) -> "ReturnView":
        return cls.model_validate(dict(returned))


class ProposalView(BaseModel):
    """A need handed to the period of a national programme."""

    proposal_id: str
    programme: str
    round: int
    period: str = Field(examples=["2026-Q4"])
    status: ProposalStatus
    cut_off: date
    result_expected: date
    dates_verified: bool = Field(description="false: the usual days, not yet announced ones; say so to the citizen")
    drafted_at: datetime

    @classmethod
    def of(cls, proposal: Proposal) -> "ProposalView":
        return cls.model_validate(dict(proposal))


class HandlingView(HandlingItem):
    """The whole of a handling. Send `ETag` back as If-Match with the next move."""

    complaint_status: ComplaintStatus = Field(description="The village's side")
    recorded_at: datetime = Field(description="When the village recorded the case: clocks count from then")
    opened_at: datetime = Field(description="When the district heard of it")
    family: FamilyView | None
    matches: tuple[MatchView, ...] = Field(description="Programmes the family may get, with a reason per criterion")
    recommendation: RecommendationView | None
    returns: tuple[ReturnView, ...]
    decisions: tuple[NeedDecision, ...] = Field(description="Of this round, once the manager has decided")
    referrals: tuple[ReferralView, ...]
    proposals: tuple[ProposalView, ...]
    clocks: tuple[ClockView, ...]
    resolution: Resolution | None
    history: tuple[HistoryLine, ...] = Field(description="Who did what, and what the village said, in order")

    @classmethod
    def whole(cls, stored: StoredHandling, explanations: Explanations, language: Language) -> "HandlingView":
        handling = stored.handling
        return cls.model_validate(
            {
                **_item(stored),
                "complaint_status": handling.complaint.status,
                "recorded_at": handling.complaint.recorded_at,
                "opened_at": handling.opened_at,
                "family": FamilyView.of(handling.complaint.family),
                "matches": tuple(MatchView.of(match, explanations, language) for match in handling.matches),
                "recommendation": handling.recommendation and RecommendationView.of(handling.recommendation),
                "returns": tuple(ReturnView.of(returned) for returned in handling.returns),
                "decisions": handling.decisions,
                "referrals": tuple(ReferralView.of(referral) for referral in handling.referrals),
                "proposals": tuple(ProposalView.of(proposal) for proposal in handling.proposals),
                "clocks": tuple(ClockView.of(clock) for clock in handling.clocks),
                "resolution": handling.resolution,
                "history": history_of(stored),
            }
        )


def _item(stored: StoredHandling) -> dict[str, Any]:
    handling, clock = stored.handling, queue_clock(stored.handling)
    complaint = handling.complaint
    return {
        "case_id": handling.case_id,
        "case_number": complaint.case_number,
        "area": handling.area,
        "kind": complaint.kind,
        "sector": complaint.sector,
        "needs": complaint.needs,
        "fast_track": complaint.fast_track,
        "status": handling.status,
        "next_move": NEXT_MOVE.get(handling.status),
        "tier": handling.tier,
        "round": handling.round,
        "due_clock": clock.name,
        "due_at": clock.due_at,
        "paused": clock.paused,
        "breached": any(one.breached_at is not None for one in handling.clocks_of_round),
    }
