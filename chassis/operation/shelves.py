"""What lies in a service's database and waits: outbox, work, dead letters. Counts and moments, never content."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from chassis.dead_letters.letter import COLLECTION as DEAD_LETTERS
from chassis.store.client import Store
from chassis.store.unit_of_work import HELD, OUTBOX
from chassis.store.work import COLLECTION as WORK

COUNTED_UP_TO = 10_000
"""Due work is counted so far and no further: counting must stay cheap just when there is too much."""


@dataclass(frozen=True)
class Outbox:
    """Facts not yet told. `head` changes whenever the relay has published the oldest row."""

    rows: int
    head: str | None
    oldest_seconds: float
    held: "tuple[Held, ...]"


@dataclass(frozen=True)
class Held:
    """Facts kept back because their topic does not exist."""

    topic: str
    events: int
    head: str
    oldest_seconds: float


@dataclass(frozen=True)
class WorkOfKind:
    """Work of one kind whose time has come. Work for later is not counted: it is no sign of anything."""

    kind: str
    due: int
    """Due and not begun, or begun by a process that is gone; at most COUNTED_UP_TO."""
    oldest_seconds: float
    """How long the oldest of them has been due, by the service's clock."""
    head: str | None
    """Changes whenever the oldest of them is begun."""
    in_hand: int
    oldest_lease_seconds: float
    """How long the one longest in hand has been; a lease is renewed for as long as its process does the work."""


@dataclass(frozen=True)
class LettersOfReason:
    """Dead letters that lie there now."""

    reason: str
    count: int
    oldest_at: datetime


@dataclass(frozen=True)
class Shelves:
    """One look at the database."""

    outbox: Outbox
    work: tuple[WorkOfKind, ...]
    letters: tuple[LettersOfReason, ...]


async def look_at_shelves(store: Store, kinds: Sequence[str]) -> Shelves:
    """Raises what the database raises."""
    return Shelves(
        outbox=await _outbox(store),
        work=tuple([await _work(store, kind) for kind in kinds]),
        letters=await _letters(store),
    )


async def _outbox(store: Store) -> Outbox:
    now = datetime.now(UTC)
    outbox, held = store.database[OUTBOX], store.database[HELD]
    head = await outbox.find_one({}, projection={"made_at": 1}, sort=[("_id", 1)])
    grouping = {
        "_id": "$topic",
        "events": {"$sum": "$count"},
        "head": {"$min": "$_id"},
        "oldest": {"$min": "$made_at"},
    }
    return Outbox(
        rows=await outbox.estimated_document_count(),
        head=head["_id"] if head else None,
        oldest_seconds=_seconds(now - head["made_at"]) if head else 0.0,
        held=tuple(
            sorted(
                [
                    Held(row["_id"], row["events"], row["head"], _seconds(now - row["oldest"]))
                    async for row in held.aggregate([{"$group": grouping}])
                ],
                key=lambda found: found.topic,
            )
        ),
    )


async def _work(store: Store, kind: str) -> WorkOfKind:
    # Leases go by the real clock, due times by the service's.
    now, real = store.clock.now(), datetime.now(UTC)
    rows = store.database[WORK]
    due: dict[str, Any] = {"kind": kind, "not_before": {"$lte": now}}
    free = {**due, "$or": [{"leased_until": None}, {"leased_until": {"$lt": real}}]}
    in_hand = {**due, "leased_until": {"$gte": real}}
    head = await rows.find_one(free, sort=[("not_before", 1)])
    oldest = await rows.find_one(in_hand, sort=[("leased_at", 1)])
    return WorkOfKind(
        kind=kind,
        due=await rows.count_documents(free, limit=COUNTED_UP_TO) if head else 0,
        oldest_seconds=_seconds(now - head["not_before"]) if head else 0.0,
        head=f"{head['_id']}#{head['attempts']}" if head else None,
        in_hand=await rows.count_documents(in_hand, limit=COUNTED_UP_TO) if oldest else 0,
        oldest_lease_seconds=_seconds(real - oldest["leased_at"]) if oldest else 0.0,
    )


async def _letters(store: Store) -> tuple[LettersOfReason, ...]:
    letters = store.database[DEAD_LETTERS]
    if not await letters.estimated_document_count():
        return ()
    grouping = {"_id": "$reason", "count": {"$sum": 1}, "oldest": {"$min": "$dead_at"}}
    found = [
        LettersOfReason(row["_id"], row["count"], row["oldest"])
        async for row in letters.aggregate([{"$group": grouping}])
    ]
    return tuple(sorted(found, key=lambda letters_of: letters_of.reason))


def _seconds(age: timedelta) -> float:
    return max(age.total_seconds(), 0.0)
