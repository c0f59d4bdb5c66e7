"""Area-scoped repositories: the only way a service reads and writes its documents."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol

from motor.core import AgnosticClientSession, AgnosticCollection
from pymongo.errors import DuplicateKeyError

from chassis.area import Scope
from chassis.outbox.outgoing import Outgoing
from chassis.store.conditions import Condition, query_filter, scope_filter
from chassis.store.documents import Collection, D, document_from_stored, document_to_stored
from chassis.store.errors import AlreadyExists, NotFound, OutOfScope, StaleEdit
from chassis.store.paging import Order, page_of_rows


@dataclass(frozen=True)
class Page(Generic[D]):
    """One page of documents; `next_cursor` asks for the following one, None at the end."""

    items: tuple[D, ...]
    next_cursor: str | None


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
        found = await page_of_rows(
            self._raw,
            query_filter(self._scope, conditions),
            order,
            cursor=cursor,
            limit=limit,
            session=self._session,
        )
        items = tuple(document_from_stored(self._collection.document, row) for row in found.rows)
        return Page(items, found.next_cursor)


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
