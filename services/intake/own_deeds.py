"""How the village notes in its own timeline what it did."""

from datetime import datetime

from contracts import EventData
from contracts.events import CaseRated, CaseReopened, ComplaintAmended, ComplaintAnswered, ComplaintWithdrawn
from services.intake.domain.complaint import Moved
from services.intake.domain.timeline import Details, Teller, TimelineEntry, with_entries
from services.intake.store import StoredComplaint


def moved_on(
    stored: StoredComplaint, moved: Moved, *, now: datetime, actor: str | None = None, untold: str | None = None
) -> StoredComplaint:
    """The case after a move, each fact of it in the timeline. Without an actor it was time, or a fact that was heard.

    `untold` names a deed that nobody outside hears of.
    """
    told = [(fact.topic, details_of_deed(fact)) for fact in moved.facts]
    happened = told if untold is None else [*told, (untold, Details())]
    entries = [own_entry(stored, what, details, now=now, actor=actor) for what, details in happened]
    return stored.model_copy(update={"complaint": moved.complaint, "timeline": with_entries(stored.timeline, *entries)})


def own_entry(
    stored: StoredComplaint, what: str, details: Details, *, now: datetime, actor: str | None
) -> TimelineEntry:
    """What the village did now. Its deeds of one moment stand in the order they were done."""
    return TimelineEntry(
        at=now,
        teller=Teller.VILLAGE,
        what=what,
        about=stored.id,
        # Not the revision: that counts batches heard as well, and they are cut anyhow.
        order=sum(entry.teller is Teller.VILLAGE for entry in stored.timeline),
        actor=actor,
        details=details,
    )


def details_of_deed(fact: EventData) -> Details:
    match fact:
        case ComplaintAmended():
            return Details(change=fact.change)
        case ComplaintAnswered():
            return Details(answer=fact.answer)
        case ComplaintWithdrawn():
            return Details(reason=fact.reason)
        case CaseReopened():
            return Details(round=fact.round)
        case CaseRated():
            return Details(round=fact.round, rating=fact.rating)
    return Details()
