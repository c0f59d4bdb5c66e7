"""Guessing at codes: who was wrong too often waits.

Counted in the service's own database, so over all its instances; a service that has codes names TRIES among its
collections.
"""

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from chassis.area import COUNTRY
from chassis.store import AlreadyExists, Collection, Document, Index, Store, UnitOfWork

WINDOW = timedelta(minutes=15)


class WrongTries(Document):
    """Wrong codes since a moment. Forgotten by `touched_at`, of the real clock; the id does not tell whose they are."""

    wrong: int
    since: datetime
    touched_at: datetime


TRIES = Collection("wrong_tries", WrongTries, (Index.on("touched_at", expire_after=timedelta(days=1)),))


class TooManyTries(Exception):
    """Too many wrong codes came: no other is looked at before `again_at`."""

    def __init__(self, again_at: datetime) -> None:
        super().__init__("too many wrong codes: wait a quarter of an hour")
        self.again_at = again_at


@dataclass(frozen=True)
class Counted:
    """What tries are counted for, such as an address, and how many of a window may be wrong."""

    kind: str
    value: str
    most: int


class Tries:
    """Counts tries at codes. `secret` keeps who has the database from finding out whose they were."""

    def __init__(self, store: Store, secret: bytes) -> None:
        self._store = store
        self._secret = secret

    async def count(self, *counted: Counted) -> None:
        """Count a try before it is judged, so that many at once are not judged together. Raises TooManyTries."""

        async def deed(unit: UnitOfWork) -> None:
            for one in counted:
                await _count(unit, self._key(one), one.most)

        for met in range(len(counted) + 1):
            try:
                await self._store.transact(COUNTRY, deed)
            except AlreadyExists:
                # Somebody else's first try, at the same moment: it is there now, and is counted on.
                if met == len(counted):
                    raise
            else:
                return

    async def forgive(self, *counted: Counted) -> None:
        """The code was right: it is not counted after all."""

        async def deed(unit: UnitOfWork) -> None:
            tries = unit.of(TRIES)
            for one in counted:
                known = await tries.find(self._key(one))
                if known is not None and known.wrong:
                    await tries.save(known.model_copy(update={"wrong": known.wrong - 1}))

        await self._store.transact(COUNTRY, deed)

    def _key(self, one: Counted) -> str:
        return hmac.new(self._secret, f"tries\n{one.kind}\n{one.value}".encode(), sha256).hexdigest()


async def _count(unit: UnitOfWork, key: str, most: int) -> None:
    tries, touched = unit.of(TRIES), datetime.now(UTC)
    known = await tries.find(key)
    if known is None:
        await tries.add(WrongTries(id=key, area="", wrong=1, since=unit.now, touched_at=touched))
        return
    over = unit.now >= known.since + WINDOW
    if not over and known.wrong >= most:
        raise TooManyTries(known.since + WINDOW)
    counted = {"wrong": 1, "since": unit.now} if over else {"wrong": known.wrong + 1}
    await tries.save(known.model_copy(update={**counted, "touched_at": touched}))
