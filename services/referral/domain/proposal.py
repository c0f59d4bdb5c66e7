"""A proposal: one need handed to a national programme."""

from datetime import date

from pydantic import Field

from contracts.events import ProposalState
from contracts.fields import Code, Id, ProposalPeriod, UtcTime
from contracts.vocabulary import ProposalStatus
from services.referral.domain.value import Value


class Proposal(Value):
    """A need handed to a national programme's period, which has a clock of its own outside this case."""

    proposal_id: Id
    programme: Code
    round: int = Field(ge=0)
    period: ProposalPeriod
    status: ProposalStatus
    cut_off: date
    result_expected: date
    dates_verified: bool
    drafted_at: UtcTime

    def public(self) -> ProposalState:
        return ProposalState(
            proposal_id=self.proposal_id,
            programme=self.programme,
            period=self.period,
            status=self.status,
            cut_off=self.cut_off,
            result_expected=self.result_expected,
        )
