"""What happened to a case, in order: one entry an event, codes only."""

import re
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints

from contracts import Event
from contracts.fields import Code, EventType, Id, Source

TraceId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]

_TRACEPARENT = re.compile(r"^[0-9a-f]{2}-([0-9a-f]{32})-")

# What each event says beside its owner's state. A list of what is kept: a new field of an event never comes in unseen.
_TELLING_FIELDS = (
    "change",
    "reason",
    "by",
    "cause",
    "clock",
    "to_tier",
    "programme",
    "agency",
    "attempt",
    "answer",
    "outcome",
    "follow",
    "round",
    "rating",
    "template",
    "channel",
)


class Said(BaseModel):
    """One code an event carried: `of` names the field."""

    model_config = ConfigDict(frozen=True)

    of: Code
    code: Code


class Entry(BaseModel):
    """One event. `trace` leads to the whole deed in the trace viewer."""

    model_config = ConfigDict(frozen=True)

    event: Id
    type: EventType
    time: datetime
    source: Source
    sequence: int
    said: tuple[Said, ...] = ()
    trace: TraceId | None = None

    @property
    def place(self) -> tuple[datetime, str, int, str]:
        """Where it stands in the timeline; the event's id parts deliveries told in the same moment."""
        return (self.time, self.source, self.sequence, self.event)


def entry_of(event: Event[Any]) -> Entry:
    """What a timeline keeps of an event."""
    trace = _TRACEPARENT.match(event.traceparent or "")
    values = {name: getattr(event.data, name, None) for name in _TELLING_FIELDS}
    return Entry(
        event=event.id,
        type=event.type,
        time=event.time,
        source=event.source,
        sequence=event.sequence,
        said=tuple(Said(of=name, code=str(value)) for name, value in values.items() if value is not None),
        trace=trace[1] if trace else None,
    )


def placed(timeline: tuple[Entry, ...], entry: Entry) -> tuple[Entry, ...]:
    """The timeline with one more entry at its place, wherever it was heard."""
    return tuple(sorted((*timeline, entry), key=lambda item: item.place))
