"""The database sessions of one process: a fixed set, each used by one unit of work at a time."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, cast

from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorDatabase
from pymongo.errors import PyMongoError

from chassis.store.errors import StoreUnavailable
from chassis.store.limits import FAREWELL_SECONDS, SESSION_SECONDS, within
from chassis.store.processes import LOOK_SECONDS, Processes

if TYPE_CHECKING:
    from motor.core import AgnosticClientSession

SESSIONS_A_PROCESS = 16
MENDING_SECONDS = 0.5


class SessionPool:
    """A fixed set of sessions; a unit of work waits for a free one, which also bounds concurrency."""

    def __init__(self, client: "AsyncIOMotorClient[Any]", database: "AsyncIOMotorDatabase[Any]", service: str) -> None:
        self._client = client
        self._processes = Processes(client, database, service)
        self._free: asyncio.LifoQueue[AgnosticClientSession] = asyncio.LifoQueue()
        self._all: list[AgnosticClientSession] = []
        self._doubtful: list[AgnosticClientSession] = []
        self._in_doubt = asyncio.Event()
        self._background: list[asyncio.Task[None]] = []

    async def open(self) -> None:
        """End the sessions of dead predecessors, then record and open our own. May be repeated after a failure."""
        await self._processes.end_the_dead()
        while len(self._all) < SESSIONS_A_PROCESS:
            session = await self._client.start_session()
            self._all.append(session)
            self._free.put_nowait(session)
        await self._give_sign()
        if not self._background:
            self._background = [
                asyncio.create_task(self._look_after_others(), name="session-heartbeat"),
                asyncio.create_task(self._mend(), name="session-mending"),
            ]

    async def _give_sign(self) -> None:
        await self._processes.give_sign([_id_of(session) for session in self._all])

    async def _look_after_others(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            with contextlib.suppress(PyMongoError):
                await self._give_sign()
                await self._processes.end_the_dead()

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
                    await self._processes.end([_id_of(session) for session in doubtful])
            except PyMongoError:
                await asyncio.sleep(MENDING_SECONDS)
                continue
            del self._doubtful[: len(doubtful)]
            for session in doubtful:
                self._free.put_nowait(session)
            if not self._doubtful:
                self._in_doubt.clear()

    async def close(self) -> None:
        for task in self._background:
            task.cancel()
        with contextlib.suppress(PyMongoError):  # else the successor ends our sessions by the record
            await self._processes.forget()
        for session in self._all:
            await session.end_session()


def _id_of(session: "AgnosticClientSession") -> Any:
    # Motor's stubs have the property as a function.
    return cast("Any", session.session_id)["id"]
