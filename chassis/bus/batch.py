"""The batch processor: all semantics of hearing events. Sources only feed it and acknowledge afterwards.

One batch is one transaction: what the events make of the documents, what follows from them, and the dead letters.
It returns only after the commit; whoever called may then commit offsets, and nothing before.
"""

import asyncio
import contextlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Generic

import structlog
from opentelemetry import trace
from opentelemetry.trace import SpanKind

from chassis.bus.folding import Decoded, Folded, Folder, decode_batch
from chassis.bus.handlers import Handlers
from chassis.bus.message import Message
from chassis.bus.setbacks import Setbacks, TooMuchAtOnce
from chassis.bus.target import LiveTarget, Target
from chassis.dead_letters.letter import DeadLetter
from chassis.store.batch import BatchStore, Raced, Unstorable, refusals_as_poison
from chassis.store.client import Store
from chassis.store.documents import D
from chassis.store.errors import INFRASTRUCTURE
from chassis.store.generation import Generation
from chassis.telemetry.propagation import link_to

log = structlog.get_logger(__name__)


class TooManyDeadLetters(Exception):
    """More dead letters in a row than the limit: a bad release, or a bad writer. The consumer has to stop.

    The batch that exceeded the limit is not committed; nothing of it is lost.
    """


class Stopping(Exception):
    """The batch could not be committed and the service is stopping: nothing of it may be acknowledged."""


@dataclass(frozen=True)
class Replay:
    """How a dead letter fared. `why` it died again: a reason, and in brackets what it was."""

    handled: bool
    why: str = ""


class _OnlyTried(Exception):
    """Ends the transaction of a rehearsal, whose writes were wanted only to see whether they can be made."""


