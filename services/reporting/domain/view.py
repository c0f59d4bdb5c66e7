"""What is known of a case: one pure function of the latest states heard from the village and from the district."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from contracts.events import ComplaintState, HandlingState, Resolution
from contracts.vocabulary import (
    ClosedBy,
    ComplaintKind,
    DecisionKind,
    NeedEnding,
    Outcome,
    ReferralStatus,
    Sector,
    Tier,
    Verdict,
)
from services.reporting.domain.days import local_day, whole_days
from services.reporting.domain.standing import Standing, ended_at, resolution_in_force, standing_of

NONE_YET = "none_yet"
ABOVE_DISTRICT = (Tier.PROVINCE, Tier.MINISTRY)
_UNANSWERED = (ReferralStatus.ISSUED, ReferralStatus.ACCEPTED)


class EscalatedTo(StrEnum):
    """The tier above the district that has the case in hand, or had it in hand when it ended."""

    PROVINCE = "province"
    MINISTRY = "ministry"


@dataclass(frozen=True)
class NeedView:
    """One programme in one case: asked for, matched or decided."""

    programme: str
    asked: bool = False
    verdict: Verdict | None = None
    decision: DecisionKind | None = None
    referrals: Mapping[ReferralStatus, int] = field(default_factory=dict)
    ending: str = NONE_YET
    """A `NeedEnding`, or `none_yet`."""

    @property
    def unanswered(self) -> int:
        """Referrals that no agency has rejected, let expire or completed."""
        return sum(self.referrals.get(status, 0) for status in _UNANSWERED)


@dataclass(frozen=True)
class CaseView:
    """A case as every reader is shown it. `kind`, `sector` and `recorded_on` are None until the village was heard."""

    standing: Standing
    kind: ComplaintKind | None
    sector: Sector | None
    recorded_on: date | None
    """The day of recording where it was recorded (WIB, WITA or WIT)."""
    round: int
    fast_track: bool
    escalated_to: EscalatedTo | None
    late: bool
    """Some clock of the present round was breached. Reopening begins a round, and with it new clocks."""
    outcome: str
    """A `CaseOutcome`, a way of ending in the village, or `none_yet`."""
    days: int | None
    """Whole days from recording to the answer, once there is one."""
    needs: tuple[NeedView, ...]

    @property
    def overdue(self) -> bool:
        """Late, and still in hand."""
        return self.late and self.standing.in_hand

    @property
    def ended_late(self) -> bool:
        """Late, and ended since."""
        return self.late and not self.standing.in_hand


def view(
    complaint: ComplaintState | None,
    handling: HandlingState | None,
    area: str,
    closings: Mapping[int, ClosedBy] | None = None,
) -> CaseView:
    """What is known of a case. `closings` says how each round was closed, which no state repeats."""
    standing = standing_of(complaint, handling, closings or {})
    resolution = resolution_in_force(complaint, handling)
    ended = ended_at(standing, complaint, resolution)
    tier = handling.tier if handling else None
    begun = max(complaint.round if complaint else 0, handling.round if handling else 0)
    return CaseView(
        standing=standing,
        kind=complaint.kind if complaint else None,
        sector=complaint.sector if complaint else None,
        recorded_on=local_day(complaint.recorded_at, area) if complaint else None,
        round=begun,
        fast_track=complaint is not None and complaint.fast_track,
        escalated_to=EscalatedTo(tier.value) if tier in ABOVE_DISTRICT else None,
        late=handling is not None and handling.round == begun and any(clock.breached for clock in handling.clocks),
        outcome=_outcome(standing, resolution),
        days=whole_days(complaint.recorded_at, ended) if complaint and ended else None,
        needs=_needs(complaint, handling, resolution),
    )


def _outcome(standing: Standing, resolution: Resolution | None) -> str:
    if standing in (Standing.ANSWERED_AT_DESK, Standing.WITHDRAWN):
        return standing.value
    return resolution.outcome.value if resolution else NONE_YET


def _needs(
    complaint: ComplaintState | None, handling: HandlingState | None, resolution: Resolution | None
) -> tuple[NeedView, ...]:
    asked = set(complaint.needs) if complaint else set()
    verdicts = {match.programme: match.verdict for match in handling.matches} if handling else {}
    decisions = {need.programme: need.decision for need in handling.decisions} if handling else {}
    endings = {need.programme: need.ending.value for need in resolution.needs} if resolution else {}
    referrals: dict[str, dict[ReferralStatus, int]] = {}
    for referral in handling.referrals if handling else ():
        counts = referrals.setdefault(referral.programme, {})
        counts[referral.status] = counts.get(referral.status, 0) + 1
        if resolution is None and referral.status is ReferralStatus.COMPLETED and referral.outcome:
            endings[referral.programme] = _ending(referral.outcome)
    return tuple(
        NeedView(
            programme=programme,
            asked=programme in asked,
            verdict=verdicts.get(programme),
            decision=decisions.get(programme),
            referrals=referrals.get(programme, {}),
            ending=endings.get(programme, NONE_YET),
        )
        for programme in sorted(asked | verdicts.keys() | decisions.keys() | referrals.keys() | endings.keys())
    )


def _ending(outcome: Outcome) -> str:
    return NeedEnding(outcome.value).value
