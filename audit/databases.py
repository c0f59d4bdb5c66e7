"""Reading the databases of the four services: only what a law speaks of."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import PyMongoError

from audit.documents import (
    Complaint,
    ContactAccess,
    Document,
    Figure,
    Handling,
    Kept,
    Letter,
    ReferralCopy,
    ReportedCase,
    ToldCase,
    UsedKey,
)
from audit.topics import Progress

K = TypeVar("K", bound=Kept)
Stored = Database[dict[str, Any]]

SERVER_SELECTION_TIMEOUT_MS = 5000
_TELLS_OR_HEARS = {"$or": [{"published.0": {"$exists": True}}, {"heard.entries.0": {"$exists": True}}]}


class DatabaseUnreadable(Exception):
    """A database does not answer, or holds what the audit cannot read."""


@dataclass(frozen=True)
class Shelf:
    """What every service keeps alike."""

    service: str
    documents: tuple[Document, ...]
    """Of every collection, those that tell or hear."""
    outbox_rows: int
    letters: Mapping[str, Letter]
    """Place of the record -> why it was set aside; those that a person discarded too."""
    work: frozenset[str]


@dataclass(frozen=True)
class Databases:
    """The four databases, as they were read one after the other."""

    shelves: Mapping[str, Shelf]
    complaints: Mapping[str, Complaint]
    accesses: tuple[ContactAccess, ...]
    used_keys: tuple[UsedKey, ...]
    handlings: Mapping[str, Handling]
    referral_copies: Mapping[str, ReferralCopy]
    told_cases: Mapping[str, ToldCase]
    reported_cases: Mapping[str, ReportedCase]
    case_figures: tuple[Figure, ...]
    programme_figures: tuple[Figure, ...]


def read_databases(uris: Mapping[str, str], progress: Progress) -> Databases:
    """Raises DatabaseUnreadable."""
    shelves: dict[str, Shelf] = {}
    clients: list[MongoClient[dict[str, Any]]] = []
    opened: dict[str, Stored] = {}
    try:
        for service, uri in uris.items():
            progress(f"reading the database of {service}")
            client: MongoClient[dict[str, Any]] = MongoClient(
                uri, tz_aware=True, serverSelectionTimeoutMS=SERVER_SELECTION_TIMEOUT_MS
            )
            clients.append(client)
            opened[service] = client.get_default_database(service)
            shelves[service] = _shelf(service, opened[service])
        return _databases(shelves, opened)
    except PyMongoError as error:
        raise DatabaseUnreadable(f"a database cannot be read ({type(error).__name__})") from error
    except ValidationError as error:
        raise DatabaseUnreadable(f"the audit cannot read what is stored: {error}") from error
    finally:
        for client in clients:
            client.close()


def _databases(shelves: Mapping[str, Shelf], opened: Mapping[str, Stored]) -> Databases:
    intake, referral = opened["intake"], opened["referral"]
    notification, reporting = opened["notification"], opened["reporting"]
    return Databases(
        shelves=shelves,
        complaints={case.id: case for case in _all(intake, "complaints", Complaint)},
        accesses=tuple(_all(intake, "contact_accesses", ContactAccess)),
        used_keys=tuple(_all(intake, "idempotency_keys", UsedKey)),
        handlings={case.id: case for case in _all(referral, "handlings", Handling)},
        referral_copies={copy.id: copy for copy in _all(referral, "referrals", ReferralCopy)},
        told_cases={case.id: case for case in _all(notification, "cases", ToldCase)},
        reported_cases={case.id: case for case in _all(reporting, "cases", ReportedCase)},
        case_figures=tuple(_figures(reporting, "case_figures")),
        programme_figures=tuple(_figures(reporting, "programme_figures")),
    )


def _shelf(service: str, database: Stored) -> Shelf:
    documents: list[Document] = []
    for name in sorted(database.list_collection_names()):
        for row in database[name].find(_TELLS_OR_HEARS, {"area": 1, "heard": 1, "published": 1}):
            documents.append(Document.model_validate({**row, "collection": name}))
    letters = (*_all(database, "dead_letters", Letter), *_all(database, "discarded_letters", Letter))
    return Shelf(
        service=service,
        documents=tuple(documents),
        outbox_rows=database["outbox"].count_documents({}),
        letters={letter.id: letter for letter in letters},
        work=frozenset(str(row["_id"]) for row in database["work"].find({}, {"_id": 1})),
    )


def _all(database: Stored, collection: str, kind: type[K]) -> Iterator[K]:
    """Fields are asked for by name, so that what identifies a person never leaves the village's database."""
    fields = dict.fromkeys(_names(kind), 1)
    for row in database[collection].find({}, fields):
        yield kind.model_validate(row, extra="ignore")


def _names(kind: type[BaseModel]) -> Iterator[str]:
    for name, field in kind.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from (f"{name}.{within}" for within in inner.model_fields)
        else:
            yield field.alias or name


def _figures(database: Stored, collection: str) -> Iterator[Figure]:
    for row in database[collection].find({}):
        yield Figure.model_validate({**row, "counts": row})
