"""The relay: publishes what the outbox holds, in order, by one process at a time.

A crash between Kafka's acknowledgement and the deletion repeats a contiguous run, which readers ignore. A second
relay that wakes late is fenced by the transactional id, so it repeats nothing. What is told on a topic that does not
exist is set aside (`outbox.held`) and looked at again every few seconds.
"""

import asyncio
import contextlib
from collections.abc import Sequence, Set

import structlog
from opentelemetry import trace
from opentelemetry.trace import SpanKind

from chassis.bus.producer import PublishFailed, TransactionalProducer
from chassis.outbox.held import HeldFacts
from chassis.outbox.publisher import Queued
from chassis.outbox.rows import Row, chunks_of
from chassis.store.client import Store
from chassis.store.errors import INFRASTRUCTURE, LeaseLost
from chassis.store.leases import Lease
from chassis.store.unit_of_work import OUTBOX
from chassis.telemetry.propagation import link_to
from chassis.vital import vital

log = structlog.get_logger(__name__)

LEASE_SECONDS = 10.0
IDLE_SECONDS = 0.1
STANDBY_SECONDS = 1.0
BACKOFF_LIMIT_SECONDS = 5.0
EVENTS_A_PASS = 20_000
LINKS_A_SPAN = 32


class Relay:
    """Runs in the process that writes the outbox; woken by its commits, else every 100 ms."""

    def __init__(self, store: Store, *, bootstrap_servers: str, topic_prefix: str) -> None:
        self._store = store
        self._telemetry = store.telemetry
        self._bootstrap_servers = bootstrap_servers
        self._prefix = topic_prefix
        self._lease = Lease(store.database, "relay", LEASE_SECONDS)
        self._woken = asyncio.Event()
        self._stopping = False
        self._task: asyncio.Task[None] | None = None
        self._existing: frozenset[str] = frozenset()
        self._held = HeldFacts(store)
        store.on_commit(self._woken.set)

    async def start(self) -> None:
        self._task = vital(asyncio.create_task(self._run(), name="outbox-relay"))

    async def stop(self) -> None:
        """Finish the chunk in hand, publish nothing more, give the lease back."""
        self._stopping = True
        self._woken.set()
        if self._task is not None:
            await self._task

    async def _run(self) -> None:
        producer: TransactionalProducer | None = None
        failures = 0
        while not self._stopping:
            try:
                look_at_held = await self._held.may_go()
                if not await self._anything_waits() and not look_at_held:
                    await self._idle(IDLE_SECONDS)
                elif await self._lease.acquire():
                    producer = producer or await self._open()
                    if look_at_held:
                        await self._publish_held(producer)
                    await self._publish(producer, await self._read())
                    failures = 0
                else:
                    if producer is not None:
                        await producer.discard()
                        producer = None
                    await self._idle(STANDBY_SECONDS)
            except (PublishFailed, LeaseLost, *INFRASTRUCTURE) as fault:
                failures += 1
                self._telemetry.instruments.relay_failures.add(1)
                log.warning(
                    "publishing begun anew",
                    failures=failures,
                    exc_info=fault,
                )
                if producer is not None:
                    await producer.discard()
                    producer = None
                # Perhaps only this process cannot reach Kafka: let another one try.
                await self._give_back()
                await self._idle(min(0.1 * 2 ** min(failures, 8), BACKOFF_LIMIT_SECONDS), wakeable=False)
        if producer is not None:
            await producer.discard()
        await self._give_back()

    async def _give_back(self) -> None:
        with contextlib.suppress(*INFRASTRUCTURE):  # else it runs out by itself
            await self._lease.release()

    async def _open(self) -> TransactionalProducer:
        producer = TransactionalProducer(
            self._bootstrap_servers,
            f"{self._prefix}puskesos.{self._telemetry.service}.{self._store.database.name}",
            self._prefix,
        )
        await producer.open()
        try:
            self._existing = await producer.topics()
            await self._held.learn()
        except BaseException:
            await producer.discard()
            raise
        return producer

    async def _anything_waits(self) -> bool:
        """One indexed read: all that an idle relay costs."""
        self._woken.clear()
        return await self._store.database[OUTBOX].find_one({}, projection={"_id": 1}) is not None

    async def _read(self) -> list[Row]:
        """The head of the outbox as one snapshot: a plain cursor could miss a row committed late in between."""
        outbox = self._store.database[OUTBOX]
        rows: list[Row] = []
        events = 0
        async with self._store.transaction() as session:
            async for stored in outbox.find(session=session, batch_size=200).sort("_id", 1):
                row = Row.from_stored(stored)
                rows.append(row)
                events += len(row.events)
                if events >= EVENTS_A_PASS:
                    break
        return rows

    async def _publish(self, producer: TransactionalProducer, rows: Sequence[Row]) -> None:
        for chunk in chunks_of(rows):
            if self._stopping:
                return
            await self._lease.renew()
            missing = await self._missing(producer, {event.topic for row in chunk for event in row.events})
            await self._send(producer, [event for row in chunk for event in row.events if event.topic not in missing])
            if missing:
                await self._held.set_aside(chunk, missing)
            else:
                await self._store.database[OUTBOX].delete_many({"_id": {"$in": [row.key for row in chunk]}})

    async def _send(self, producer: TransactionalProducer, events: Sequence[Queued]) -> None:
        if not events:
            return
        links = [link for event in events[:LINKS_A_SPAN] if (link := link_to(event.traceparent))]
        with self._telemetry.tracer.start_as_current_span(
            "send outbox",
            context=trace.set_span_in_context(trace.INVALID_SPAN),
            kind=SpanKind.CLIENT,
            links=links,
            attributes={
                "messaging.system": "kafka",
                "messaging.operation.type": "send",
                "messaging.operation.name": "send",
                "messaging.batch.message_count": len(events),
            },
            record_exception=False,
            set_status_on_exception=False,
        ):
            await producer.publish(events)
        self._telemetry.instruments.published.add(len(events), {"messaging.system": "kafka"})

    async def _missing(self, producer: TransactionalProducer, topics: Set[str]) -> Set[str]:
        """Those that do not exist, and those whose facts set aside must go first."""
        if not topics <= self._existing:
            self._existing = await producer.topics()
        return (topics - self._existing) | (topics & self._held.topics)

    async def _publish_held(self, producer: TransactionalProducer) -> None:
        """Tell what was set aside for topics that exist by now, in order, before anything newer on them."""
        self._existing = await producer.topics()
        for topic in sorted(self._held.topics & self._existing):
            while rows := await self._held.head(topic):
                for chunk in chunks_of(rows):
                    if self._stopping:
                        return
                    await self._lease.renew()
                    await self._send(producer, [event for row in chunk for event in row.events])
                    await self._held.take_away(chunk)

    async def _idle(self, seconds: float, *, wakeable: bool = True) -> None:
        if self._stopping:
            return
        if not wakeable:
            await asyncio.sleep(seconds)
            return
        try:
            await asyncio.wait_for(self._woken.wait(), seconds)
        except TimeoutError:
            return
