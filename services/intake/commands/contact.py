"""Handing out a citizen's contact, each asking written down in the same transaction; and what the citizen prefers."""

from typing import NamedTuple

from chassis.identity import Actor
from chassis.outbox.outgoing import new_id
from chassis.store import UnitOfWork
from services.intake.commands.desk import complaint_for_edit, keep_moved
from services.intake.domain.complaint import Moved
from services.intake.domain.consent import Basis, LegalBasis, Purpose, basis_for, note_basis
from services.intake.domain.contacting import (
    ContactGiven,
    ContactPreferences,
    ContactPurpose,
    NoContactToPrefer,
    give_contact,
    preferring,
)
from services.intake.domain.local_day import local_day
from services.intake.store import COMPLAINTS, CONTACT_ACCESSES, PERSONS, ContactAccess, StoredComplaint, StoredPerson

PREFERENCES_CHOSEN = "contact.preferred"


class Disclosure(NamedTuple):
    case_number: str
    given: ContactGiven


async def disclose_contact(
    unit: UnitOfWork, actor: Actor, case_id: str, purpose: ContactPurpose, causing_event: str
) -> Disclosure:
    """How to reach the citizen of a case, for a purpose. A refusal is written down too. Raises NotFound."""
    stored = await unit.of(COMPLAINTS).get(case_id)
    reporter_id = stored.complaint.reporter_id
    reporter = None if reporter_id is None else await unit.of(PERSONS).find(reporter_id)
    given = give_contact(reporter.person if reporter else None, reporter.bases if reporter else (), purpose, unit.now)
    await unit.of(CONTACT_ACCESSES).add(
        ContactAccess(
            id=new_id(),
            area=stored.area,
            case_id=case_id,
            person_id=reporter_id,
            purpose=purpose,
            causing_event=causing_event,
            asked_by=actor.id,
            asked_at=unit.now,
            answer=given.answer,
        )
    )
    return Disclosure(stored.complaint.case_number, given)


async def choose_contact_preferences(
    unit: UnitOfWork, actor: Actor, case_id: str, chosen: ContactPreferences, *, expected: int
) -> StoredComplaint:
    """The citizen of a case chooses how to be told from now on, or not at all, in all their cases.

    Raises NotFound, StaleEdit, NoContactToPrefer, UnreachableChannel, UnsoundBasis, and NoLegalBasis for who wants
    messages and has not agreed to them.
    """
    stored = await complaint_for_edit(unit, case_id, expected)
    reporter_id = stored.complaint.reporter_id
    reporter = None if reporter_id is None else await unit.of(PERSONS).find(reporter_id)
    if reporter is None:
        raise NoContactToPrefer
    person, bases = preferring(reporter.person, chosen), _with_consent(unit, actor, reporter, chosen)
    if chosen.wants_messages:
        basis_for(Purpose.NOTIFY, reporter.id, bases, unit.now)
    await unit.of(PERSONS).save(reporter.model_copy(update={"person": person, "bases": bases}))
    return await keep_moved(unit, actor, stored, Moved(stored.complaint), untold=PREFERENCES_CHOSEN)


async def want_messages(unit: UnitOfWork, actor: Actor, recorded: StoredComplaint, wants: bool) -> StoredComplaint:
    """What the person who came said of messages counts for all their cases, whatever they wanted before.

    Raises NoLegalBasis.
    """
    reporter_id = recorded.complaint.reporter_id
    reporter = None if reporter_id is None else await unit.of(PERSONS).find(reporter_id)
    contact = reporter.person.contact if reporter is not None else None
    if reporter is None or contact is None or reporter.person.wants_messages is wants:
        return recorded
    chosen = ContactPreferences(wants_messages=wants, channels=contact.channels, language=contact.language)
    return await choose_contact_preferences(unit, actor, recorded.id, chosen, expected=recorded.edition)


def _with_consent(
    unit: UnitOfWork, actor: Actor, reporter: StoredPerson, chosen: ContactPreferences
) -> tuple[Basis, ...]:
    if chosen.consent is None:
        return reporter.bases
    agreed = note_basis(
        person_id=reporter.id,
        purpose=Purpose.NOTIFY,
        basis=LegalBasis.CONSENT,
        noted_by=actor.id,
        now=unit.now,
        today=local_day(reporter.area, unit.now),
        born=reporter.person.born,
        proof=chosen.consent,
    )
    return (*reporter.bases, agreed)
