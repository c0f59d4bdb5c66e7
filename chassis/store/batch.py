"""Reading and writing for a whole batch at once: one load, one bulk a collection, one transaction."""

from collections import defaultdict
from collections.abc import Collection as Several
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from bson.errors import BSONError
from motor.motor_asyncio import AsyncIOMotorDatabase
from pydantic import ValidationError
from pymongo import DeleteOne, ReplaceOne, UpdateOne
from pymongo.errors import BulkWriteError, DocumentTooLarge, DuplicateKeyError

from chassis.store import work as work_rows
from chassis.store.copies import Copy, replacements
from chassis.store.documents import Collection, D, document_from_stored, document_to_stored
from chassis.store.errors import SERVER_IN_TROUBLE
from chassis.store.unit_of_work import OUTBOX
from chassis.store.work import Work

if TYPE_CHECKING:
    from motor.core import AgnosticClientSession

KEYS_A_FIND = 50  # $in over more gets quadratic on the embedded stack's server
DUPLICATE_KEY = 11000
TRANSIENT = frozenset({112, 251}) | SERVER_IN_TROUBLE  # WriteConflict, NoSuchTransaction


class Unstorable(Exception):
    """A document that the database will never take, or that can no longer be read: poison, not an outage."""


class Raced(Exception):
    """Someone else inserted a document of this batch meanwhile: load again and fold again."""


@contextmanager
def refusals_as_poison() -> Iterator[None]:
    """Around all writes of a batch: what no repetition can help is Raced or Unstorable, never waited out.

    What is left to the caller is an outage or a conflict, and goes by when the batch is begun anew.
    """
    try:
        yield
    except (BSONError, DocumentTooLarge, OverflowError) as error:
        raise Unstorable("something of the batch cannot be stored") from error
    except (BulkWriteError, DuplicateKeyError) as error:
        if DUPLICATE_KEY in _codes(error):
            raise Raced from error
        if error.has_error_label("TransientTransactionError") or _codes(error) & TRANSIENT:
            raise
        raise Unstorable("the database refuses something of the batch") from error


class BatchStore:
    """The database side of one batch, within an open transaction."""

    def __init__(self, database: "AsyncIOMotorDatabase[Any]", session: "AgnosticClientSession") -> None:
        self._database = database
        self._session = session

    async def load(self, collection: Collection[D], keys: Iterable[str]) -> dict[str, D]:
        """The documents with these ids, of every area: a fact is heard wherever it comes from."""
        wanted, found = sorted(keys), {}
        for start in range(0, len(wanted), KEYS_A_FIND):
            chunk = {"_id": {"$in": wanted[start : start + KEYS_A_FIND]}}
            async for stored in self._database[collection.name].find(chunk, session=self._session):
                try:
                    found[str(stored["_id"])] = document_from_stored(collection.document, stored)
                except (ValidationError, KeyError) as broken:
                    raise Unstorable(f"a stored document of {collection.name} can no longer be read") from broken
        return found

    async def write_documents(self, collection: Collection[D], documents: Mapping[str, D], known: Several[str]) -> None:
        """Insert the unknown documents and replace the known ones whole."""
        rows = {
            key: document_to_stored(document.model_copy(update={"revision": document.revision + 1}))
            for key, document in documents.items()
        }
        raw = self._database[collection.name]
        inserts = [row for key, row in rows.items() if key not in known]
        replaces: list[ReplaceOne[Any]] = [ReplaceOne({"_id": key}, row) for key, row in rows.items() if key in known]
        if inserts:
            await raw.insert_many(inserts, session=self._session)
        if replaces:
            await raw.bulk_write(replaces, session=self._session)

    async def write_copies(self, copies: Iterable[Copy]) -> None:
        for collection, replaced in replacements(copies).items():
            await self._database[collection].bulk_write(replaced, session=self._session)

    async def write_outbox(self, rows: Sequence[Mapping[str, Any]]) -> None:
        if rows:
            await self._database[OUTBOX].insert_many(rows, session=self._session)

    async def write_work(self, work: Mapping[str, tuple[Work, str] | None]) -> None:
        changes: list[ReplaceOne[Any] | DeleteOne] = [
            DeleteOne({"_id": key})
            if entry is None
            else ReplaceOne({"_id": key}, entry[0].to_row(entry[1]), upsert=True)
            for key, entry in work.items()
        ]
        if changes:
            await self._database[work_rows.COLLECTION].bulk_write(changes, session=self._session)

    async def write_rows(self, collection: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Upsert rows by id."""
        changes: list[ReplaceOne[Any]] = [ReplaceOne({"_id": row["_id"]}, row, upsert=True) for row in rows]
        if changes:
            await self._database[collection].bulk_write(changes, session=self._session)

    async def delete_row(self, collection: str, key: str) -> bool:
        """Whether it was still there."""
        deleted = await self._database[collection].delete_one({"_id": key}, session=self._session)
        return bool(deleted.deleted_count)

    async def add_counts(self, increments: Iterable[tuple[str, str, Mapping[str, object], Mapping[str, int]]]) -> None:
        """Add to counters; those for one counter are summed first. Counters that come to nothing are not written."""
        sums: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
        identities: dict[tuple[str, str], Mapping[str, object]] = {}
        for collection, key, identity, counts in increments:
            identities[collection, key] = identity
            for name, count in counts.items():
                sums[collection, key][name] += count
        changes: dict[str, list[UpdateOne]] = defaultdict(list)
        for (collection, key), counts in sums.items():
            moved = {name: count for name, count in counts.items() if count}
            if moved:
                changes[collection].append(
                    UpdateOne(
                        {"_id": key},
                        {"$inc": moved, "$setOnInsert": dict(identities[collection, key])},
                        upsert=True,
                    )
                )
        for collection, updates in changes.items():
            await self._database[collection].bulk_write(updates, session=self._session)


def _codes(error: BulkWriteError | DuplicateKeyError) -> set[int]:
    faults = (error.details or {}).get("writeErrors", [])
    return {code for code in (error.code, *(fault.get("code") for fault in faults)) if code is not None}
