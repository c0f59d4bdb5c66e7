"""What the API reads."""

from dataclasses import dataclass
from typing import Literal

from chassis.area import Scope
from chassis.store import Condition, Order, Page, Store, equals
from contracts.vocabulary import ComplaintKind, ComplaintStatus
from services.intake.domain.case_number import CaseNumber
from services.intake.domain.people import Person
from services.intake.domain.suggestions import Suggestion, suggestions_for
from services.intake.store import (
    COMPLAINTS,
    CONTACT_ACCESSES,
    FAMILIES,
    LARGEST_FAMILY,
    PERSONS,
    ContactAccess,
    StoredComplaint,
    StoredFamily,
    StoredPerson,
)

QueueOrder = Literal["newest", "oldest"]


@dataclass(frozen=True)
class Case:
    """A complaint with its people. The reporter may have left the family since."""

    stored: StoredComplaint
    family: StoredFamily | None
    members: tuple[StoredPerson, ...]
    reporter: StoredPerson | None

    @property
    def people(self) -> tuple[StoredPerson, ...]:
        outside = self.reporter is not None and self.reporter.id not in {one.id for one in self.members}
        return (*self.members, self.reporter) if outside and self.reporter else self.members

    def person(self, person_id: str) -> Person | None:
        return next((one.person for one in self.people if one.id == person_id), None)

    @property
    def suggestions(self) -> tuple[Suggestion, ...]:
        return suggestions_for(one.person for one in self.people)


async def read_complaint(store: Store, scope: Scope, case_id: str) -> StoredComplaint:
    """Raises NotFound, also for one outside the scope."""
    return await store.reading(scope, COMPLAINTS).get(case_id)


async def read_case(store: Store, scope: Scope, case_id: str) -> Case:
    """Raises NotFound."""
    return await with_people(store, scope, await read_complaint(store, scope, case_id))


async def with_people(store: Store, scope: Scope, stored: StoredComplaint) -> Case:
    complaint = stored.complaint
    persons = store.reading(scope, PERSONS)
    family: StoredFamily | None = None
    members: tuple[StoredPerson, ...] = ()
    if complaint.family_id is not None:
        family = await store.reading(scope, FAMILIES).find(complaint.family_id)
        found = await persons.all(equals("family_id", complaint.family_id), limit=LARGEST_FAMILY)
        members = tuple(sorted(found, key=lambda one: one.id))
    reporter = None if complaint.reporter_id is None else await persons.find(complaint.reporter_id)
    return Case(stored, family, members, reporter)


async def page_of_complaints(
    store: Store,
    scope: Scope,
    *,
    status: ComplaintStatus | None = None,
    kind: ComplaintKind | None = None,
    case_number: str | None = None,
    order: QueueOrder = "newest",
    cursor: str | None = None,
    limit: int = 50,
) -> Page[StoredComplaint]:
    """The cases of an area. Raises WrongCaseNumber, BadCursor."""
    conditions: list[Condition] = []
    if status is not None:
        conditions.append(equals("complaint.status", status.value))
    if kind is not None:
        conditions.append(equals("complaint.kind", kind.value))
    if case_number is not None:
        conditions.append(equals("complaint.case_number", str(CaseNumber.parse(case_number))))
    by_time = Order("complaint.recorded_at", -1 if order == "newest" else 1)
    return await store.reading(scope, COMPLAINTS).page(*conditions, order=by_time, cursor=cursor, limit=limit)


async def complaint_by_number(store: Store, scope: Scope, case_number: str) -> StoredComplaint | None:
    """By a number as `CaseNumber` writes it."""
    return await store.reading(scope, COMPLAINTS).first(equals("complaint.case_number", case_number))


async def page_of_accesses(
    store: Store, scope: Scope, case_id: str, *, cursor: str | None = None, limit: int = 50
) -> Page[ContactAccess]:
    """Who asked for the contact of a case, the newest first. Raises NotFound, BadCursor."""
    await read_complaint(store, scope, case_id)
    return await store.reading(scope, CONTACT_ACCESSES).page(
        equals("case_id", case_id), order=Order("asked_at", -1), cursor=cursor, limit=limit
    )
