"""The batch processor: all semantics of hearing events. Sources only feed it and acknowledge afterwards.

One batch is one transaction: what the events make of the documents, what follows from them, and the dead letters.
It returns only after the commit; whoever called may then commit offsets, and nothing before.
"""

import asyncio
import contextlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Generic

import structlog
from opentelemetry import trace
from opentelemetry.trace import SpanKind

from chassis.bus.folding import Decoded, Folded, Folder, decode_batch
from chassis.bus.handlers import Handlers
from chassis.bus.message import Message
from chassis.bus.retrial import UNHEARD, DecidedMeanwhile, OnlyTried, Replay, Retrial
from chassis.bus.setbacks import Setbacks, TooMuchAtOnce
from chassis.bus.target import LiveTarget, Target
from chassis.dead_letters.letter import DeadLetter
from chassis.outbox.publisher import Publisher
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
        tracer, unseen = store.telemetry.tracer, store.telemetry.unseen()
        self._seen = tracer, Folder(handlers, store.publisher, tracer, group)
        # What is undone again must not be traced: a trace would tell of a fact that is none.
        self._unseen = unseen.tracer, Folder(handlers, Publisher(unseen), unseen.tracer, group)
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

    async def replay(
        self,
        letter: DeadLetter,
        *,
        keeping: tuple[str, Mapping[str, Any]] | None = None,
        rehearsing: bool = False,
    ) -> Replay:
        """Handle a dead letter once more; in the same transaction its row goes, and `keeping` (collection, row) comes.

        One that dies again stays as it is. `rehearsing`: do all of it, writes too, and undo it: says how it would
        fare, and changes and traces nothing. Raises DecidedMeanwhile.
        """
        retrial = Retrial(letter, keeping, rehearsing)
        try:
            folded = await self._until_committed([_message_of(letter)], retrial=retrial)
        except Unstorable as fault:
            return Replay(handled=False, reason="unstorable", detail=str(fault))
        if folded.has_effect:
            return Replay(handled=True)
        died = next(iter(folded.dead), None)
        if died is None:
            return Replay(handled=False, reason=UNHEARD, detail="nobody here handles it any more")
        return Replay(handled=False, reason=died.reason, detail=died.detail)

    async def _until_committed(
        self,
        messages: Sequence[Message],
        *,
        refused: Unstorable | None = None,
        retrial: Retrial | None = None,
    ) -> Folded[D]:
        began, setbacks = time.monotonic(), Setbacks(len(messages))
        instruments = self._store.telemetry.instruments
        while True:
            try:
                folded = await self._attempt(messages, refused, retrial)
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
        if retrial is not None and retrial.rehearsing:
            return folded
        self._measure(folded, len(messages), time.monotonic() - began)
        if retrial is None:
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
        retrial: Retrial | None,
    ) -> Folded[D]:
        now = self._store.clock.now()
        rehearsing = retrial is not None and retrial.rehearsing
        tracer, folder = self._unseen if rehearsing else self._seen
        items, keys = decode_batch(messages, self._handlers, now)
        if refused is not None:
            items = [_refuse(item, refused, now) for item in items]
            keys = set()
        links = [link for m in messages[:20] if m.traceparent and (link := link_to(m.traceparent))]
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
            contextlib.suppress(OnlyTried),
        ):
            async with self._store.transaction() as session:
                batch = BatchStore(self._store.database, session)
                generation = await self._target.generation(session)
                if retrial is not None:
                    await self._target.before_replay(session)
                stored = await batch.load(generation.of(self._handlers.collection), keys)
                folded = folder.fold(items, stored, now, dead_in_a_row=self._dead_in_a_row, batch=span)
                if retrial is None and folded.longest_dead_run > self._limit:
                    last = folded.dead[-1]
                    raise TooManyDeadLetters(
                        f"{folded.longest_dead_run} events in a row could not be handled, the last of them {last.id}: "
                        f"{last.reason} ({last.detail}). Mend the cause, then start the service again: nothing of "
                        "this batch or after it was acknowledged."
                    )
                with refusals_as_poison():
                    await self._write(batch, generation, folded, retrial)
                    if retrial is None:
                        await self._target.note(messages, session)
                if rehearsing:
                    raise OnlyTried
        return folded

    async def _write(
        self, batch: BatchStore, generation: Generation, folded: Folded[D], retrial: Retrial | None
    ) -> None:
        await batch.write_documents(generation.of(self._handlers.collection), folded.documents, folded.known)
        await batch.write_copies(replace(copy, collection=generation.of(copy.collection)) for copy in folded.copies)
        await batch.write_outbox(list(folded.told.rows()))
        await batch.write_work(folded.work)
        await batch.add_counts((generation.name(i.collection), i.key, i.identity, i.counts) for i in folded.increments)
        if retrial is None:
            await batch.write_rows(self._target.dead_letters, [letter.to_row() for letter in folded.dead])
        elif folded.has_effect:
            await self._settle(batch, folded, retrial)

    async def _settle(self, batch: BatchStore, folded: Folded[D], retrial: Retrial) -> None:
        if not await batch.delete_row(self._target.dead_letters, retrial.letter.id):
            if folded.handled:  # only repeated: by our own commit, whose answer was lost, or by who was faster
                raise DecidedMeanwhile
        elif retrial.keeping is not None:
            collection, row = retrial.keeping
            await batch.write_rows(collection, [row])


def _message_of(letter: DeadLetter) -> Message:
    return Message(letter.topic, letter.partition, letter.offset, letter.key, letter.value, letter.traceparent)


def _refuse(item: Decoded | DeadLetter, fault: Unstorable, now: datetime) -> Decoded | DeadLetter:
    if isinstance(item, DeadLetter):
        return item
    return DeadLetter.of(item.message, "unstorable", str(fault), now, item.event)
