"""The one door to a service's database. Motor is imported in this package only (ADR: Motor behind one door)."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from motor.motor_asyncio import AsyncIOMotorClient
from opentelemetry.trace import SpanKind
from pymongo.errors import DuplicateKeyError, OperationFailure, PyMongoError
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from chassis.area import Scope
from chassis.clock import Clock
from chassis.outbox.publisher import Publisher
from chassis.store import work as work_rows
from chassis.store.documents import Collection, D, Index
from chassis.store.errors import AlreadyExists, StoreUnavailable, is_outage
from chassis.store.limits import (
    CONNECT_MS,
    DEED_SECONDS,
    FAREWELL_SECONDS,
    HEARTBEAT_MS,
    OPERATION_SECONDS,
    PING_SECONDS,
    PREPARE_SECONDS,
    SERVER_SELECTION_MS,
    within,
)
from chassis.store.migrations import Migration, migrate
from chassis.store.repository import Reader
from chassis.store.sessions import SessionPool
from chassis.store.transactions import abort, commit
from chassis.store.unit_of_work import HELD, OUTBOX, UnitOfWork
from chassis.telemetry import Telemetry
from chassis.unbroken import unbroken

if TYPE_CHECKING:
    from motor.core import AgnosticClientSession

T = TypeVar("T")

TRANSACTION_ATTEMPTS = 20
_JOURNALED = WriteConcern(w="majority", j=True)
_SNAPSHOT = ReadConcern("snapshot")

_OWN_INDEXES: dict[str, tuple[Index, ...]] = {
    work_rows.COLLECTION: (Index.on("kind", "not_before"),),
    HELD: (Index.on("topic"),),
    "dead_letters": (
        Index.on("dead_at", "_id"),
        Index.on("reason", "dead_at", "_id"),
        Index.on("topic", "dead_at", "_id"),
        Index.on("topic", "partition", "offset"),
        Index.on("reason", "topic", "partition", "offset"),
    ),
    "replayed_letters": (Index.on("run"),),
}


def is_transient(error: PyMongoError) -> bool:
    """Whether the same transaction may succeed when begun anew: a conflict, a lost connection, a restart."""
    return error.has_error_label("TransientTransactionError") or is_outage(error)


class Store:
    """A service's database: units of work, scoped reads, and what the chassis keeps beside the documents."""

    def __init__(self, uri: str, database: str, *, clock: Clock, telemetry: Telemetry) -> None:
        self._client: AsyncIOMotorClient[Any] = AsyncIOMotorClient(
            uri,
            tz_aware=True,
            serverSelectionTimeoutMS=SERVER_SELECTION_MS,
            connectTimeoutMS=CONNECT_MS,
            heartbeatFrequencyMS=HEARTBEAT_MS,
            # Not timeoutMS: that repeats an operation until its end, and a stop would wait for each.
            socketTimeoutMS=int(OPERATION_SECONDS * 1000),
            retryWrites=True,
        )
        self.database = self._client.get_database(database, write_concern=_JOURNALED)
        self.clock = clock
        self.telemetry = telemetry
        self.publisher = Publisher(telemetry)
        self._sessions = SessionPool(self._client, self.database, telemetry.service)
        self._wakers: list[Callable[[], None]] = []

    async def open(self, collections: Sequence[Collection[Any]], migrations: Sequence[Migration] = ()) -> None:
        """End what a killed predecessor left open, migrate, and create collections and indexes."""
        await self._sessions.open()
        await migrate(self.database, migrations)
        wanted = {collection.name: collection.indexes for collection in collections}
        for name, indexes in {**_OWN_INDEXES, OUTBOX: (), **wanted}.items():
            await self.create(name, indexes)

    async def create(self, name: str, indexes: Sequence[Index]) -> None:
        """Create a collection and its indexes where they are missing."""
        existing = await self.database.list_collection_names(filter={"name": name})
        if not existing:
            try:
                await self.database.create_collection(name)
            except OperationFailure as error:
                if error.code != 48:  # NamespaceExists: another instance was quicker
                    raise
        for index in indexes:
            options: dict[str, Any] = {"name": index.name, "unique": index.unique}
            if index.expire_after is not None:
                options["expireAfterSeconds"] = int(index.expire_after.total_seconds())
            with within(PREPARE_SECONDS):
                await self.database[name].create_index(list(index.fields), **options)

    def reading(self, scope: Scope, collection: Collection[D]) -> Reader[D]:
        """Reads outside a transaction, within one scope."""
        return Reader(collection, self.database[collection.name], scope, None)

    async def transact(
        self, scope: Scope, deed: Callable[[UnitOfWork], Awaitable[T]], *, causation: str | None = None
    ) -> T:
        """Run a deed in one transaction, again from its beginning after a conflict; then wake relay and workers.

        Raises what the deed raises (nothing is written then), StoreUnavailable when the database does not answer in
        time, OutcomeUnknown when it does not say whether the deed was committed.
        """
        until = time.monotonic() + DEED_SECONDS
        tracer = self.telemetry.tracer
        with tracer.start_as_current_span(
            "unit of work",
            kind=SpanKind.CLIENT,
            attributes={"db.system.name": "mongodb", "db.namespace": self.database.name},
            record_exception=False,
            set_status_on_exception=False,
        ):
            for attempt in range(TRANSACTION_ATTEMPTS):
                try:
                    async with self.transaction() as session:
                        unit = UnitOfWork(scope, self.clock.now(), self.database, session, self.publisher, causation)
                        with within(until - time.monotonic()):
                            result = await deed(unit)
                            await unit.flush()
                    self.wake()
                    return result
                except DuplicateKeyError as error:
                    raise AlreadyExists("this service") from error
                except PyMongoError as error:
                    if not is_transient(error):
                        raise
                    if time.monotonic() >= until or (is_outage(error) and attempt >= 2):
                        raise StoreUnavailable from error
                    self.telemetry.instruments.transaction_retries.add(1)
                    await asyncio.sleep(random.uniform(0, min(0.02 * 2**attempt, 1.0)))  # noqa: S311 - jitter
            raise StoreUnavailable

    @asynccontextmanager
    async def transaction(self) -> "AsyncIterator[AgnosticClientSession]":
        """A snapshot transaction committed at the end of the block, aborted by any exception.

        Raises OutcomeUnknown when the answer to the commit was lost: the caller alone knows whether beginning anew is
        safe. It never is for a deed, which would find its own effect and call it stale, or do it twice.
        """
        async with self._sessions.session() as session:
            session.start_transaction(read_concern=_SNAPSHOT, write_concern=_JOURNALED)
            try:
                yield session
            except BaseException as fault:
                if bool(session.in_transaction):
                    await unbroken(abort(session))
                if is_outage(fault):
                    self._sessions.doubt(session)
                raise
            await unbroken(self._commit(session))

    async def _commit(self, session: "AgnosticClientSession") -> None:
        try:
            await commit(session)
        except (StoreUnavailable, PyMongoError):
            self._sessions.doubt(session)
            raise

    def on_commit(self, waker: Callable[[], None]) -> None:
        """Have `waker` called after each commit in this process."""
        self._wakers.append(waker)

    def wake(self) -> None:
        for waker in self._wakers:
            waker()

    async def ping(self) -> bool:
        """Whether the database reads, and soon: one whose storage has given up still answers a ping."""
        try:
            # The inner limit ends the question, the outer one also the wait for a thread to ask it in.
            async with asyncio.timeout(PING_SECONDS):
                with within(PING_SECONDS):
                    await self.database[OUTBOX].find_one({}, {"_id": 1})
        except (PyMongoError, TimeoutError):
            return False
        return True

    async def close(self) -> None:
        """Say farewell, and be gone soon also when nobody listens."""
        with within(FAREWELL_SECONDS):
            await self._sessions.close()
            await asyncio.to_thread(self._client.close)
