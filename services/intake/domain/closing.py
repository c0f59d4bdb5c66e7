"""The ends of a complaint: answered at the desk, withdrawn, or resolved by the district and then closed or reopened.

Solved counts only what the citizen confirmed; silence closes and is counted apart (domain.md section 5.8).
"""

from datetime import datetime

from contracts.events import CaseClosed, CaseReopened, ComplaintAmended, ComplaintAnswered, ComplaintWithdrawn
from contracts.vocabulary import Amendment, ClosedBy, ComplaintStatus, WithdrawalReason
from services.intake.domain.complaint import Complaint, HeardResolution, Move, Moved, Reopening, told
from services.intake.domain.errors import IncompleteComplaint, TooLateToReopen


def answer_at_desk(complaint: Complaint, answer: str, *, now: datetime, text: str = "") -> Moved:
    """The desk answers at once: it ends in the village. `answer` is a code of the catalogue, `text` stays here.

    Raises IllegalMove.
    """
    complaint.must_be_handled(Move.ANSWER)
    answered = _ended(complaint, ComplaintStatus.ANSWERED, now).but(answer=answer, answer_text=text)
    return told(answered, lambda state: ComplaintAnswered(answer=answer, complaint=state))


def withdraw(
    complaint: Complaint, reason: WithdrawalReason, *, now: datetime, duplicate_of: str | None = None
) -> Moved:
    """The citizen takes it back, or it repeats another case, which must be named.

    Raises IncompleteComplaint, IllegalMove.
    """
    complaint.must_be_handled(Move.WITHDRAW)
    if (reason is WithdrawalReason.DUPLICATE) != (duplicate_of is not None):
        raise IncompleteComplaint("name the other case for a duplicate, and only then")
    if duplicate_of == complaint.case_id:
        raise IncompleteComplaint("a case is no duplicate of itself: name the other case")
    withdrawn = _ended(complaint, ComplaintStatus.WITHDRAWN, now).but(withdrawal=reason, duplicate_of=duplicate_of)
    return told(
        withdrawn,
        lambda state: ComplaintWithdrawn(reason=reason, duplicate_of=duplicate_of, complaint=state),
    )


def hear_resolution(complaint: Complaint, resolution: HeardResolution) -> Moved:
    """The district resolved a round. One of an earlier round, or of a case that has ended here, changes nothing.

    A wait for the citizen ends with it: tells ComplaintAmended then, so that nobody goes on counting the wait.
    """
    if not complaint.alive or resolution.round != complaint.round:
        return Moved(complaint)
    heard = complaint.but(resolution=resolution, status=ComplaintStatus.OPEN, waiting_since=None)
    if complaint.status is not ComplaintStatus.WAITING_FOR_CITIZEN:
        return Moved(heard)
    return told(heard, lambda state: ComplaintAmended(change=Amendment.NO_LONGER_WAITING, complaint=state))


def reopen(complaint: Complaint, *, now: datetime, reason: str = "") -> Moved:
    """Not solved after all: a new round begins. `reason` is the citizen's own words and stays here.

    Tells CaseReopened. Raises TooLateToReopen, IllegalMove.
    """
    resolution = _resolution_to_answer(complaint, Move.REOPEN)
    if now > resolution.reopen_until:
        raise TooLateToReopen
    next_round = complaint.round + 1
    said = Reopening(round=next_round, reason=reason, at=now)
    reopened = complaint.but(round=next_round, resolution=None, reopenings=(*complaint.reopenings, said))
    return told(reopened, lambda state: CaseReopened(round=reopened.round, complaint=state))


def confirm_solved(complaint: Complaint, *, now: datetime) -> Moved:
    """The citizen says it is solved. Tells CaseClosed. Raises IllegalMove."""
    _resolution_to_answer(complaint, Move.CONFIRM)
    return _closed(complaint, ClosedBy.CONFIRMATION, now)


def close_by_silence(complaint: Complaint, *, now: datetime) -> Moved:
    """The time to reopen passed without a word. Tells CaseClosed. Raises IllegalMove while it has not passed."""
    if now <= _resolution_to_answer(complaint, "close").reopen_until:
        raise complaint.cannot("close by silence", "the citizen may still reopen it")
    return _closed(complaint, ClosedBy.SILENCE, now)


def _resolution_to_answer(complaint: Complaint, move: str) -> HeardResolution:
    if not complaint.alive:
        raise complaint.cannot(move, f"the case has ended ({complaint.status.value})")
    if complaint.resolution is None:
        raise complaint.cannot(move, "the district has not resolved it")
    return complaint.resolution


def _closed(complaint: Complaint, by: ClosedBy, now: datetime) -> Moved:
    closed = _ended(complaint, ComplaintStatus.CLOSED, now).but(closed_by=by)
    return told(closed, lambda state: CaseClosed(by=by, round=closed.round, complaint=state))


def _ended(complaint: Complaint, status: ComplaintStatus, now: datetime) -> Complaint:
    return complaint.but(status=status, ended_at=now, waiting_since=None)
