"""What the village keeps: complaints, people, families, who read a contact, and the serials of case numbers."""

import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import Field, computed_field

from chassis.store import Collection, Document, Index, Migration, Rewriting
from chassis.tries import TRIES
from contracts.events import HandlingState
from contracts.fields import Id
from contracts.vocabulary import Circumstance
from services.intake.domain.complaint import Complaint
from services.intake.domain.consent import Basis
from services.intake.domain.contacting import ContactAnswer, ContactPurpose
from services.intake.domain.people import Family, Person, RegistryEntry, SixteenDigits
from services.intake.domain.timeline import TimelineEntry


class StoredComplaint(Document):
    """A case: the village's side, the newest state heard from the district, and all that happened."""

    complaint: Complaint
    handling: HandlingState | None = None
    timeline: tuple[TimelineEntry, ...] = ()


class StoredPerson(Document):
    """A person of a village. `known_as` is unique: one NIK is one person, and no NIK is nobody else."""

    person: Person
    family_id: Id
    known_as: str = Field(repr=False)
    bases: tuple[Basis, ...] = ()

    @computed_field(repr=False)  # type: ignore[prop-decorator]
    @property
    def found_as(self) -> str:
        """What a search by name compares."""
        return spoken_name(self.person.name)


class StoredFamily(Document):
    """A family without its people, who name it. `known_as` is unique like a person's, by the family card."""

    card: SixteenDigits | None = Field(default=None, repr=False)
    known_as: str = Field(repr=False)
    registry: RegistryEntry
    circumstances: tuple[Circumstance, ...] = ()

    def with_members(self, members: tuple[Person, ...]) -> Family:
        return Family(
            family_id=self.id,
            area=self.area,
            members=members,
            kk=self.card,
            registry=self.registry,
            circumstances=self.circumstances,
        )


class ContactAccess(Document):
    """One asking for a citizen's contact: by whom, for which purpose, because of which event, with which answer."""

    case_id: Id
    person_id: Id | None
    purpose: ContactPurpose
    causing_event: Id
    asked_by: str
    asked_at: datetime
    answer: ContactAnswer


class CaseCounter(Document):
    """The last serial that a village gave in a year. Recording a case moves it, so that recordings of one village
    come one after the other."""

    serial: int


class CitizenCode(Document):
    """The code of a case's newest receipt, as its digest. An earlier receipt opens nothing any more."""

    digest: str = Field(repr=False)
    issued_at: datetime


COMPLAINTS = Collection(
    "complaints",
    StoredComplaint,
    (
        Index.on("within", "complaint.recorded_at"),
        Index.on("within", "complaint.status", "complaint.recorded_at"),
        Index.on("within", "complaint.kind", "complaint.recorded_at"),
        Index.on("within", "complaint.case_number"),
        Index.on("within", "complaint.family_id", "complaint.recorded_at"),
        Index.on("within", "complaint.resolution.reopen_until"),
    ),
)
PERSONS = Collection(
    "persons",
    StoredPerson,
    (
        Index.on("known_as", unique=True),
        Index.on("within", "family_id"),
        Index.on("within", "found_as"),
        Index.on("within", "person.nik"),
    ),
)
FAMILIES = Collection("families", StoredFamily, (Index.on("known_as", unique=True),))
CONTACT_ACCESSES = Collection("contact_accesses", ContactAccess, (Index.on("within", "case_id", "asked_at"),))
CASE_COUNTERS = Collection("case_counters", CaseCounter)

CITIZEN_CODES = Collection("citizen_codes", CitizenCode)

COLLECTIONS = (COMPLAINTS, PERSONS, FAMILIES, CONTACT_ACCESSES, CASE_COUNTERS, CITIZEN_CODES, TRIES)

LARGEST_FAMILY = 100


def known_as(area: str, number: str | None, own_id: str) -> str:
    """The unique name of a person (by NIK) or a family (by card) in a village.

    Without a number it is the own id: what is missing is never equal to what is missing elsewhere.
    """
    return f"{area}:{number}" if number else f"{area}:unnumbered:{own_id}"


def spoken_name(name: str) -> str:
    """A name as it is compared: without case, marks and doubled spaces."""
    bare = "".join(one for one in unicodedata.normalize("NFKD", name) if not unicodedata.combining(one))
    return " ".join(bare.casefold().split())


async def _find_people_by_name(rewriting: Rewriting) -> None:
    def named(stored: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**stored, "found_as": spoken_name(stored["person"]["name"])}

    await rewriting.rewrite("persons", named)


MIGRATIONS = (Migration(1, "people are found by name", _find_people_by_name),)
