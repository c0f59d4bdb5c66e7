"""Versioned migrations: applied once, in order, under a lock, before a service takes its first request.

Expand, then contract: an old instance must be able to run beside a migrated database. It reads over fields it does
not know and drops them when it writes, so a new field is read in one release and written from the next.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from motor.motor_asyncio import AsyncIOMotorDatabase
from pymongo import ReplaceOne

from chassis.store.leases import Lease
from chassis.store.limits import PREPARE_SECONDS, within

COLLECTION = "migrations"
CHUNK = 500


@dataclass(frozen=True)
class Rewriting:
    """What a migration may do: rewrite the stored documents of a collection, one by one."""

    database: "AsyncIOMotorDatabase[Any]"

    async def rewrite(self, collection: str, change: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> int:
        """Replace every document by `change(document)` where that differs; returns how many changed.

        Must be repeatable: a migration cut off by a crash runs again from its beginning.
        """
        changed = 0
        pending: list[ReplaceOne[Any]] = []
        async for stored in self.database[collection].find().sort("_id", 1):
            after = dict(change(stored))
            if after != stored:
                # Matched by the whole revision read: a running instance's newer write is not overwritten.
                pending.append(ReplaceOne({"_id": stored["_id"], "revision": stored.get("revision")}, after))
            if len(pending) >= CHUNK:
                changed += (await self.database[collection].bulk_write(pending)).modified_count
                pending = []
        if pending:
            changed += (await self.database[collection].bulk_write(pending)).modified_count
        return changed


@dataclass(frozen=True)
class Migration:
    """One step; `version` is unique and grows."""

    version: int
    description: str
    apply: Callable[[Rewriting], Awaitable[object]]


async def migrate(database: "AsyncIOMotorDatabase[Any]", migrations: Sequence[Migration]) -> tuple[int, ...]:
    """Apply what is missing, in order of version; returns the versions applied now."""
    lease = Lease(database, "migrations", seconds=30)
    applied_now: list[int] = []
    async with lease.held_while_renewing():
        done = {row["_id"] async for row in database[COLLECTION].find({}, {"_id": 1})}
        for migration in sorted(migrations, key=lambda item: item.version):
            if migration.version in done:
                continue
            lease.check()
            with within(PREPARE_SECONDS):
                await migration.apply(Rewriting(database))
            await database[COLLECTION].insert_one(
                {
                    "_id": migration.version,
                    "description": migration.description,
                    "applied_at": datetime.now(UTC),
                }
            )
            applied_now.append(migration.version)
    return tuple(applied_now)
