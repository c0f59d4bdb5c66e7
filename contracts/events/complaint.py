"""Facts of the village about a complaint (owner: intake; subject: the case)."""

from typing import ClassVar

from pydantic import Field

from contracts.envelope import EventData
from contracts.events.complaint_state import ComplaintState
from contracts.fields import Code, Id
from contracts.vocabulary import Amendment, ClosedBy, WithdrawalReason


class ComplaintCreated(EventData):
    """A complaint was recorded."""

    topic: ClassVar[str] = "complaint.created"
    complaint: ComplaintState


class ComplaintAmended(EventData):
    """Documents completed, facts corrected, waiting for the citizen or no longer."""

    topic: ClassVar[str] = "complaint.amended"
    change: Amendment
    complaint: ComplaintState


class ComplaintAnswered(EventData):
    """Answered at the desk: it ends in the village."""

    topic: ClassVar[str] = "complaint.answered"
    answer: Code
    complaint: ComplaintState


class ComplaintWithdrawn(EventData):
    """Taken back, or a duplicate of another case."""

    topic: ClassVar[str] = "complaint.withdrawn"
    reason: WithdrawalReason
    duplicate_of: Id | None = None
    complaint: ComplaintState


class CaseReopened(EventData):
    """Not solved after all; `round` is the one that begins."""

    topic: ClassVar[str] = "case.reopened"
    round: int = Field(ge=1)
    complaint: ComplaintState


class CaseClosed(EventData):
    """The citizen confirmed the solution, or let the time to reopen pass."""

    topic: ClassVar[str] = "case.closed"
    by: ClosedBy
    round: int = Field(ge=0)
    complaint: ComplaintState


class CaseRated(EventData):
    """How satisfied the citizen is with how the round ended: 1 not at all, 5 very."""

    topic: ClassVar[str] = "case.rated"
    rating: int = Field(ge=1, le=5)
    round: int = Field(ge=0)
    closed_by: ClosedBy | None = None  # how it was closed, for whoever did not hear that; none while it is not
    complaint: ComplaintState
