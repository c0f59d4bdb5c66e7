"""Turns outgoing facts into envelopes, and envelopes into outbox rows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import SpanKind

from chassis.area import district_of
from chassis.outbox.outgoing import Outgoing, new_id
from chassis.telemetry import Telemetry
from chassis.telemetry.propagation import traceparent_of
from contracts import Event, EventData, encode

if TYPE_CHECKING:
    from chassis.store.documents import Document

D = TypeVar("D", bound="Document")

EVENTS_A_ROW = 100
ROW_LIMIT_BYTES = 8 * 1024 * 1024
"""Half of what the database takes as one document."""
EVENT_LIMIT_BYTES = 1_000_000
"""Kafka takes 1 MiB (message.max.bytes) for a record with its key and headers."""


class EventTooLarge(Exception):
    """What is to be told is larger than Kafka takes. It must not be stored: nothing behind it would ever be told."""

    dead_letter_reason = "event_too_large"

    def __init__(self, event_type: str, size_bytes: int) -> None:
        super().__init__(
            f"What this makes known ({event_type}) comes to {size_bytes} bytes; at most {EVENT_LIMIT_BYTES} can be "
            "told at once. Nothing was saved. Shorten the longest lists of the request, or split it."
        )


@dataclass(frozen=True)
class Queued:
    """One event ready for Kafka."""

    topic: str
    key: str
    value: bytes
    traceparent: str
    event_type: str


@dataclass
class OutboxRows:
    """The events of one unit of work in order, as rows of at most 100 events and 8 MiB."""

    events: list[Queued] = field(default_factory=list)

    def rows(self) -> Iterable[Mapping[str, Any]]:
        """Rows with ids that sort in the order they were made, whatever the demonstration's clock says."""
        row: list[Queued] = []
        size_bytes = 0
        for event in self.events:
            if row and (len(row) >= EVENTS_A_ROW or size_bytes + len(event.value) > ROW_LIMIT_BYTES):
                yield _row(row)
                row, size_bytes = [], 0
            row.append(event)
            size_bytes += len(event.value)
        if row:
            yield _row(row)


def _row(events: Iterable[Queued]) -> Mapping[str, Any]:
    return {"_id": new_id(), "made_at": datetime.now(UTC), "events": [vars(event) for event in events]}


def topic_name(data: EventData, agency: str | None) -> str:
    """The topic without prefix; a partner's feed has the agency's code behind "partner"."""
    return data.topic if agency is None else data.topic.replace("partner.", f"partner.{agency}.", 1)


class Publisher:
    """Stamps facts of one service: who says it, its place in the sequence, the trace it belongs to."""

    def __init__(self, telemetry: Telemetry) -> None:
        self._service = telemetry.service
        self._tracer = telemetry.tracer

    def tell(
        self,
        document: D,
        facts: Iterable[Outgoing],
        into: OutboxRows,
        *,
        now: datetime,
        causation: str | None = None,
        context: Context | None = None,
    ) -> D:
        """Queue `facts` about `document` and return it with its counts of published events moved on.

        Raises EventTooLarge, when the deed is made and not when Kafka refuses it.
        """
        for fact in facts:
            subject = fact.subject or document.id
            published = document.counting(subject)
            document = document.model_copy(update={"published": published})
            into.events.append(
                self._queued(fact.data, document, fact, subject, now=now, causation=causation, context=context)
            )
        return document

    def _queued(
        self,
        data: EventData,
        document: "Document",
        fact: Outgoing,
        subject: str,
        *,
        now: datetime,
        causation: str | None,
        context: Context | None,
    ) -> Queued:
        topic = topic_name(data, fact.agency)
        span = self._tracer.start_span(
            f"create {topic}",
            context=context,
            kind=SpanKind.PRODUCER,
            attributes={
                "messaging.system": "kafka",
                "messaging.operation.type": "create",
                "messaging.operation.name": "create",
                "messaging.destination.name": topic,
                "puskesos.case": fact.case or document.id,
            },
        )
        traceparent = traceparent_of(trace.set_span_in_context(span))
        event = Event.of(
            data,
            id=new_id(),
            source=f"/districts/{district_of(document.area)}/{self._service}",
            subject=subject,
            time=now,
            sequence=document.published_about(subject),
            area=document.area,
            correlationid=fact.case or document.id,
            causationid=causation,
            traceparent=traceparent or None,
        )
        span.set_attribute("messaging.message.id", event.id)
        span.end()
        value = encode(event)
        if len(value) > EVENT_LIMIT_BYTES:
            raise EventTooLarge(event.type, len(value))
        return Queued(topic, subject, value, traceparent, event.type)
