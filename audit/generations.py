"""Read models lie in generations, one of them live: `cases`, `cases.g2`. The audit reads the live one only."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

Row = Mapping[str, Any]
GENERATIONS, LIVE = "generations", "live"
_LATER = re.compile(r"^(?P<name>.+)\.g(?P<number>[0-9]+)$")


class Room(Protocol):
    """One service's database."""

    def collections(self) -> Sequence[str]: ...

    def rows(self, collection: str, fields: Sequence[str]) -> Iterable[Row]:
        """Every row, at least with these fields; all of them when none is named."""
        ...

    def tellers_and_hearers(self, collection: str) -> Iterable[Row]:
        """The rows that count what they told or heard."""
        ...

    def count(self, collection: str) -> int: ...


class LiveRoom:
    """A service's database with the live generation under its own names, and the others out of sight."""

    def __init__(self, room: Room) -> None:
        self._room = room
        marked = (row for row in room.rows(GENERATIONS, ["number"]) if row["_id"] == LIVE)
        live = next((int(row["number"]) for row in marked), 1)
        self._named: dict[str, str] = {}
        for stored in room.collections():
            later = _LATER.match(stored)
            if later is None:
                self._named.setdefault(stored, stored)
            elif int(later["number"]) == live:
                self._named[later["name"]] = stored

    def collections(self) -> Sequence[str]:
        return sorted(self._named)

    def rows(self, collection: str, fields: Sequence[str]) -> Iterable[Row]:
        return self._room.rows(self._named.get(collection, collection), fields)

    def tellers_and_hearers(self, collection: str) -> Iterable[Row]:
        return self._room.tellers_and_hearers(self._named[collection])

    def count(self, collection: str) -> int:
        return self._room.count(self._named.get(collection, collection))
