"""A referral: one agency asked about one need."""

from pydantic import Field

from contracts.events import ReferralState
from contracts.fields import Code, Id, UtcTime
from contracts.vocabulary import Outcome, ReferralStatus, RejectionReason
from services.referral.domain.calendar import WorkingCalendar
from services.referral.domain.clocks import Pause, due_with, pauses_within
from services.referral.domain.value import Value

OPEN = frozenset({ReferralStatus.ISSUED, ReferralStatus.ACCEPTED})


class Referral(Value):
    """One agency asked about one need. `attempt` counts over all rounds of the case, from 1 for each
    programme.
    """

    referral_id: Id
    programme: Code
    agency: Code
    round: int = Field(ge=0)
    attempt: int = Field(ge=1)
    status: ReferralStatus
    issued_at: UtcTime
    due_at: UtcTime
    """Until when the agency accepts or rejects, moved by the waits for the citizen that are over. An accepted
    referral is watched by the handling clock.
    """
    pauses: tuple[Pause, ...] = ()
    """Waits for the citizen since it was issued, until it was answered or expired."""
    answered_at: UtcTime | None = None
    """When it was accepted or rejected."""
    completed_at: UtcTime | None = None
    reason: RejectionReason | None = None
    outcome: Outcome | None = None
    reroute_of: Id | None = None

    @property
    def open(self) -> bool:
        return self.status in OPEN

    @property
    def unanswered(self) -> bool:
        return self.status is ReferralStatus.ISSUED

    def with_pauses(self, waits: tuple[Pause, ...], limit: int, calendar: WorkingCalendar) -> "Referral":
        """The referral as it stands after these waits for the citizen, however late they became known.

        `limit` is the time to answer in working days. One that was answered or expired stays as it is; as long
        as nothing was waited for, so does the deadline that the agency was told.
        """
        if not self.unanswered:
            return self
        pauses = pauses_within(waits, self.issued_at, None)
        if pauses == self.pauses:
            return self
        return self.but(pauses=pauses, due_at=due_with(self.issued_at, limit, pauses, calendar))

    def public(self) -> ReferralState:
        return ReferralState(
            referral_id=self.referral_id,
            programme=self.programme,
            agency=self.agency,
            attempt=self.attempt,
            status=self.status,
            issued_at=self.issued_at,
            due_at=self.due_at,
            answered_at=self.answered_at,
            reason=self.reason,
            outcome=self.outcome,
        )
