"""What the four databases hold, typed: only what a law speaks of."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from pydantic import BaseModel

from audit.documents import (
    Complaint,
    ContactAccess,
    Document,
    Figure,
    Handling,
    Kept,
    Letter,
    Person,
    ReferralCopy,
    ReportedCase,
    ToldCase,
    UsedKey,
)
from audit.generations import LiveRoom, Room
from audit.lines import Bundles, Lines

K = TypeVar("K", bound=Kept)


@dataclass(frozen=True)
class Shelf:
    """What every service keeps alike."""

    service: str
    documents: Bundles[Document]
    """Of every collection, those that tell or hear."""
    outbox_rows: int
    letters: Mapping[str, Letter]
    """Place of the record -> why it was set aside; those that a person discarded too."""
    work: Mapping[str, datetime]
    """Row of work -> when it is to be done."""


@dataclass(frozen=True)
class Holdings:
    """The four databases, as they were read one after the other."""

    shelves: Mapping[str, Shelf]
    complaints: Mapping[str, Complaint]
    persons: Bundles[Person]
    accesses: Bundles[ContactAccess]
    used_keys: Bundles[UsedKey]
    handlings: Mapping[str, Handling]
    referral_copies: Mapping[str, ReferralCopy]
    told_cases: Mapping[str, ToldCase]
    reported_cases: Mapping[str, ReportedCase]
    case_figures: tuple[Figure, ...]
    programme_figures: tuple[Figure, ...]


def holdings_of(rooms: Mapping[str, Room]) -> Holdings:
    """Read all of it. Raises pydantic.ValidationError when a row is not what the audit takes it for."""
    rooms = {service: LiveRoom(room) for service, room in rooms.items()}
    intake, referral = rooms["intake"], rooms["referral"]
    notification, reporting = rooms["notification"], rooms["reporting"]
    return Holdings(
        shelves={service: _shelf(service, room) for service, room in rooms.items()},
        complaints=Lines(Complaint, _all(intake, "complaints", Complaint)),
        persons=Bundles(Person, _all(intake, "persons", Person)),
        accesses=Bundles(ContactAccess, _all(intake, "contact_accesses", ContactAccess)),
        used_keys=Bundles(UsedKey, _all(intake, "idempotency_keys", UsedKey)),
        handlings=Lines(Handling, _all(referral, "handlings", Handling)),
        referral_copies=Lines(ReferralCopy, _all(referral, "referrals", ReferralCopy)),
        told_cases=Lines(ToldCase, _all(notification, "cases", ToldCase)),
        reported_cases=Lines(ReportedCase, _all(reporting, "cases", ReportedCase)),
        case_figures=tuple(_figures(reporting, "case_figures")),
        programme_figures=tuple(_figures(reporting, "programme_figures")),
    )


def _shelf(service: str, room: Room) -> Shelf:
    letters = (*_all(room, "dead_letters", Letter), *_all(room, "discarded_letters", Letter))
    return Shelf(
        service=service,
        documents=Bundles(
            Document,
            (
                Document.model_validate({**row, "collection": name})
                for name in room.collections()
                for row in room.tellers_and_hearers(name)
            ),
        ),
        outbox_rows=room.count("outbox") + room.count("outbox_held"),
        letters={letter.id: letter for letter in letters},
        work={str(row["_id"]): row["due_at"] for row in room.rows("work", ["due_at"])},
    )


def _all(room: Room, collection: str, kind: type[K]) -> Iterator[K]:
    """Fields are asked for by name, so that what identifies a person never leaves the village's database."""
    for row in room.rows(collection, list(_names(kind))):
        yield kind.model_validate(row, extra="ignore")


def _names(kind: type[BaseModel]) -> Iterator[str]:
    for name, field in kind.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from (f"{name}.{within}" for within in inner.model_fields)
        else:
            yield field.alias or name


def _figures(room: Room, collection: str) -> Iterator[Figure]:
    for row in room.rows(collection, []):
        yield Figure.model_validate({**row, "counts": row})
