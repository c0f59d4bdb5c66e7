"""One unit of work: everything a deed changes and tells, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from motor.motor_asyncio import AsyncIOMotorDatabase
from pymongo import DeleteOne, ReplaceOne

from chassis.area import Scope
from chassis.outbox.outgoing import Outgoing
from chassis.outbox.publisher import OutboxRows, Publisher
from chassis.store import work as work_rows
from chassis.store.copies import Copy, replacements
from chassis.store.documents import Collection, D
from chassis.store.errors import WorkTakenOver
from chassis.store.repository import Repository
from chassis.store.work import Task, Work
from chassis.telemetry.propagation import traceparent_of

if TYPE_CHECKING:
    from motor.core import AgnosticClientSession

OUTBOX = "outbox"
HELD = "outbox_held"
"""Facts for topics that do not exist, see chassis.outbox.held."""


@dataclass
class UnitOfWork:
    """Handed to a deed by `Store.transact`.

    The deed may be run again from its beginning, so it must not act outside.
    """

    scope: Scope
    now: datetime
    database: "AsyncIOMotorDatabase[Any]"
    session: "AgnosticClientSession"
    publisher: Publisher
    causation: str | None = None
    _told: OutboxRows = field(default_factory=OutboxRows)
    _work: dict[str, Work | None] = field(default_factory=dict)
    _copies: list[Copy] = field(default_factory=list)

    def of(self, collection: Collection[D]) -> Repository[D]:
        """The repository of one collection, scoped to this unit's area."""
        return Repository(collection, self.database[collection.name], self.scope, self.session, self.publish)

    def publish(self, document: D, events: Sequence[Outgoing], /) -> D:
        """Queue events about a document; the returned copy counts them. Repositories call this on add and save."""
        return self.publisher.tell(document, events, self._told, now=self.now, causation=self.causation)

    def schedule(self, work: Work) -> None:
        """Have `work` done at its time; the same kind and key replaces what was scheduled."""
        self._work[work.row_id] = work

    def unschedule(self, kind: str, key: str) -> None:
        self._work[f"{kind}:{key}"] = None

    def keep_copy(self, copy: Copy) -> None:
        """Write a copy for queries of what this unit changes."""
        self._copies.append(copy)

    async def finish(self, task: Task) -> None:
        """Take a leased row away in this transaction: the work is done exactly when the transaction commits.

        Raises WorkTakenOver when the lease was lost meanwhile; whoever holds the row now does the work. A row that
        the deed schedules anew under the same key stays, with its new time.
        """
        deleted = await self.database[work_rows.COLLECTION].delete_one(
            {"_id": task.work.row_id, "lease": task.lease}, session=self.session
        )
        if deleted.deleted_count != 1:
            raise WorkTakenOver(f"the lease on {task.work.kind} was lost")

    async def flush(self) -> None:
        """Write what was queued; the store calls this just before it commits."""
        rows = list(self._told.rows())
        if rows:
            await self.database[OUTBOX].insert_many(rows, session=self.session)
        for collection, replaced in replacements(self._copies).items():
            await self.database[collection].bulk_write(replaced, session=self.session)
        if self._work:
            traceparent = traceparent_of()
            changes: list[ReplaceOne[Any] | DeleteOne] = [
                DeleteOne({"_id": key})
                if work is None
                else ReplaceOne({"_id": key}, work.to_row(traceparent), upsert=True)
                for key, work in self._work.items()
            ]
            await self.database[work_rows.COLLECTION].bulk_write(changes, session=self.session)
