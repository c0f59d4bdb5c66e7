"""The handling: the district's side of one case, as it is kept. Its moves are in the modules beside this one:

hearing.py (what the village says) · deciding.py (assess, recommend, review, decide) ·
referring.py and answering.py (agencies) · deadlines.py (breached clocks) · ending.py (resolution).
"""

from collections.abc import Callable

from pydantic import Field

from contracts.events import ComplaintState, HandlingState, NeedDecision, ProgrammeMatch, Resolution
from contracts.fields import Area, Code, Id, UtcTime
from contracts.vocabulary import ComplaintStatus, HandlingStatus, Tier
from services.referral.domain.clocks import Clock, ClockName
from services.referral.domain.errors import IllegalMove
from services.referral.domain.proposal import Proposal
from services.referral.domain.referral import Referral
from services.referral.domain.value import Value
from services.referral.domain.village import VillageFacts

ENDED = frozenset({HandlingStatus.RESOLVED, HandlingStatus.ENDED_IN_VILLAGE, HandlingStatus.WITHDRAWN})


class Recommendation(Value):
    """What the back office drafted, and who has looked at it. Actors are kept here and never published."""

    decisions: tuple[NeedDecision, ...] = Field(min_length=1)
    drafted_by: str
    drafted_at: UtcTime
    reviewed_by: str | None = None
    reviewed_at: UtcTime | None = None
    decided_by: str | None = None
    decided_at: UtcTime | None = None


class Return(Value):
    """A recommendation sent back. The reason is a code: free text could carry a name out of the village."""

    by: str
    at: UtcTime
    step: HandlingStatus
    """Where it was returned from: recommended (by the reviewer) or reviewed (by the manager)."""
    reason: Code


class Handling(Value):
    """The district's side of a case. Immutable: every move makes a new one and says which facts follow."""

    case_id: Id
    area: Area
    status: HandlingStatus
    round: int = Field(default=0, ge=0)
    tier: Tier = Tier.DISTRICT
    opened_at: UtcTime
    complaint: ComplaintState
    """The newest state heard from the village."""
    village: VillageFacts = ()
    """All facts heard from the village."""
    clocks: tuple[Clock, ...] = ()
    """Of every round; a clock is never removed."""
    matches: tuple[ProgrammeMatch, ...] = ()
    recommendation: Recommendation | None = None
    returns: tuple[Return, ...] = ()
    decisions: tuple[NeedDecision, ...] = ()
    """Of this round, once the manager has decided."""
    referrals: tuple[Referral, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    handler_id: str | None = None
    """Who handled it last: a reopened case goes back to them."""
    resolution: Resolution | None = None

    @property
    def ended(self) -> bool:
        return self.status in ENDED

    @property
    def waits_for_citizen(self) -> bool:
        return self.complaint.status is ComplaintStatus.WAITING_FOR_CITIZEN

    @property
    def open_referrals(self) -> tuple[Referral, ...]:
        """Referrals that an agency still holds. An ended case has none: it waits for nobody."""
        return () if self.ended else tuple(referral for referral in self.referrals if referral.open)

    @property
    def clocks_of_round(self) -> tuple[Clock, ...]:
        return tuple(clock for clock in self.clocks if clock.round == self.round)

    def referral(self, referral_id: str) -> Referral | None:
        return next((referral for referral in self.referrals if referral.referral_id == referral_id), None)

    def referrals_for(self, programme: str) -> tuple[Referral, ...]:
        """The referrals of a need in this round, the oldest first."""
        return tuple(
            referral for referral in self.referrals if referral.programme == programme and referral.round == self.round
        )

    def must_be(self, move: str, *allowed: HandlingStatus) -> None:
        """Raises IllegalMove unless the status is one of those from which the move is legal."""
        if self.status not in allowed:
            raise IllegalMove(move, self.status, allowed)

    def with_clocks(self, change: Callable[[Clock], Clock], *names: ClockName) -> "Handling":
        """Changes the clocks of this round: all, or those named."""
        return self.but(
            clocks=tuple(
                change(clock) if clock.round == self.round and (not names or clock.name in names) else clock
                for clock in self.clocks
            )
        )

    def with_referral(self, changed: Referral) -> "Handling":
        return self.but(
            referrals=tuple(
                changed if referral.referral_id == changed.referral_id else referral for referral in self.referrals
            )
        )


def public_state(handling: Handling) -> HandlingState:
    """What every event of referral about the case carries: no actor, and the clocks of this round."""
    return HandlingState(
        status=handling.status,
        round=handling.round,
        tier=handling.tier,
        opened_at=handling.opened_at,
        clocks=tuple(clock.public() for clock in handling.clocks_of_round),
        matches=handling.matches,
        decisions=handling.decisions,
        referrals=tuple(referral.public() for referral in handling.referrals),
        proposals=tuple(proposal.public() for proposal in handling.proposals),
        resolution=handling.resolution,
    )
