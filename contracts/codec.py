"""Events to bytes and back.

The writer is closed: what is not in the model cannot be said. The reader is open: unknown attributes and
unknown fields are ignored, so a newer minor is read by an older reader. A value outside a closed enumeration
is an incompatible change and is refused; catalogues that grow are codes (see `contracts.vocabulary`).
"""

import re
from functools import cache
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, ValidationError

from contracts.envelope import D, Event, EventData
from contracts.events import EVENTS

_TYPE = re.compile(r"^(?P<family>puskesos(?:[.][a-z][a-z0-9_-]*)+)[.]v(?P<major>[1-9][0-9]*)$")
_FAULTS_NAMED = 3  # enough to find the cause; a message is one line of a log


class Undecodable(Exception):
    """These bytes are no event this reader understands. Messages never repeat the payload."""

    reason: ClassVar[str] = "undecodable"


class MalformedEvent(Undecodable):
    """Not JSON, not an envelope, or data that breaks its contract. The writer has to mend it."""

    reason = "malformed_event"


class UnknownEventType(Undecodable):
    """A type no release of this package knows. Upgrade the package, or stop reading the topic."""

    reason = "unknown_event_type"


class UnsupportedMajor(Undecodable):
    """A known type in a major version this package cannot read. Upgrade, then replay."""

    reason = "unsupported_major"


class _Head(BaseModel):
    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)
    type: str


@cache
def _event_of(data: type[EventData]) -> type[Event[Any]]:
    return Event[data]  # type: ignore[valid-type]


_BY_TYPE: dict[str, type[EventData]] = {data.event_type(): data for data in EVENTS}
_FAMILIES: frozenset[str] = frozenset(f"puskesos.{data.topic}" for data in EVENTS)


def encode(event: Event[D]) -> bytes:
    """The event as structured CloudEvents JSON in UTF-8.

    Every field is written, null included, so that a reader sees the whole contract in each message.
    """
    exact = _event_of(type(event.data))
    if type(event) is not exact:
        # An Event built without its parameter would be written with the fields of EventData only: none.
        event = exact.model_validate(dict(event))
    return event.model_dump_json().encode()


def decode(value: bytes) -> Event[EventData]:
    """The event in these bytes, with `data` of the class its type names.

    Raises MalformedEvent, UnknownEventType or UnsupportedMajor, all of them Undecodable.
    """
    try:
        event_type = _Head.model_validate_json(value).type
    except ValidationError as error:
        raise MalformedEvent(_describe(error)) from None
    data = _BY_TYPE.get(event_type)
    if data is None:
        raise _unknown(event_type)
    try:
        return _event_of(data).model_validate_json(value, extra="ignore")
    except ValidationError as error:
        raise MalformedEvent(f"{event_type}: {_describe(error)}") from None


def _unknown(event_type: str) -> Undecodable:
    parts = _TYPE.match(event_type)
    if parts is None or parts["family"] not in _FAMILIES:
        return UnknownEventType("the type of this event is not in contracts.events; upgrade the contracts package")
    known = sorted(data.major for data in EVENTS if f"puskesos.{data.topic}" == parts["family"])
    return UnsupportedMajor(
        f"{parts['family']} is read in major {', '.join(map(str, known))}, not in the one this event has;"
        " upgrade the contracts package, then replay"
    )


def _describe(error: ValidationError) -> str:
    """Where and which rule, never what was there: the payload may hold what must not reach a log."""
    faults = error.errors(include_url=False, include_context=False, include_input=False)
    named = [f"{'.'.join(map(str, fault['loc'])) or 'event'}: {fault['type']}" for fault in faults[:_FAULTS_NAMED]]
    more = len(faults) - len(named)
    return "; ".join(named) + (f"; and {more} more" if more else "")
