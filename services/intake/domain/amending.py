"""Amending a complaint: documents, facts, waiting for the citizen or no longer."""

from collections.abc import Container
from datetime import datetime

from pydantic import Field

from contracts.events import ComplaintAmended, FamilyProfile
from contracts.fields import Code
from contracts.vocabulary import Amendment, ComplaintKind, ComplaintStatus, Sector
from services.intake.domain.complaint import LONGEST_STORY, Complaint, Move, Moved, told
from services.intake.domain.errors import IncompleteComplaint, NothingToCorrect
from services.intake.domain.recording import check_fast_track, check_needs
from services.intake.domain.value import Value


class Correction(Value):
    """What is different; what is left out stays. The kind stays too: another kind is another complaint."""

    sector: Sector | None = None
    needs: tuple[Code, ...] | None = None
    story: str | None = Field(default=None, max_length=LONGEST_STORY, repr=False)
    family: FamilyProfile | None = None
    fast_track: bool | None = None
    fast_track_cause: Code | None = Field(default=None, repr=False)


def wait_for_citizen(complaint: Complaint, missing_documents: tuple[str, ...], *, now: datetime) -> Moved:
    """The citizen has to bring something first: the district's clocks pause from now on.

    Only what the citizen owes stops the time, so it must be named. Raises IncompleteComplaint, IllegalMove.
    """
    complaint.must_be_handled(Move.WAIT_FOR_CITIZEN)
    if complaint.status is ComplaintStatus.WAITING_FOR_CITIZEN:
        raise complaint.cannot(Move.WAIT_FOR_CITIZEN, "it already does")
    if not missing_documents:
        raise IncompleteComplaint("say which documents the citizen has to bring")
    return _amended(
        complaint.but(
            status=ComplaintStatus.WAITING_FOR_CITIZEN, waiting_since=now, missing_documents=missing_documents
        ),
        Amendment.WAITING_FOR_CITIZEN,
    )


def stop_waiting(complaint: Complaint) -> Moved:
    """Handling goes on without what was missing: the clocks run again. Raises IllegalMove."""
    complaint.must_be_handled(Move.STOP_WAITING)
    if complaint.status is not ComplaintStatus.WAITING_FOR_CITIZEN:
        raise complaint.cannot(Move.STOP_WAITING, "it waits for nobody")
    return _amended(complaint.but(status=ComplaintStatus.OPEN, waiting_since=None), Amendment.NO_LONGER_WAITING)


def complete_documents(complaint: Complaint) -> Moved:
    """Every document is there; a waiting case runs again. Raises IllegalMove."""
    complaint.must_be_handled(Move.COMPLETE_DOCUMENTS)
    if not complaint.missing_documents:
        raise complaint.cannot(Move.COMPLETE_DOCUMENTS, "none is missing")
    return _amended(
        complaint.but(status=ComplaintStatus.OPEN, waiting_since=None, missing_documents=()),
        Amendment.DOCUMENTS_COMPLETED,
    )


def correct_facts(
    complaint: Complaint, correction: Correction, *, programmes: Container[str], decided: bool = False
) -> Moved:
    """Corrects what was recorded. Times are never corrected: no edit resets a clock.

    `decided`: the district has decided this round; what it decided on is not changed any more, because nobody would
    decide on it again. Raises UnknownNeed, NothingToCorrect, IncompleteComplaint, IllegalMove.
    """
    complaint.must_be_handled(Move.CORRECT_FACTS)
    changes = {
        name: getattr(correction, name) for name in Correction.model_fields if getattr(correction, name) is not None
    }
    if correction.needs is not None:
        check_needs(correction.needs, programmes)
        changes["needs"] = tuple(dict.fromkeys(correction.needs))
        if decided and set(changes["needs"]) != set(complaint.needs):
            raise complaint.cannot(
                Move.CORRECT_FACTS,
                "the district has decided on what was asked for; record another case for another wish",
            )
    if correction.fast_track is False:
        changes["fast_track_cause"] = None
    corrected = complaint.but(**changes)
    if corrected == complaint:
        raise NothingToCorrect
    if corrected.kind is ComplaintKind.PARTICIPATION and not corrected.needs:
        raise IncompleteComplaint("say which programme the citizen wants to take part in")
    check_fast_track(corrected.fast_track, corrected.fast_track_cause)
    return _amended(corrected, Amendment.FACTS_CORRECTED)


def _amended(complaint: Complaint, change: Amendment) -> Moved:
    return told(complaint, lambda state: ComplaintAmended(change=change, complaint=state))
