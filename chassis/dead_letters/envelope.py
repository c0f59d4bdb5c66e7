"""What may be shown of the event in a letter: the attributes of its envelope that hold to the contract, never its data.

A broken event may have anything anywhere: an attribute that is not what the contract says is left out, not shown.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import StringConstraints, TypeAdapter, ValidationError

from contracts.envelope import Sequence, TraceParent
from contracts.fields import Area, EventType, Id, Source, UtcTime

DataSchema = Annotated[str, StringConstraints(pattern=r"^urn:puskesos:schema:[a-z0-9_.-]{1,100}:[0-9]+[.][0-9]+$")]

ATTRIBUTES: Mapping[str, TypeAdapter[Any]] = {
    "id": TypeAdapter(Id),
    "source": TypeAdapter(Source),
    "type": TypeAdapter(EventType),
    "subject": TypeAdapter(Id),
    "time": TypeAdapter(UtcTime),
    "dataschema": TypeAdapter(DataSchema),
    "sequence": TypeAdapter(Sequence),
    "area": TypeAdapter(Area),
    "correlationid": TypeAdapter(Id),
    "causationid": TypeAdapter(Id),
}
TRACE: TypeAdapter[Any] = TypeAdapter(TraceParent)
TRACE_PARTS = 4


@dataclass(frozen=True)
class Envelope:
    """Attributes by name in the contract's order, and the traceparent, as far as they can be read."""

    attributes: Mapping[str, str]
    traceparent: str | None = None

    @staticmethod
    def of(value: bytes) -> "Envelope":
        """The envelope in these bytes; of what is no JSON object nothing."""
        try:
            said = json.loads(value)
        except (ValueError, RecursionError):
            said = None
        if not isinstance(said, dict):
            return Envelope({})
        read = {name: _read(kind, said.get(name)) for name, kind in ATTRIBUTES.items()}
        shown = {name: text for name, text in read.items() if text is not None}
        return Envelope(shown, _read(TRACE, said.get("traceparent")))


def _read(kind: TypeAdapter[Any], value: object) -> str | None:
    if value is None:
        return None
    try:
        read = kind.validate_python(value)
    except ValidationError:
        return None
    return None if read is None else str(read)


def trace_of(traceparent: str | None) -> str | None:
    """The trace's id in a W3C traceparent."""
    parts = (traceparent or "").split("-")
    return parts[1] if len(parts) == TRACE_PARTS else None
