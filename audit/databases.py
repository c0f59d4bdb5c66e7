"""Reading the databases of the four services. Nothing is written."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from typing import Any

from pydantic import ValidationError
from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import PyMongoError

from audit.generations import Room, Row
from audit.holdings import Holdings, holdings_of
from audit.topics import Progress

SERVER_SELECTION_TIMEOUT_MS = 5000
_TELLS_OR_HEARS = {"$or": [{"published.0": {"$exists": True}}, {"heard.entries.0": {"$exists": True}}]}


class DatabaseUnreadable(Exception):
    """A database does not answer, or holds what the audit cannot read."""


class _MongoRoom:
    def __init__(self, service: str, database: Database[dict[str, Any]], progress: Progress) -> None:
        self._service = service
        self._database = database
        self._progress = progress

    def collections(self) -> Sequence[str]:
        return sorted(self._database.list_collection_names())

    def rows(self, collection: str, fields: Sequence[str]) -> Iterable[Row]:
        self._progress(f"reading {collection} of {self._service}")
        return self._database[collection].find({}, dict.fromkeys(fields, 1) or None)

    def tellers_and_hearers(self, collection: str) -> Iterable[Row]:
        return self._database[collection].find(_TELLS_OR_HEARS, {"area": 1, "heard": 1, "published": 1})

    def count(self, collection: str) -> int:
        return self._database[collection].count_documents({})


def read_databases(uris: Mapping[str, str], progress: Progress) -> Holdings:
    """Raises DatabaseUnreadable."""
    try:
        with ExitStack() as stack:
            rooms: dict[str, Room] = {}
            for service, uri in uris.items():
                client: MongoClient[dict[str, Any]] = stack.enter_context(
                    MongoClient(uri, tz_aware=True, serverSelectionTimeoutMS=SERVER_SELECTION_TIMEOUT_MS)
                )
                rooms[service] = _MongoRoom(service, client.get_default_database(service), progress)
            return holdings_of(rooms)
    except PyMongoError as error:
        raise DatabaseUnreadable(f"a database cannot be read ({type(error).__name__})") from error
    except ValidationError as error:
        raise DatabaseUnreadable(f"the audit cannot read what is stored: {error}") from error
