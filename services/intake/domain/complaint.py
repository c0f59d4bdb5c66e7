"""The complaint: the village's side of a case. Its moves are in recording.py, amending.py and closing.py."""

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from pydantic import Field

from contracts.events import ComplaintState, EventData, FamilyProfile
from contracts.fields import Area, CaseNumber, Code, Id, UtcTime
from contracts.vocabulary import (
    CaseOutcome,
    ClosedBy,
    ComplaintKind,
    ComplaintStatus,
    IntakeChannel,
    Sector,
    SubjectKind,
    WithdrawalReason,
)
from services.intake.domain.errors import IllegalMove
from services.intake.domain.value import Value

LONGEST_STORY = 4000
ALIVE = frozenset({ComplaintStatus.OPEN, ComplaintStatus.WAITING_FOR_CITIZEN})


class Move(StrEnum):
    """What the desk may do with a case."""

    COMPLETE_DOCUMENTS = "complete_documents"
    CORRECT_FACTS = "correct_facts"
    WAIT_FOR_CITIZEN = "wait_for_citizen"
    STOP_WAITING = "stop_waiting"
    ANSWER = "answer"
    WITHDRAW = "withdraw"
    CONFIRM = "confirm"
    REOPEN = "reopen"


class Reopening(Value):
    """Why the citizen said it was not solved. The words stay here."""

    round: int = Field(ge=1)
    reason: str = Field(max_length=LONGEST_STORY, repr=False)
    at: UtcTime


class Rating(Value):
    """How satisfied the citizen was with how a round ended: 1 not at all, 5 very."""

    round: int = Field(ge=0)
    stars: int = Field(ge=1, le=5)
    at: UtcTime


class HeardResolution(Value):
    """How the district says a round ended."""

    round: int = Field(ge=0)
    outcome: CaseOutcome
    resolved_at: UtcTime
    reopen_until: UtcTime


class Complaint(Value):
    """The village's side of a case. Immutable: every move makes a new one and says which fact follows.

    Story, reporter and the cause of the fast track stay here; `public_state` is all that leaves.
    """

    case_id: Id
    area: Area
    case_number: CaseNumber
    status: ComplaintStatus = ComplaintStatus.OPEN
    kind: ComplaintKind
    sector: Sector
    subject_kind: SubjectKind
    needs: tuple[Code, ...] = ()
    channel: IntakeChannel
    fast_track: bool = False
    fast_track_cause: Code | None = Field(default=None, repr=False)
    story: str = Field(default="", max_length=LONGEST_STORY, repr=False)
    reporter_id: Id | None = None
    """The person who came; None for a group or community without one."""
    family_id: Id | None = None
    family: FamilyProfile | None = None
    """As it was when the complaint was recorded or last corrected."""
    missing_documents: tuple[Code, ...] = ()
    round: int = Field(default=0, ge=0)
    recorded_by: str
    recorded_at: UtcTime
    occurred_at: UtcTime
    waiting_since: UtcTime | None = None
    ended_at: UtcTime | None = None
    answer: Code | None = None
    answer_text: str = Field(default="", max_length=LONGEST_STORY, repr=False)
    withdrawal: WithdrawalReason | None = None
    duplicate_of: Id | None = None
    closed_by: ClosedBy | None = None
    resolution: HeardResolution | None = None
    """Of this round, once heard from the district."""
    reopenings: tuple[Reopening, ...] = ()
    ratings: tuple[Rating, ...] = ()

    @property
    def alive(self) -> bool:
        return self.status in ALIVE

    @property
    def resolved(self) -> bool:
        """The district has ended this round: the citizen confirms or reopens, nothing else."""
        return self.alive and self.resolution is not None

    @property
    def possible_moves(self) -> tuple[Move, ...]:
        """What may be done now; reopening only until the resolution's `reopen_until`."""
        if not self.alive:
            return ()
        if self.resolved:
            return (Move.CONFIRM, Move.REOPEN)
        waiting = self.status is ComplaintStatus.WAITING_FOR_CITIZEN
        documents = (Move.COMPLETE_DOCUMENTS,) if self.missing_documents else ()
        pausing = Move.STOP_WAITING if waiting else Move.WAIT_FOR_CITIZEN
        return (*documents, pausing, Move.CORRECT_FACTS, Move.ANSWER, Move.WITHDRAW)

    def must_be_handled(self, move: Move) -> None:
        """Raises IllegalMove unless the case is alive and its round not resolved."""
        if not self.alive:
            raise self.cannot(move, f"the case has ended ({self.status.value})")
        if self.resolved:
            raise self.cannot(move, "the district has resolved it; the citizen confirms or reopens")

    def cannot(self, move: str, because: str) -> IllegalMove:
        """The refusal of a move, with what is possible instead."""
        return IllegalMove(move.replace("_", " "), because, tuple(one.value for one in self.possible_moves))


def public_state(complaint: Complaint) -> ComplaintState:
    """What every event of intake about the case carries."""
    return ComplaintState(
        status=complaint.status,
        case_number=complaint.case_number,
        kind=complaint.kind,
        sector=complaint.sector,
        subject_kind=complaint.subject_kind,
        needs=complaint.needs,
        channel=complaint.channel,
        fast_track=complaint.fast_track,
        family=complaint.family,
        round=complaint.round,
        recorded_at=complaint.recorded_at,
        occurred_at=complaint.occurred_at,
        waiting_since=complaint.waiting_since,
        ended_at=complaint.ended_at,
    )


class Moved(NamedTuple):
    """What a move made: the new complaint, and the facts to publish in this order."""

    complaint: Complaint
    facts: tuple[EventData, ...] = ()


def told(complaint: Complaint, telling: Callable[[ComplaintState], EventData]) -> Moved:
    """The move with its one fact, which carries the state that is saved with it."""
    return Moved(complaint, (telling(public_state(complaint)),))
