"""Folding a batch in memory: decode, drop repetitions, run the handlers, set poison aside. No I/O here."""

import time
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic

import structlog
from opentelemetry import trace
from opentelemetry.trace import Span, SpanKind, Status, StatusCode

from chassis.bus.handlers import Handlers, Increment
from chassis.bus.message import Message
from chassis.dead_letters.letter import DeadLetter
from chassis.outbox.publisher import OutboxRows, Publisher
from chassis.store.copies import Copy
from chassis.store.documents import D
from chassis.store.work import Work
from chassis.telemetry.propagation import context_from, traceparent_of
from contracts import Event, EventData, Undecodable, decode

log = structlog.get_logger(__name__)


class AreaChanged(Exception):
    """A handler moved a document to another area: a programming error, set aside like any poison."""


@dataclass(frozen=True)
class Decoded:
    """A message that is an event this service handles."""

    message: Message
    event: Event[EventData]
    key: str


@dataclass
class Folded(Generic[D]):
    """What one batch comes to. `spans` end only after the commit, so that a batch begun anew shows once."""

    documents: dict[str, D] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    told: OutboxRows = field(default_factory=OutboxRows)
    work: dict[str, tuple[Work, str] | None] = field(default_factory=dict)
    increments: list[Increment] = field(default_factory=list)
    copies: list[Copy] = field(default_factory=list)
    dead: list[DeadLetter] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    handled: dict[str, int] = field(default_factory=dict)
    took: list[tuple[str, float]] = field(default_factory=list)
    """Event type and seconds in its handler, for each event handled."""
    repeated: int = 0
    dead_in_a_row: set[str] = field(default_factory=set)
    """Their positions, so that one delivered again and again counts once."""
    longest_dead_run: int = 0

    @property
    def has_effect(self) -> bool:
        """Whether something was handled, or had been before, and nothing died."""
        return not self.dead and bool(self.handled or self.repeated)

    def set_aside(self, letter: DeadLetter, *, counts: bool) -> None:
        self.dead.append(letter)
        if counts:
            self.dead_in_a_row.add(letter.id)
            self.longest_dead_run = max(self.longest_dead_run, len(self.dead_in_a_row))


def decode_batch(
    messages: Sequence[Message], handlers: Handlers[D], now: datetime
) -> tuple[list[Decoded | DeadLetter], set[str]]:
    """Each message as an event or a dead letter, in order, and the ids of the documents they are about.

    Events nobody here handles are passed over.
    """
    items: list[Decoded | DeadLetter] = []
    keys: set[str] = set()
    for message in messages:
        try:
            event = decode(message.value)
        except Undecodable as fault:
            items.append(DeadLetter.of(message, fault.reason, str(fault), now))
            continue
        if handlers.handler_of(event) is None:
            continue
        key = handlers.key(event)
        items.append(Decoded(message, event, key))
        keys.add(key)
    return items, keys


class Folder(Generic[D]):
    """Runs a service's handlers over decoded messages, one document at a time in memory."""

    def __init__(self, handlers: Handlers[D], publisher: Publisher, tracer: trace.Tracer, group: str) -> None:
        self._handlers = handlers
        self._publisher = publisher
        self._tracer = tracer
        self._group = group

    def fold(
        self,
        items: Sequence[Decoded | DeadLetter],
        stored: Mapping[str, D],
        now: datetime,
        *,
        dead_in_a_row: Set[str] = frozenset(),
        batch: Span,
    ) -> Folded[D]:
        folded: Folded[D] = Folded(known=set(stored), dead_in_a_row=set(dead_in_a_row))
        for item in items:
            if isinstance(item, DeadLetter):
                self._set_aside(item, folded)
            else:
                self._apply(item, stored, folded, now, batch)
        return folded

    def _apply(self, item: Decoded, stored: Mapping[str, D], folded: Folded[D], now: datetime, batch: Span) -> None:
        event = item.event
        before = folded.documents.get(item.key) or stored.get(item.key)
        if before is not None and before.heard.contains(event.source, event.subject, event.sequence):
            folded.repeated += 1
            # It was handled once: a batch delivered again must not look like a storm that its first delivery was not.
            folded.dead_in_a_row.clear()
            return
        span = self._tracer.start_span(
            f"process {item.message.topic}",
            context=context_from(item.message.traceparent or event.traceparent),
            kind=SpanKind.CONSUMER,
            links=[trace.Link(batch.get_span_context())],
            attributes={
                "messaging.system": "kafka",
                "messaging.operation.type": "process",
                "messaging.operation.name": "process",
                "messaging.destination.name": item.message.topic,
                "messaging.destination.partition.id": str(item.message.partition),
                "messaging.kafka.offset": item.message.offset,
                "messaging.consumer.group.name": self._group,
                "messaging.message.id": event.id,
                "puskesos.case": event.correlationid,
            },
        )
        folded.spans.append(span)
        began = time.perf_counter()
        try:
            with trace.use_span(span, record_exception=False, set_status_on_exception=False):
                self._react(item, before, folded, now)
        except Exception as fault:
            span.set_status(Status(StatusCode.ERROR, type(fault).__name__))
            log.warning("event set aside", position=item.message.position, event_id=event.id, exc_info=fault)
            reason = getattr(fault, "dead_letter_reason", "handler_failed")
            self._set_aside(DeadLetter.of(item.message, reason, type(fault).__qualname__, now, event), folded)
            return
        folded.dead_in_a_row.clear()
        folded.took.append((event.type, time.perf_counter() - began))
        folded.handled[event.type] = folded.handled.get(event.type, 0) + 1

    def _set_aside(self, letter: DeadLetter, folded: Folded[D]) -> None:
        folded.set_aside(letter, counts=not self._handlers.foreign(letter.topic))

    def _react(self, item: Decoded, before: D | None, folded: Folded[D], now: datetime) -> None:
        event = item.event
        handler = self._handlers.handler_of(event)
        if handler is None:
            return
        self._handlers.check(event, item.message.topic)
        reaction = handler(before, event, now)
        if self._handlers.read_models is not None and (reaction.events or reaction.work or reaction.undo_work):
            raise ValueError("a handler of read models may neither tell nor do anything: a rebuild would repeat it")
        after = reaction.document or before
        told = OutboxRows()
        if after is not None:
            if before is not None and after.area != before.area:
                raise AreaChanged
            heard = {
                "heard": after.heard.adding(event.source, event.subject, event.sequence),
                "edition": after.edition + (not reaction.only_noted),
            }
            after = self._publisher.tell(
                after.model_copy(update=heard),
                reaction.events,
                told,
                now=now,
                causation=event.id,
            )
        elif reaction.events:
            raise ValueError("a handler told events without a document that counts them")
        # From here on nothing can fail: an event's changes are taken whole or not at all.
        if after is not None:
            folded.documents[item.key] = after
        folded.told.events.extend(told.events)
        traceparent = traceparent_of()
        for work in reaction.work:
            folded.work[work.row_id] = (work, traceparent)
        for kind, key in reaction.undo_work:
            folded.work[f"{kind}:{key}"] = None
        folded.increments.extend(reaction.increments)
        folded.copies.extend(reaction.copies)
