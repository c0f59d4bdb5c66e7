"""Area-scoped repositories: the only way a service reads and writes its documents."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol

from motor.core import AgnosticClientSession, AgnosticCollection
from pymongo.errors import DuplicateKeyError

from chassis.area import Scope
from chassis.outbox.outgoing import Outgoing
from chassis.store.conditions import Condition, query_filter, scope_filter
from chassis.store.documents import Collection, D, Direction, document_from_stored, document_to_stored
from chassis.store.errors import AlreadyExists, NotFound, OutOfScope, StaleEdit

PAGE_LIMIT = 200


@dataclass(frozen=True)
class Order:
    """Sort by one field, ties by id."""

    field: str
    direction: Direction = 1


class BadCursor(ValueError):
    """A cursor that this server did not make."""


@dataclass(frozen=True)
class Page(Generic[D]):
    """One page of documents; `next_cursor` asks for the following one, None at the end."""

    items: tuple[D, ...]
    next_cursor: str | None


def _encode_cursor(value: object, key: str) -> str:
    text = {"t": value.isoformat()} if isinstance(value, datetime) else {"v": value}
    return base64.urlsafe_b64encode(json.dumps([text, key]).encode()).decode().rstrip("=")


def _decode_cursor(cursor: str) -> tuple[Any, str]:
    try:
        packed, key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        value = datetime.fromisoformat(packed["t"]) if "t" in packed else packed["v"]
        if not isinstance(key, str) or isinstance(value, dict | list):
            raise BadCursor
        key.encode()
        if isinstance(value, int) and value.bit_length() > 63:
            raise BadCursor
    except (ValueError, KeyError, TypeError, RecursionError) as broken:
        raise BadCursor("This page address is not one of ours. Start again from the first page.") from broken
    return value, key


class Reader(Generic[D]):
    """Reads one collection within one scope. What lies outside the scope does not exist here."""

    def __init__(
        self,
        collection: Collection[D],
        raw: "AgnosticCollection[Any]",
        scope: Scope,
        session: "AgnosticClientSession | None",
    ) -> None:
        self._collection = collection
        self._raw = raw
        self._scope = scope
        self._session = session

    async def get(self, key: str) -> D:
        """The document with this id. Raises NotFound, also for one outside the scope."""
        found = await self.find(key)
        if found is None:
            raise NotFound(self._collection.name, key)
        return found

    async def find(self, key: str) -> D | None:
        stored = await self._raw.find_one({"_id": key, **scope_filter(self._scope)}, session=self._session)
        return None if stored is None else document_from_stored(self._collection.document, stored)

    async def first(self, *conditions: Condition) -> D | None:
        stored = await self._raw.find_one(query_filter(self._scope, conditions), session=self._session)
        return None if stored is None else document_from_stored(self._collection.document, stored)

    async def count(self, *conditions: Condition) -> int:
        return int(await self._raw.count_documents(query_filter(self._scope, conditions), session=self._session))

    async def tally(self, field: str, *conditions: Condition) -> Mapping[str, int]:
        """How many documents there are of each value of a text field, by value."""
        pipeline = [
            {"$match": query_filter(self._scope, conditions)},
            {"$group": {"_id": f"${field}", "count": {"$sum": 1}}},
        ]
        found = self._raw.aggregate(pipeline, session=self._session)
        counted = {str(row["_id"]): int(row["count"]) async for row in found}
        return dict(sorted(counted.items()))

    async def all(self, *conditions: Condition, limit: int) -> tuple[D, ...]:
        """At most `limit` documents in no promised order; for sets known to be small."""
        cursor = self._raw.find(query_filter(self._scope, conditions), session=self._session).limit(limit)
        return tuple([document_from_stored(self._collection.document, stored) async for stored in cursor])

    async def page(self, *conditions: Condition, order: Order, cursor: str | None = None, limit: int = 50) -> Page[D]:
        """One page in `order`. Raises BadCursor for a cursor that was not made here."""
        limit = max(1, min(limit, PAGE_LIMIT))
        filter_ = query_filter(self._scope, conditions)
        if cursor is not None:
            value, key = _decode_cursor(cursor)
            beyond = "$gt" if order.direction == 1 else "$lt"
            after = {
                "$or": [
                    {order.field: {beyond: value}},
                    {order.field: value, "_id": {beyond: key}},
                ]
            }
            filter_ = {**filter_, "$and": [*filter_.get("$and", []), after]}
        found = (
            self._raw.find(filter_, session=self._session)
            .sort([(order.field, order.direction), ("_id", order.direction)])
            .limit(limit + 1)
        )
        stored = [item async for item in found]
        items = tuple(document_from_stored(self._collection.document, item) for item in stored[:limit])
        last = stored[limit - 1] if len(stored) > limit else None
        return Page(items, None if last is None else _encode_cursor(_dotted(last, order.field), str(last["_id"])))


def _dotted(stored: Any, field: str) -> Any:
    for part in field.split("."):
        stored = stored[part]
    return stored


class Telling(Protocol):
    """Queues events about a document; returns it with its counts of published events moved on."""

    def __call__(self, document: D, events: Sequence[Outgoing], /) -> D: ...


class Repository(Reader[D]):
    """Reads and writes one collection within a unit of work."""

    def __init__(
        self,
        collection: Collection[D],
        raw: "AgnosticCollection[Any]",
        scope: Scope,
        session: "AgnosticClientSession",
        tell: Telling,
    ) -> None:
        super().__init__(collection, raw, scope, session)
        self._tell_all = tell

    async def add(self, document: D, events: Sequence[Outgoing] = ()) -> D:
        """Store a new document and queue its events. Raises AlreadyExists."""
        told = self._tell(document, events)
        try:
            await self._raw.insert_one(document_to_stored(told), session=self._session)
        except DuplicateKeyError:
            # The server has ended the transaction: anything but leaving it would look like a transient fault.
            raise AlreadyExists(self._collection.name) from None
        return told

    async def save(self, document: D, events: Sequence[Outgoing] = (), expected: int | None = None) -> D:
        """Replace a document loaded in this unit of work, and queue its events.

        `expected` is the edition the caller's decision rests on (If-Match); StaleEdit when it is another.
        """
        if expected is not None and expected != document.edition:
            raise StaleEdit(document.edition)
        told = self._tell(document, events)
        replaced = await self._raw.replace_one(
            {"_id": document.id, "revision": document.revision},
            document_to_stored(told),
            session=self._session,
        )
        if replaced.matched_count != 1:
            raise StaleEdit(document.edition)
        return told

    def _tell(self, document: D, events: Sequence[Outgoing]) -> D:
        if not self._scope.covers(document.area):
            raise OutOfScope(f"a document of {self._collection.name} lies outside the unit of work's area")
        told = self._tell_all(document, events)
        return told.model_copy(update={"revision": document.revision + 1, "edition": document.edition + 1})
