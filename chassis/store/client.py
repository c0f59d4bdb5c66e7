"""The one door to a service's database. Motor is imported in this package only (ADR: Motor behind one door)."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from motor.motor_asyncio import AsyncIOMotorClient
from opentelemetry.trace import SpanKind
from pymongo.errors import (
    ConnectionFailure,
    DuplicateKeyError,
    ExecutionTimeout,
    OperationFailure,
    PyMongoError,
)
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from chassis.area import Scope
from chassis.clock import Clock
from chassis.outbox.held import HELD
from chassis.outbox.publisher import Publisher
from chassis.store import work as work_rows
from chassis.store.documents import Collection, D, Index
from chassis.store.errors import AlreadyExists, OutcomeUnknown, StoreUnavailable
from chassis.store.migrations import Migration, migrate
from chassis.store.repository import Reader
from chassis.store.sessions import SessionPool
from chassis.store.unit_of_work import OUTBOX, UnitOfWork
from chassis.telemetry import Telemetry
from chassis.unbroken import unbroken

if TYPE_CHECKING:
    from motor.core import AgnosticClientSession

T = TypeVar("T")

SERVER_SELECTION_TIMEOUT_MS = 5000
SOCKET_TIMEOUT_MS = 20000
TRANSACTION_ATTEMPTS = 20
COMMIT_ATTEMPTS = 5
_JOURNALED = WriteConcern(w="majority", j=True)
_SNAPSHOT = ReadConcern("snapshot")

_OWN_INDEXES: dict[str, tuple[Index, ...]] = {
    work_rows.COLLECTION: (Index.on("kind", "not_before"),),
    HELD: (Index.on("topic"),),
    "dead_letters": (Index.on("reason", "dead_at"),),
}


def is_transient(error: PyMongoError) -> bool:
    """Whether the same transaction may succeed when begun anew: a conflict, a lost connection, a restart."""
    return (
        error.has_error_label("TransientTransactionError")
        or error.has_error_label("UnknownTransactionCommitResult")
        or isinstance(error, ConnectionFailure | ExecutionTimeout)
    )


class Store:
    """A service's database: units of work, scoped reads, and what the chassis keeps beside the documents."""

    def __init__(self, uri: str, database: str, *, clock: Clock, telemetry: Telemetry) -> None:
        self._client: AsyncIOMotorClient[Any] = AsyncIOMotorClient(
            uri,
            tz_aware=True,
            serverSelectionTimeoutMS=SERVER_SELECTION_TIMEOUT_MS,
            socketTimeoutMS=SOCKET_TIMEOUT_MS,
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
            await self.database[name].create_index(list(index.fields), **options)

    def reading(self, scope: Scope, collection: Collection[D]) -> Reader[D]:
        """Reads outside a transaction, within one scope."""
        return Reader(collection, self.database[collection.name], scope, None)

    async def transact(
        self, scope: Scope, deed: Callable[[UnitOfWork], Awaitable[T]], *, causation: str | None = None
    ) -> T:
        """Run a deed in one transaction, again from its beginning after a conflict; then wake relay and workers.

        Raises what the deed raises (nothing is written then), StoreUnavailable when the database does not answer.
        """
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
                        result = await deed(unit)
                        await unit.flush()
                    self.wake()
                    return result
                except DuplicateKeyError as error:
                    raise AlreadyExists("this service") from error
                except PyMongoError as error:
                    if error.has_error_label("UnknownTransactionCommitResult"):
                        # Begun anew, the deed would find its own effect and call it stale, or an illegal move.
                        raise OutcomeUnknown from error
                    if not is_transient(error):
                        raise
                    if isinstance(error, ConnectionFailure) and attempt >= 2:
                        raise StoreUnavailable from error
                    self.telemetry.instruments.transaction_retries.add(1)
                    await asyncio.sleep(random.uniform(0, min(0.02 * 2**attempt, 1.0)))  # noqa: S311 - jitter
            raise StoreUnavailable

    @asynccontextmanager
    async def transaction(self) -> "AsyncIterator[AgnosticClientSession]":
        """A snapshot transaction committed at the end of the block, aborted by any exception.

        A commit whose answer was lost is asked again; only the caller can know whether beginning anew is safe.
        """
        async with self._sessions.session() as session:
            session.start_transaction(read_concern=_SNAPSHOT, write_concern=_JOURNALED)
            try:
                yield session
            except BaseException:
                if bool(session.in_transaction):
                    await unbroken(_abort(session))
                raise
            await unbroken(_commit(session))

    def on_commit(self, waker: Callable[[], None]) -> None:
        """Have `waker` called after each commit in this process."""
        self._wakers.append(waker)

    def wake(self) -> None:
        for waker in self._wakers:
            waker()

    async def ping(self) -> bool:
        """Whether the database answers."""
        try:
            await self._client.admin.command("ping")
        except PyMongoError:
            return False
        return True

    async def close(self) -> None:
        await self._sessions.close()
        self._client.close()


async def _commit(session: "AgnosticClientSession") -> None:
    for attempt in range(COMMIT_ATTEMPTS):
        try:
            await session.commit_transaction()
            return
        except PyMongoError as error:
            unknown = error.has_error_label("UnknownTransactionCommitResult")
            if not unknown or attempt == COMMIT_ATTEMPTS - 1:
                raise
            await asyncio.sleep(0.05 * 2**attempt)


async def _abort(session: "AgnosticClientSession") -> None:
    try:
        await session.abort_transaction()
    except PyMongoError:
        return  # the server has ended it already, or will when the session is used again