class BatchProcessor(Generic[D]):
    """Turns batches of messages into committed effects, exactly once an event, in the order they came."""

    def __init__(
        self,
        store: Store,
        handlers: Handlers[D],
        *,
        group: str,
        dead_letters_in_a_row_limit: int,
        target: Target | None = None,
    ) -> None:
        """`target`: where the effects go; left out, to what is live."""
        self._store = store
        self._handlers = handlers
        self._target = target or LiveTarget(store, in_generations=handlers.read_models is not None)
        self._limit = dead_letters_in_a_row_limit
        self._group = group
        self._about = {
            "messaging.system": "kafka",
            "messaging.operation.name": "process",
            "messaging.consumer.group.name": group,
        }
        self._folder = Folder(handlers, store.publisher, store.telemetry.tracer, group)
        self._dead_in_a_row: set[str] = set()
        self._stopping = False

    async def process(self, messages: Sequence[Message]) -> None:
        """Handle `messages`; returns after the commit. Infrastructure errors pause and repeat, however long it takes.

        Raises TooManyDeadLetters (nothing of the batch is committed then).
        """
        if not messages:
            return
        try:
            await self._until_committed(messages)
        except Unstorable as fault:
            if len(messages) == 1:
                await self._until_committed(messages, refused=fault)
                return
            # One of them cannot be stored: find out which by taking them one at a time.
            for message in messages:
                await self.process([message])
        except TooMuchAtOnce:
            # On a slow database a large transaction would never be done in time, nor before a worker's small one.
            half = len(messages) // 2
            await self.process(messages[:half])
            await self.process(messages[half:])

    def stop_retrying(self) -> None:
        """From now on a batch that cannot be committed is given up (Stopping), so that an outage holds up no stop."""
        self._stopping = True

    async def replay(self, letter: DeadLetter, *, rehearsing: bool = False) -> Replay:
        """Handle a dead letter once more and take its row away in the same transaction; one that dies again stays.

        `rehearsing`: do all of it, writes too, and undo it: says how it would fare, and changes nothing.
        """
        try:
            folded = await self._until_committed([_message_of(letter)], replaying=letter, rehearsing=rehearsing)
        except Unstorable as fault:
            return Replay(handled=False, why=f"unstorable ({fault})")
        if folded.has_effect:
            return Replay(handled=True)
        died = next((f"{dead.reason} ({dead.detail})" for dead in folded.dead), "nobody here handles it any more")
        return Replay(handled=False, why=died)

    async def _until_committed(
        self,
        messages: Sequence[Message],
        *,
        refused: Unstorable | None = None,
        replaying: DeadLetter | None = None,
        rehearsing: bool = False,
    ) -> Folded[D]:
        began, setbacks = time.monotonic(), Setbacks(len(messages))
        instruments = self._store.telemetry.instruments
        while True:
            try:
                folded = await self._attempt(messages, refused, replaying, rehearsing=rehearsing)
                break
            except Raced as race:
                setbacks.raced(race)
            except INFRASTRUCTURE as fault:
                instruments.batch_retries.add(1)
                log.warning("batch begun anew", attempt=setbacks.outages + 1, events=len(messages), exc_info=fault)
                if self._stopping:
                    raise Stopping from fault
                setbacks.held_up(fault)
            await asyncio.sleep(setbacks.pause_seconds())
        if rehearsing:
            return folded
        self._measure(folded, len(messages), time.monotonic() - began)
        if replaying is None:
            self._dead_in_a_row = folded.dead_in_a_row
        if folded.told.events or folded.work:
            self._store.wake()
        return folded

    def _measure(self, folded: Folded[D], size: int, seconds: float) -> None:
        instruments = self._store.telemetry.instruments
        for span in folded.spans:
            span.end()
        for event_type, count in folded.handled.items():
            instruments.events_handled.add(count, {"puskesos.event.type": event_type})
        instruments.events_repeated.add(folded.repeated)
        for letter in folded.dead:
            instruments.dead_letters.add(1, {"puskesos.reason": letter.reason})
        instruments.batch_size.record(size)
        instruments.batch_duration.record(seconds, self._about)
        for event_type, took in folded.took:
            instruments.handler_duration.record(took, {"puskesos.event.type": event_type})

    async def _attempt(
        self,
        messages: Sequence[Message],
        refused: Unstorable | None,
        replaying: DeadLetter | None,
        *,
        rehearsing: bool,
    ) -> Folded[D]:
        now = self._store.clock.now()
        items, keys = decode_batch(messages, self._handlers, now)
        if refused is not None:
            items = [_refuse(item, refused, now) for item in items]
            keys = set()
        links = [link for m in messages[:20] if m.traceparent and (link := link_to(m.traceparent))]
        tracer = self._store.telemetry.tracer
        with (
            tracer.start_as_current_span(
                "process batch",
                context=trace.set_span_in_context(trace.INVALID_SPAN),
                kind=SpanKind.INTERNAL,
                links=links,
                attributes={
                    "messaging.system": "kafka",
                    "messaging.operation.type": "process",
                    "messaging.batch.message_count": len(messages),
                    "messaging.consumer.group.name": self._group,
                },
                record_exception=False,
                set_status_on_exception=False,
            ) as span,
            contextlib.suppress(_OnlyTried),
        ):
            async with self._store.transaction() as session:
                batch = BatchStore(self._store.database, session)
                generation = await self._target.generation(session)
                if replaying is not None:
                    await self._target.before_replay(session)
                stored = await batch.load(generation.of(self._handlers.collection), keys)
                folded = self._folder.fold(items, stored, now, dead_in_a_row=self._dead_in_a_row, batch=span)
                if replaying is None and folded.longest_dead_run > self._limit:
                    last = folded.dead[-1]
                    raise TooManyDeadLetters(
                        f"{folded.longest_dead_run} events in a row could not be handled, the last of them {last.id}: "
                        f"{last.reason} ({last.detail}). Mend the cause, then start the service again: nothing of "
                        "this batch or after it was acknowledged."
                    )
                with refusals_as_poison():
                    await self._write(batch, generation, folded, replaying)
                    if replaying is None:
                        await self._target.note(messages, session)
                if rehearsing:
                    raise _OnlyTried
        return folded

    async def _write(
        self, batch: BatchStore, generation: Generation, folded: Folded[D], replaying: DeadLetter | None
    ) -> None:
        await batch.write_documents(generation.of(self._handlers.collection), folded.documents, folded.known)
        await batch.write_copies(replace(copy, collection=generation.of(copy.collection)) for copy in folded.copies)
        await batch.write_outbox(list(folded.told.rows()))
        await batch.write_work(folded.work)
        await batch.add_counts((generation.name(i.collection), i.key, i.identity, i.counts) for i in folded.increments)
        await batch.write_rows(self._target.dead_letters, [letter.to_row() for letter in folded.dead])
        if replaying is not None and folded.has_effect:
            await batch.delete_row(self._target.dead_letters, replaying.id)


def _message_of(letter: DeadLetter) -> Message:
    return Message(letter.topic, letter.partition, letter.offset, letter.key, letter.value, letter.traceparent)


def _refuse(item: Decoded | DeadLetter, fault: Unstorable, now: datetime) -> Decoded | DeadLetter:
    if isinstance(item, DeadLetter):
        return item
    return DeadLetter.of(item.message, "unstorable", str(fault), now, item.event)
