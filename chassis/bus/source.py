"""The aiokafka source: reads batches, feeds the processor, commits offsets afterwards."""

import asyncio
import contextlib
from collections.abc import Coroutine, Sequence
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError

from chassis.bus.batch import BatchProcessor, Stopping, TooManyDeadLetters
from chassis.bus.message import Message
from chassis.bus.topics import subscription
from chassis.bus.within import within
from chassis.telemetry import Telemetry
from chassis.telemetry.propagation import TRACEPARENT
from chassis.unbroken import unbroken
from chassis.vital import vital
from contracts.manifest import Topic

log = structlog.get_logger(__name__)

POLL_MS = 200
RECONNECT_SECONDS = 1.0
REQUEST_TIMEOUT_MS = 10_000
"""aiokafka's 40 s would keep a line that is half-open in use for so long."""
START_TIMEOUT_SECONDS = 15.0
COMMIT_TIMEOUT_SECONDS = 10.0
LEAVE_TIMEOUT_SECONDS = 3.0

_ENDS_BADLY = (TimeoutError, KafkaError, OSError, asyncio.CancelledError)
"""aiokafka lets the cancellation of its own tasks out to whoever closes it; taken for ours, it would end the source
without a word."""


class _Assignments(ConsumerRebalanceListener):  # type: ignore[misc]
    """Counts rebalances. Takes no lock: one taken here can deadlock the consumer."""

    def __init__(self, telemetry: Telemetry) -> None:
        self._telemetry = telemetry

    async def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        log.info("partitions revoked", count=len(revoked))

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        self._telemetry.instruments.rebalances.add(1)
        log.info("partitions assigned", count=len(assigned))


class AiokafkaSource:
    """Runs until stopped; survives a broker that is away. Offsets follow commits, never lead them."""

    def __init__(
        self,
        processor: BatchProcessor,  # type: ignore[type-arg]
        telemetry: Telemetry,
        *,
        bootstrap_servers: str,
        group: str,
        topics: Sequence[Topic],
        prefix: str,
        batch_limit: int,
    ) -> None:
        self._processor = processor
        self._telemetry = telemetry
        self._bootstrap_servers = bootstrap_servers
        self._group = group
        self._pattern = subscription(topics, prefix)
        self._prefix = prefix
        self._batch_limit = batch_limit
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._poisoned = False

    @property
    def stopped_by_poison(self) -> bool:
        return self._poisoned

    async def start(self) -> None:
        self._task = vital(asyncio.create_task(self._run(), name="kafka-source"))

    async def stop(self) -> None:
        """Finish the batch in hand, commit its offsets, leave the group."""
        self._stopping.set()
        self._processor.stop_retrying()
        if self._task is not None:
            await self._task

    async def _run(self) -> None:
        while not self._stopping.is_set():
            consumer = AIOKafkaConsumer(
                bootstrap_servers=self._bootstrap_servers,
                group_id=self._group,
                enable_auto_commit=False,
                auto_offset_reset="earliest",
                isolation_level="read_committed",
                request_timeout_ms=REQUEST_TIMEOUT_MS,
                metadata_max_age_ms=10_000,
                session_timeout_ms=10_000,
                heartbeat_interval_ms=2_000,
            )
            try:
                await self._in_time(START_TIMEOUT_SECONDS, consumer.start())
                consumer.subscribe(pattern=self._pattern, listener=_Assignments(self._telemetry))
                await self._consume(consumer)
            except TooManyDeadLetters as fault:
                self._poisoned = True
                log.error("consumer stopped by dead letters", detail=str(fault))
                return
            except Stopping:
                return
            except _ENDS_BADLY as fault:
                if _is_asked_to_end():
                    raise
                log.warning("kafka does not answer; trying again", exc_info=fault)
                await self._pause(RECONNECT_SECONDS)
            finally:
                await unbroken(_leave(consumer))

    async def _consume(self, consumer: AIOKafkaConsumer) -> None:
        while not self._stopping.is_set():
            fetched = await consumer.getmany(timeout_ms=POLL_MS, max_records=self._batch_limit)
            messages, offsets = self._unpack(fetched)
            if messages:
                await unbroken(self._processor.process(messages))
                await self._acknowledge(consumer, offsets)

    def _unpack(self, fetched: object) -> tuple[list[Message], dict[TopicPartition, int]]:
        messages: list[Message] = []
        offsets: dict[TopicPartition, int] = {}
        for partition, records in fetched.items():  # type: ignore[attr-defined]
            topic = partition.topic.removeprefix(self._prefix)
            for record in records:
                header = dict(record.headers).get(TRACEPARENT)
                messages.append(
                    Message(
                        topic,
                        record.partition,
                        record.offset,
                        record.key,
                        record.value or b"",
                        header.decode("ascii", "replace") if header else None,
                    )
                )
            offsets[partition] = records[-1].offset + 1
        return messages, offsets

    async def _acknowledge(self, consumer: AIOKafkaConsumer, offsets: dict[TopicPartition, int]) -> None:
        try:
            # While the broker is away aiokafka asks again for ever; whoever begins anew repeats the batch instead.
            await self._in_time(COMMIT_TIMEOUT_SECONDS, consumer.commit(offsets))
        except (CommitFailedError, IllegalStateError) as fault:
            # The partitions went to someone else meanwhile; they repeat the batch, and repetitions vanish.
            log.info("offsets not committed after a rebalance", exc_info=fault)

    async def _in_time(self, seconds: float, work: Coroutine[Any, Any, None]) -> None:
        """Wait so long, and once the service stops only for a farewell. Raises TimeoutError."""
        task = asyncio.ensure_future(within(seconds, work))
        stopping = asyncio.ensure_future(self._stopping.wait())
        await asyncio.wait({task, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if self._stopping.is_set():
            await within(LEAVE_TIMEOUT_SECONDS, _outcome(task))
        await task

    async def _pause(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return


def _is_asked_to_end() -> bool:
    """Whether somebody has cancelled this very task."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


async def _outcome(task: "asyncio.Future[None]") -> None:
    await task


async def _leave(consumer: AIOKafkaConsumer) -> None:
    try:
        await within(LEAVE_TIMEOUT_SECONDS, consumer.stop())
        return
    except _ENDS_BADLY as fault:
        log.info("left the group without saying so", exc_info=fault)
    # What lived on of it would go on beating for partitions that nobody reads.
    coordinator = consumer._coordinator
    for task in (coordinator and coordinator._coordination_task, coordinator and coordinator._heartbeat_task):
        if task is not None:
            task.cancel()
    with contextlib.suppress(*_ENDS_BADLY):
        if consumer._fetcher is not None:
            await within(LEAVE_TIMEOUT_SECONDS, consumer._fetcher.close())
        await within(LEAVE_TIMEOUT_SECONDS, consumer._client.close())
