"""Taking consent back."""

from chassis.identity import Actor
from chassis.store import UnitOfWork
from services.intake.commands.desk import complaint_for_edit, keep_moved
from services.intake.domain.complaint import Moved
from services.intake.domain.consent import Purpose, withdraw_consent
from services.intake.domain.errors import NoConsentToTakeBack, NotInTheCase
from services.intake.store import PERSONS, StoredComplaint

CONSENT_WITHDRAWN = "consent.withdrawn"


async def take_consent_back(
    unit: UnitOfWork,
    actor: Actor,
    case_id: str,
    person_id: str,
    *,
    purposes: frozenset[Purpose],
    expected: int,
) -> StoredComplaint:
    """A person of the case takes consent back; what rested on it stops, also in their other cases.

    Raises NotFound, StaleEdit, NotInTheCase, NoConsentToTakeBack.
    """
    stored = await complaint_for_edit(unit, case_id, expected)
    person = await unit.of(PERSONS).find(person_id)
    case = stored.complaint
    if person is None or (person.id != case.reporter_id and person.family_id != case.family_id):
        raise NotInTheCase
    after, _ = withdraw_consent(person.bases, person_id, purposes, unit.now)
    if after == person.bases:
        raise NoConsentToTakeBack
    await unit.of(PERSONS).save(person.model_copy(update={"bases": after}))
    return await keep_moved(unit, actor, stored, Moved(case), untold=CONSENT_WITHDRAWN)
