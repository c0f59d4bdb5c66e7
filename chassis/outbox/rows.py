"""Outbox rows as the relay reads them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chassis.outbox.publisher import Queued

ROWS_A_CHUNK = 50
EVENTS_A_CHUNK = 500


@dataclass(frozen=True)
class Row:
    """One outbox row: the events of one unit of work."""

    key: str
    made_at: datetime
    events: tuple[Queued, ...]

    @staticmethod
    def from_stored(stored: Any) -> "Row":
        events = (Queued(**{**event, "value": bytes(event["value"])}) for event in stored["events"])
        return Row(stored["_id"], stored["made_at"], tuple(events))


def chunks_of(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    """Runs of rows, small enough that a lease outlives the publishing of one."""
    chunk: list[Row] = []
    events = 0
    for row in rows:
        if chunk and (len(chunk) >= ROWS_A_CHUNK or events + len(row.events) > EVENTS_A_CHUNK):
            yield chunk
            chunk, events = [], 0
        chunk.append(row)
        events += len(row.events)
    if chunk:
        yield chunk
