"""Leases: at most one holder of a name at a time, as far as one clock can promise it, the database's.

Whoever acts under a lease must also survive a second holder for a moment (a stopped process wakes late), which is
why the relay publishes with a fencing producer besides.
"""

import asyncio
import contextlib
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from motor.motor_asyncio import AsyncIOMotorDatabase
from pymongo.errors import DuplicateKeyError

from chassis.store.errors import INFRASTRUCTURE, LeaseLost
from chassis.store.limits import FAREWELL_SECONDS, within
from chassis.store.server_time import server_now

COLLECTION = "leases"
RETRY_SECONDS = 0.5


class Lease:
    """A named lease in the service's own database. Its clock decides between processes, monotonic time within one."""

    def __init__(self, database: "AsyncIOMotorDatabase[Any]", name: str, seconds: float) -> None:
        self._database = database
        self._leases = database[COLLECTION]
        self._name = name
        self._seconds = seconds
        self._holder = os.urandom(8).hex()
        self._valid_until = 0.0

    async def acquire(self) -> bool:
        """Take or renew the lease; False when another holds it."""
        asked_at = time.monotonic()
        try:
            with within(self._seconds / 3):  # an answer that comes later is of no use
                now = await server_now(self._database)
                await self._leases.find_one_and_update(
                    {"_id": self._name, "$or": [{"until": {"$lt": now}}, {"holder": self._holder}]},
                    {"$set": {"holder": self._holder, "until": now + timedelta(seconds=self._seconds)}},
                    upsert=True,
                )
        except DuplicateKeyError:
            self._valid_until = 0.0
            return False
        self._valid_until = asked_at + self._seconds
        return True

    def check(self) -> None:
        """Raise LeaseLost unless the lease is surely still ours."""
        if time.monotonic() >= self._valid_until:
            raise LeaseLost(f"the lease {self._name} ran out before it was renewed")

    async def renew(self) -> None:
        """Renew and check. Raises LeaseLost."""
        if not await self.acquire():
            raise LeaseLost(f"the lease {self._name} was taken over")
        self.check()

    async def release(self) -> None:
        self._valid_until = 0.0
        with within(FAREWELL_SECONDS):
            await self._leases.delete_one({"_id": self._name, "holder": self._holder})

    @asynccontextmanager
    async def held_while_renewing(self) -> AsyncIterator[None]:
        """Wait for the lease, keep it during the block, give it back."""
        while not await self.acquire():  # noqa: ASYNC110 - the holder is another process
            await asyncio.sleep(RETRY_SECONDS)
        renewal = asyncio.create_task(self._keep())
        try:
            yield
        finally:
            renewal.cancel()
            await self.release()

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(self._seconds / 3)
            with contextlib.suppress(*INFRASTRUCTURE):  # it may be back in time; `check` says whether it was
                await self.acquire()
