"""How satisfied the citizen is with how a round ended."""

from datetime import datetime

from contracts.events import CaseRated
from contracts.vocabulary import ComplaintStatus
from services.intake.domain.complaint import Complaint, Moved, Rating, public_state
from services.intake.domain.errors import AlreadyRated

RATE = "rate"


def may_rate(complaint: Complaint) -> bool:
    """Whether there is an end to judge, and nobody has judged it yet."""
    return _has_end(complaint) and not _rated(complaint)


def rate(complaint: Complaint, stars: int, *, now: datetime) -> Moved:
    """1 (not at all satisfied) to 5 (very), once a round. Tells CaseRated. Raises AlreadyRated, IllegalMove."""
    if _rated(complaint):
        raise AlreadyRated
    if not _has_end(complaint):
        raise complaint.cannot(RATE, "it has no answer yet")
    rated = complaint.but(ratings=(*complaint.ratings, Rating(round=complaint.round, stars=stars, at=now)))
    fact = CaseRated(rating=stars, round=complaint.round, closed_by=complaint.closed_by, complaint=public_state(rated))
    return Moved(rated, (fact,))


def _has_end(complaint: Complaint) -> bool:
    return complaint.resolved or complaint.status in (ComplaintStatus.ANSWERED, ComplaintStatus.CLOSED)


def _rated(complaint: Complaint) -> bool:
    return any(rating.round == complaint.round for rating in complaint.ratings)
