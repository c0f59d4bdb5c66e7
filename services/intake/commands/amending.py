"""Amending a complaint: documents, facts, waiting for the citizen or no longer."""

from chassis.identity import Actor
from chassis.store import UnitOfWork
from contracts.vocabulary import HandlingStatus
from services.intake.commands.desk import Desk, complaint_for_edit, keep_moved
from services.intake.commands.people import keep_corrected_people
from services.intake.domain.amending import (
    Correction,
    complete_documents,
    correct_facts,
    stop_waiting,
    wait_for_citizen,
)
from services.intake.domain.complaint import Move, Moved
from services.intake.domain.errors import IncompleteComplaint, NothingToCorrect
from services.intake.store import StoredComplaint
from services.intake.told import FamilyFacts

PEOPLE_CORRECTED = "people.corrected"
"""In the timeline: something about the people that the district does not see, such as a NIK that came."""


async def have_documents_completed(unit: UnitOfWork, actor: Actor, case_id: str, *, expected: int) -> StoredComplaint:
    """Everything the citizen had to bring is there. Raises NotFound, StaleEdit, IllegalMove."""
    stored = await complaint_for_edit(unit, case_id, expected)
    return await keep_moved(unit, actor, stored, complete_documents(stored.complaint))


async def have_citizen_awaited(
    unit: UnitOfWork, actor: Actor, case_id: str, missing_documents: tuple[str, ...], *, expected: int
) -> StoredComplaint:
    """The citizen has to bring something first. Raises NotFound, StaleEdit, IncompleteComplaint, IllegalMove."""
    stored = await complaint_for_edit(unit, case_id, expected)
    return await keep_moved(unit, actor, stored, wait_for_citizen(stored.complaint, missing_documents, now=unit.now))


async def have_waiting_stopped(unit: UnitOfWork, actor: Actor, case_id: str, *, expected: int) -> StoredComplaint:
    """Handling goes on without what was missing. Raises NotFound, StaleEdit, IllegalMove."""
    stored = await complaint_for_edit(unit, case_id, expected)
    return await keep_moved(unit, actor, stored, stop_waiting(stored.complaint))


async def have_facts_corrected(
    unit: UnitOfWork,
    actor: Actor,
    desk: Desk,
    case_id: str,
    *,
    correction: Correction,
    family: FamilyFacts | None,
    expected: int,
) -> StoredComplaint:
    """What is different about the case or its people. What the district does not see is told to nobody.

    Raises NotFound, StaleEdit, UnknownNeed, NothingToCorrect, IncompleteComplaint, IllegalMove, and for the people
    what recording raises, and CardOfAnotherFamily.
    """
    stored = await complaint_for_edit(unit, case_id, expected)
    complaint = stored.complaint
    complaint.must_be_handled(Move.CORRECT_FACTS)
    people_changed = False
    if family is not None:
        if complaint.family_id is None:
            raise IncompleteComplaint("this case is about no family: leave the family out")
        kept = await keep_corrected_people(unit, actor, desk, complaint.family_id, family)
        people_changed = kept.changed
        correction = correction.but(family=kept.profile)
    try:
        moved = correct_facts(complaint, correction, programmes=desk.programmes, decided=_decided(stored))
    except NothingToCorrect:
        if not people_changed:
            raise
        return await keep_moved(unit, actor, stored, Moved(complaint), untold=PEOPLE_CORRECTED)
    return await keep_moved(unit, actor, stored, moved)


def _decided(stored: StoredComplaint) -> bool:
    """Whether the district, as last heard, has decided this round."""
    handling = stored.handling
    return (
        handling is not None and handling.status is HandlingStatus.DECIDED and handling.round == stored.complaint.round
    )
