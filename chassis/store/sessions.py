"""The database sessions of one process, known by id, so that a successor can end what a killed process left open.

A transaction orphaned by kill -9 keeps its documents locked for 60 s and the consumer looks idle. So the ids of all
sessions are recorded before the first transaction, and at start those of dead predecessors are ended.
"""

import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorDatabase
from pymongo.errors import PyMongoError

from chassis.store.errors import StoreUnavailable
from chassis.store.limits import FAREWELL_SECONDS, SESSION_SECONDS, within

if TYPE_CHECKING:
    from motor.core import AgnosticClientSession

SESSIONS_A_PROCESS = 16
HEARTBEAT_SECONDS = 5.0
MENDING_SECONDS = 0.5
DEAD_AFTER = timedelta(seconds=15)
COLLECTION = "processes"


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


class SessionPool:
    """A fixed set of sessions; a unit of work waits for a free one, which also bounds concurrency."""

    def __init__(self, client: "AsyncIOMotorClient[Any]", database: "AsyncIOMotorDatabase[Any]", service: str) -> None:
        self._client = client
        self._processes = database[COLLECTION]
        self._service = service
        self._key = f"{service}@{socket.gethostname()}#{os.getpid()}#{os.urandom(4).hex()}"
        self._free: asyncio.LifoQueue[AgnosticClientSession] = asyncio.LifoQueue()
        self._all: list[AgnosticClientSession] = []
        self._doubtful: list[AgnosticClientSession] = []
        self._in_doubt = asyncio.Event()
        self._background: list[asyncio.Task[None]] = []

    async def open(self) -> None:
        """End the sessions of dead predecessors, then record and open our own. May be repeated after a failure."""
        await self._end_predecessors()
        while len(self._all) < SESSIONS_A_PROCESS:
            session = await self._client.start_session()
            self._all.append(session)
            self._free.put_nowait(session)
        await self._processes.replace_one(
            {"_id": self._key},
            {
                "_id": self._key,
                "service": self._service,
                "host": socket.gethostname(),
                "pid": os.getpid(),
                "sessions": [_id_of(session) for session in self._all],
                "seen_at": datetime.now(UTC),
            },
            upsert=True,
        )
        if not self._background:
            self._background = [
                asyncio.create_task(self._beat(), name="session-heartbeat"),
                asyncio.create_task(self._mend(), name="session-mending"),
            ]

    async def _end_predecessors(self) -> None:
        host, now = socket.gethostname(), datetime.now(UTC)
        async for process in self._processes.find({"service": self._service}):
            if process["host"] == host:
                # Our own pid in another's record: a container whose every process is number 1.
                dead = not _alive(process["pid"]) or (process["pid"] == os.getpid() and not self._is_ours(process))
            else:
                dead = process["seen_at"] < now - DEAD_AFTER
            if dead:
                await self._end(process["sessions"])
                await self._processes.delete_one({"_id": process["_id"]})

    def _is_ours(self, process: Any) -> bool:
        # Several stores of one process (tests) are all alive: only a record older than this process is a predecessor's.
        started = datetime.fromtimestamp(_process_started(), UTC)
        return bool(process["seen_at"] >= started)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_SECONDS)
            try:
                await self._processes.update_one({"_id": self._key}, {"$set": {"seen_at": datetime.now(UTC)}})
            except PyMongoError:
                continue

    @asynccontextmanager
    async def session(self) -> "AsyncIterator[AgnosticClientSession]":
        """A session nobody else uses. Raises StoreUnavailable when none gets free in time."""
        try:
            async with asyncio.timeout(SESSION_SECONDS):
                session = await self._free.get()
        except TimeoutError:
            raise StoreUnavailable from None
        try:
            yield session
        finally:
            if not any(session is doubtful for doubtful in self._doubtful):
                self._free.put_nowait(session)

    def doubt(self, session: "AgnosticClientSession") -> None:
        """Keep a session from use until the server has ended what it may still hold open.

        An abort that did not arrive leaves a transaction that locks its documents for 60 s, as an orphan's does.
        """
        self._doubtful.append(session)
        self._in_doubt.set()

    async def _mend(self) -> None:
        while True:
            await self._in_doubt.wait()
            doubtful = list(self._doubtful)
            try:
                with within(FAREWELL_SECONDS):
                    await self._end([_id_of(session) for session in doubtful])
            except PyMongoError:
                await asyncio.sleep(MENDING_SECONDS)
                continue
            del self._doubtful[: len(doubtful)]
            for session in doubtful:
                self._free.put_nowait(session)
            if not self._doubtful:
                self._in_doubt.clear()

    async def _end(self, sessions: list[Any]) -> None:
        await self._client.admin.command("killSessions", [{"id": session} for session in sessions])

    async def close(self) -> None:
        for task in self._background:
            task.cancel()
        with contextlib.suppress(PyMongoError):  # else the successor ends our sessions by the record
            await self._processes.delete_one({"_id": self._key})
        for session in self._all:
            await session.end_session()


def _id_of(session: "AgnosticClientSession") -> Any:
    # Motor's stubs have the property as a function.
    return cast("Any", session.session_id)["id"]


_STARTED = datetime.now(UTC).timestamp()


def _process_started() -> float:
    return _STARTED
