"""The running processes of a service, each with its database sessions, so that those of a dead one can be ended.

A transaction orphaned by kill -9, or held by a stopped process, keeps its documents locked for 60 s and whoever needs
them looks idle. So every process writes down its sessions before its first transaction, and looks after the others:

* one of the same machine is dead when its number is nobody's any more, or somebody else's;
* any other when its record has not moved for a few looks. Looks are counted and not the time, because neither clocks
  of two machines nor an outage of the database may make a living process look dead.

Ending the sessions of one that lives after all costs it one transaction, which it begins anew.
"""

import os
import socket
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorDatabase

COLLECTION = "processes"
LOOK_SECONDS = 3.0
LOOKS_WITHOUT_A_SIGN = 4


class Processes:
    """This process among those of its service."""

    def __init__(self, client: "AsyncIOMotorClient[Any]", database: "AsyncIOMotorDatabase[Any]", service: str) -> None:
        self._client = client
        self._records = database[COLLECTION]
        self._service = service
        self._key = f"{service}@{socket.gethostname()}#{os.getpid()}#{os.urandom(4).hex()}"
        self._unmoved: dict[str, tuple[datetime, int]] = {}
        """Of each other process: its last sign of life, and how often it was seen again."""

    async def give_sign(self, sessions: Sequence[Any]) -> None:
        """Write down that this process lives, and which sessions are its own."""
        record = {
            "_id": self._key,
            "service": self._service,
            "place": _PLACE,
            "pid": os.getpid(),
            "born": _BORN,
            "sessions": list(sessions),
            "seen_at": datetime.now(UTC),
        }
        await self._records.replace_one({"_id": self._key}, record, upsert=True)

    async def end_the_dead(self) -> None:
        """Look at the others once, and end the sessions of those that are dead."""
        unmoved: dict[str, tuple[datetime, int]] = {}
        async for record in self._records.find({"service": self._service, "_id": {"$ne": self._key}}):
            seen_at, looks = self._unmoved.get(record["_id"], (record["seen_at"], -1))
            looks = looks + 1 if seen_at == record["seen_at"] else 0
            if _is_gone(record) or looks >= LOOKS_WITHOUT_A_SIGN:
                await self.end(record["sessions"])
                await self._records.delete_one({"_id": record["_id"]})
            else:
                unmoved[record["_id"]] = (record["seen_at"], looks)
        self._unmoved = unmoved

    async def end(self, sessions: Sequence[Any]) -> None:
        """Abort whatever these sessions hold open; they may be used again."""
        await self._client.admin.command("killSessions", [{"id": session} for session in sessions])

    async def forget(self) -> None:
        """This process ends in order."""
        await self._records.delete_one({"_id": self._key})


def _is_gone(record: Any) -> bool:
    """Whether the process is surely dead; of one on another machine that cannot be seen."""
    return bool(record.get("place") == _PLACE and _born(record["pid"]) != record["born"])


def _born(pid: int) -> str | None:
    """When a process began, in the kernel's own count: a number given anew is another process. None: it is dead."""
    try:
        state, *fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if state == "Z" else fields[18]  # proc_pid_stat(5): fields 3 and 22; a zombie is only not yet buried


def _place() -> str:
    """Where a process's number means something: containers may share a host's name, and number for themselves."""
    try:
        return f"{socket.gethostname()}/{Path('/proc/self/ns/pid').stat().st_ino}"
    except OSError:
        return f"{socket.gethostname()}/{os.urandom(8).hex()}"  # no such numbers here: go by signs of life alone


_PLACE = _place()
_BORN = _born(os.getpid())
