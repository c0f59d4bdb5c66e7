"""Everything that was ever told on some topics, read from the beginning beside the group that hears it.

No consumer group: whoever reads keeps the offsets. Uncommitted records are read as well, as Faust reads them: every
record of ours is a fact that was committed in a database before, and comes again if its transaction is aborted.
"""

import contextlib
import re
from collections.abc import Coroutine, Mapping, Sequence
from typing import Any, TypeVar

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from chassis.bus.message import Message
from chassis.bus.topics import subscription
from chassis.bus.within import within
from chassis.telemetry.propagation import TRACEPARENT
from contracts.manifest import Topic

POLL_MS = 200
ANSWER_SECONDS = 15.0
CLOSE_SECONDS = 5.0

Offsets = Mapping[tuple[str, int], int]
"""(topic without prefix, partition) -> where to read on."""

T = TypeVar("T")


class KafkaAway(Exception):
    """Kafka does not answer. The next call opens a new connection and reads on where the last one ended."""


class History:
    """Records of all partitions from given offsets on; what was handed out once is not handed out again."""

    def __init__(self, bootstrap_servers: str, topics: Sequence[Topic], prefix: str, offsets: Offsets) -> None:
        """A partition that is not in `offsets` is read from its beginning."""
        self._bootstrap_servers = bootstrap_servers
        self._pattern = re.compile(subscription(topics, prefix))
        self._prefix = prefix
        self._offsets = dict(offsets)
        self._consumer: AIOKafkaConsumer | None = None

    @property
    def offsets(self) -> Offsets:
        """Where each partition is to be read on; also behind records that are nobody's, such as markers."""
        return self._offsets

    async def beginnings(self) -> Offsets:
        """Where each partition begins: above 0, what came before was deleted. Raises KafkaAway."""
        consumer = await self._opened()
        return self._named(await self._answered(consumer.beginning_offsets(consumer.assignment())))

    async def ends(self) -> Offsets:
        """Where each partition ends now, of every topic there is now. Raises KafkaAway."""
        consumer = await self._opened()
        await self._answered(self._assign(consumer))
        return self._named(await self._answered(consumer.end_offsets(consumer.assignment())))

    async def read(self, limit: int) -> list[Message]:
        """The next records, at most `limit`; none when none came within a moment. Raises KafkaAway."""
        consumer = await self._opened()
        fetched = await self._answered(consumer.getmany(timeout_ms=POLL_MS, max_records=limit))
        for partition in consumer.assignment():
            self._offsets[self._name(partition)] = await self._answered(consumer.position(partition))
        return [
            Message(
                partition.topic.removeprefix(self._prefix),
                record.partition,
                record.offset,
                record.key,
                record.value or b"",
                header.decode("ascii", "replace") if (header := dict(record.headers).get(TRACEPARENT)) else None,
            )
            for partition, records in fetched.items()
            for record in records
        ]

    async def close(self) -> None:
        consumer, self._consumer = self._consumer, None
        if consumer is not None:
            with contextlib.suppress(KafkaError, OSError, TimeoutError):
                await within(CLOSE_SECONDS, consumer.stop())

    async def _opened(self) -> AIOKafkaConsumer:
        if self._consumer is None:
            self._consumer = AIOKafkaConsumer(
                bootstrap_servers=self._bootstrap_servers,
                group_id=None,
                enable_auto_commit=False,
                auto_offset_reset="earliest",
                isolation_level="read_uncommitted",
            )
            await self._answered(self._consumer.start())
            await self._answered(self._assign(self._consumer))
        return self._consumer

    async def _assign(self, consumer: AIOKafkaConsumer) -> None:
        """Read every partition there is, the new ones from their beginning."""
        admin = AIOKafkaAdminClient(bootstrap_servers=self._bootstrap_servers)
        try:
            await admin.start()
            # Of all topics: asking for one by name would make it, on a broker that makes topics by itself.
            described = await admin.describe_topics()
        finally:
            await admin.close()
        there = {
            TopicPartition(topic["topic"], partition["partition"])
            for topic in described
            if topic["error_code"] == 0 and self._pattern.match(topic["topic"])
            for partition in topic["partitions"]
        }
        if there == consumer.assignment():
            return
        consumer.assign(sorted(there))
        beginnings = await consumer.beginning_offsets(there)
        for partition in there:
            consumer.seek(partition, self._offsets.get(self._name(partition), beginnings[partition]))

    async def _answered(self, call: Coroutine[Any, Any, T]) -> T:
        try:
            return await within(ANSWER_SECONDS, call)
        except (KafkaError, OSError, TimeoutError) as fault:
            await self.close()
            raise KafkaAway(type(fault).__name__) from fault

    def _name(self, partition: TopicPartition) -> tuple[str, int]:
        return partition.topic.removeprefix(self._prefix), partition.partition

    def _named(self, offsets: Mapping[TopicPartition, int]) -> Offsets:
        return {self._name(partition): offset for partition, offset in offsets.items()}
