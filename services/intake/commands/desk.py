"""What every deed at the desk goes by, and how a complaint that moved is kept."""

from collections.abc import Container
from dataclasses import dataclass

from chassis.identity import Actor
from chassis.outbox.outgoing import Outgoing
from chassis.store import StaleEdit, UnitOfWork
from contracts import EventData
from contracts.events import CaseReopened, ComplaintAmended, ComplaintAnswered, ComplaintWithdrawn
from services.intake.domain.complaint import Moved
from services.intake.domain.regions import Regions
from services.intake.domain.timeline import Details, Teller, TimelineEntry, with_entries
from services.intake.store import COMPLAINTS, StoredComplaint


@dataclass(frozen=True)
class Desk:
    """The rules of this installation."""

    regions: Regions
    programmes: Container[str]
    family_key_secret: bytes
    invented_people_allowed: bool = False


async def complaint_for_edit(unit: UnitOfWork, case_id: str, expected: int) -> StoredComplaint:
    """The case as the caller last read it. Raises NotFound, StaleEdit."""
    stored = await unit.of(COMPLAINTS).get(case_id)
    # Before the rules of the domain: who decided on an old picture should look again, not be told of a rule.
    if stored.edition != expected:
        raise StaleEdit(stored.edition)
    return stored


async def keep_moved(
    unit: UnitOfWork, actor: Actor | None, stored: StoredComplaint, moved: Moved, *, untold: str | None = None
) -> StoredComplaint:
    """Save the case after a move, tell its facts and note them in the timeline.

    `untold` names a deed that nobody outside hears of.
    """
    told = [(fact.topic, details_of_deed(fact)) for fact in moved.facts]
    happened = told if untold is None else [*told, (untold, Details())]
    entries = [own_entry(unit, actor, stored, what, details) for what, details in happened]
    after = stored.model_copy(
        update={"complaint": moved.complaint, "timeline": with_entries(stored.timeline, *entries)}
    )
    return await unit.of(COMPLAINTS).save(after, [Outgoing(fact) for fact in moved.facts])


def own_entry(
    unit: UnitOfWork, actor: Actor | None, stored: StoredComplaint, what: str, details: Details
) -> TimelineEntry:
    """What the village did now. Its deeds of one moment stand in the order of the revisions they made."""
    return TimelineEntry(
        at=unit.now,
        teller=Teller.VILLAGE,
        what=what,
        about=stored.id,
        order=stored.revision,
        actor=actor.id if actor else None,
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
    return Details()
