"""The envelope of every event: CloudEvents 1.0, structured JSON.

`id` and `source` make an event unique; `subject` is the Kafka key; `sequence` counts per source and subject
from 1, so that a reader knows what it has heard; `correlationid` is the case; `causationid` the event that
led to this one; `area` the region the subject lies in.

`sequence` is an integer here and a text of ten digits on the wire, because the CloudEvents sequence extension
wants a text that sorts ("0000000007"). Readers also take a plain number, with or without quotes.
"""

import re
from datetime import datetime
from typing import Annotated, ClassVar, Generic, Literal, Self, TypeVar

from pydantic import (
    BeforeValidator,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)

from contracts.fields import Area, Closed, EventType, Id, Source, UtcTime

ENVELOPE_VERSION = "1.0"
"""Of the attributes around `data`, frozen and checked like an event. CloudEvents' own is `specversion`."""

_SEQUENCE_DIGITS = 10
_SEQUENCE_MAX = 2**31 - 1  # the largest Integer of the CloudEvents type system

Sequence = Annotated[
    int,
    Field(ge=1, le=_SEQUENCE_MAX),
    PlainSerializer(lambda sequence: f"{sequence:0{_SEQUENCE_DIGITS}d}", return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{10}$"}, mode="serialization"),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": "^[0-9]{1,10}$"},
                {"type": "integer", "minimum": 1, "maximum": _SEQUENCE_MAX},
            ]
        },
        mode="validation",
    ),
]

_TRACEPARENT = r"^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$"
_WELL_FORMED_TRACEPARENT = re.compile(_TRACEPARENT)


def _drop_malformed_traceparent(value: object) -> object:
    """A broken trace header must cost a trace, never a fact (W3C Trace Context 3.2.2: ignore it)."""
    return value if isinstance(value, str) and _WELL_FORMED_TRACEPARENT.fullmatch(value) else None


TraceParent = Annotated[
    Annotated[str, StringConstraints(pattern=_TRACEPARENT)] | None,
    BeforeValidator(_drop_malformed_traceparent),
]

DataSchema = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9+.-]*:[\x21-\x7e]{1,200}$")]
ContentType = Annotated[str, StringConstraints(pattern=r"^application/json( ?;[\x20-\x7e]{1,100})?$")]


class EventData(Closed):
    """What happened, and the owner's whole public state of the subject beside it.

    A subclass names its `topic` (partner topics: the template's name without the agency), its `major`
    (an incompatible change is a new class on a new topic) and its `minor` (a compatible one).
    """

    topic: ClassVar[str]
    major: ClassVar[int] = 1
    minor: ClassVar[int] = 0

    @classmethod
    def event_type(cls) -> str:
        return f"puskesos.{cls.topic}.v{cls.major}"

    @classmethod
    def data_schema(cls) -> str:
        """The address of the frozen schema of `data`, with the minor version."""
        return f"urn:puskesos:schema:{cls.topic}:{cls.major}.{cls.minor}"


D = TypeVar("D", bound=EventData)
D_co = TypeVar("D_co", bound=EventData, covariant=True)


class Event(Closed, Generic[D_co]):
    """One fact. Build it with `Event.of`; send `contracts.encode(event)` under the key `event.subject`."""

    specversion: Literal["1.0"] = "1.0"
    id: Id
    source: Source
    type: EventType
    subject: Id
    time: UtcTime
    datacontenttype: ContentType = "application/json"
    dataschema: DataSchema
    sequence: Sequence
    area: Area
    correlationid: Id
    causationid: Id | None = None
    traceparent: TraceParent = None
    data: D_co

    @model_validator(mode="after")
    def _type_names_the_data(self) -> Self:
        if self.type != self.data.event_type():
            raise ValueError("type does not name the model of data: build events with Event.of")
        return self

    @staticmethod
    def of(
        data: D,
        *,
        id: str,  # noqa: A002 - the CloudEvents name
        source: str,
        subject: str,
        time: datetime,
        sequence: int,
        area: str,
        correlationid: str,
        causationid: str | None = None,
        traceparent: str | None = None,
    ) -> "Event[D]":
        """The event that says `data`; type and schema follow from it.

        Raises pydantic.ValidationError when an attribute is malformed: a programming error of the writer.
        """
        exact: type[Event[D]] = Event[type(data)]  # type: ignore[misc, assignment]
        return exact(
            id=id,
            source=source,
            type=data.event_type(),
            subject=subject,
            time=time,
            dataschema=data.data_schema(),
            sequence=sequence,
            area=area,
            correlationid=correlationid,
            causationid=causationid,
            traceparent=traceparent,
            data=data,
        )
