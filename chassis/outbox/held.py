"""Facts whose topic does not exist: set aside, so that they hold up nobody else's, and told once it does.

Order is Kafka's: within a topic. So all facts of one missing topic wait behind each other, and those of every other
topic pass. They leave the outbox for a collection of their own, where no pass of the relay reads over them again.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

HELD = "outbox_held"


def held_rows(row: str, made_at: datetime, events: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One row for each topic among these events of one outbox row; ids of one topic sort as the outbox did."""
    topics = dict.fromkeys(str(event["topic"]) for event in events)
    return [
        {
            "_id": f"{row}:{topic}",
            "topic": topic,
            "made_at": made_at,
            "count": sum(event["topic"] == topic for event in events),
            "events": [event for event in events if event["topic"] == topic],
        }
        for topic in topics
    ]
