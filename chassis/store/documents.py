"""Documents and collections, as a service declares them in its store.py."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any, Generic, Literal, TypeVar, cast

from pydantic import BaseModel, ConfigDict

from chassis.area import AreaCode
from chassis.heard import Heard


class PublishedCount(BaseModel):
    """How many events this document has published about one subject."""

    model_config = ConfigDict(frozen=True)

    subject: str
    count: int


class Document(BaseModel):
    """What every stored document leads with.

    `revision` counts the writes; `edition` those that a person's decision may rest on, and is the ETag: a message noted
    as delivered must not turn back whoever is just filling in a form. `heard` says which events made the document,
    `published` how many events it has told. Frozen: a change is a copy, and only a unit of work writes it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    area: AreaCode
    revision: int = 0
    edition: int = 0
    heard: Heard = Heard()
    published: tuple[PublishedCount, ...] = ()

    @property
    def within(self) -> tuple[str, ...]:
        """The areas from which it is seen: its own and all around it. A document within none is seen by nobody."""
        return areas_around(self.area)

    def published_about(self, subject: str) -> int:
        return next((entry.count for entry in self.published if entry.subject == subject), 0)

    def counting(self, subject: str) -> tuple[PublishedCount, ...]:
        """The counts after one more event about `subject`."""
        others = tuple(entry for entry in self.published if entry.subject != subject)
        return (*others, PublishedCount(subject=subject, count=self.published_about(subject) + 1))


D = TypeVar("D", bound=Document)

Direction = Literal[1, -1]

WITHIN = "within"
"""Stored beside `area`: the chain of areas a document lies in, the leading field of every scoped index."""


@dataclass(frozen=True)
class Index:
    """One declared index. Every query a service makes is served by one of these; scoped ones lead with "within"."""

    fields: tuple[tuple[str, Direction], ...]
    unique: bool = False
    expire_after: timedelta | None = None

    @staticmethod
    def on(*fields: str, unique: bool = False, expire_after: timedelta | None = None) -> "Index":
        """An index over fields in order; a leading "-" means descending."""
        parsed: list[tuple[str, Direction]] = [
            (field[1:], -1) if field.startswith("-") else (field, 1) for field in fields
        ]
        return Index(tuple(parsed), unique=unique, expire_after=expire_after)

    @property
    def name(self) -> str:
        return "_".join(f"{field}_{direction}" for field, direction in self.fields)


@dataclass(frozen=True)
class Collection(Generic[D]):
    """A collection of one kind of document."""

    name: str
    document: type[D]
    indexes: tuple[Index, ...] = ()


def to_stored(value: object) -> Any:
    """A model's Python values as the database keeps them: enums by value, dates as ISO text, tuples as lists."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(to_stored(key)): to_stored(item) for key, item in value.items()}
    if isinstance(value, str | bytes | datetime):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Sequence | set | frozenset):
        return [to_stored(item) for item in value]
    return value


def areas_around(area: str) -> tuple[str, ...]:
    """The area and all it lies in, the country ("") first: 32.03 gives "", "32", "32.03"."""
    parts = area.split(".") if area else []
    return tuple(".".join(parts[:depth]) for depth in range(len(parts) + 1))


def document_to_stored(document: Document) -> dict[str, Any]:
    # A warning about a value would show the value.
    fields = cast("dict[str, Any]", to_stored(document.model_dump(mode="python", warnings=False)))
    return {"_id": fields.pop("id"), WITHIN: list(document.within), **fields}


def document_from_stored(kind: type[D], stored: Mapping[str, Any]) -> D:
    fields = dict(stored)
    del fields[WITHIN]
    # A newer instance may have written fields this one does not know: it must be able to run beside it.
    return kind.model_validate({"id": fields.pop("_id"), **fields}, extra="ignore")
