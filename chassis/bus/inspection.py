"""What Kafka says of a consumer group and of topics, read beside the consumer: also of one that is dead or hangs."""

import contextlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from chassis.bus.within import within

REQUEST_TIMEOUT_MS = 5000
LOOK_TIMEOUT_SECONDS = 10.0
PEEK_SECONDS = 2.0
CLOSE_TIMEOUT_SECONDS = 2.0


class KafkaSilent(Exception):
    """Kafka did not answer in time, or not well; the next look opens new connections."""


@dataclass(frozen=True)
class PartitionLag:
    """How far the group is on one partition. `topic` is without the installation's prefix."""

    topic: str
    partition: int
    committed: int
    """Where the group reads on; where the partition begins, when it has never committed."""
    events: int
    """Records not yet handled, with the transactions' markers between them; 0 when only markers are left."""


@dataclass(frozen=True)
class Inspection:
    """One look at Kafka."""

    lags: tuple[PartitionLag, ...]
    topics: frozenset[str]
    """Every topic there is, without the prefix."""


class Inspector:
    """Looks at one group and at the topics it reads, over connections of its own. Closed after a failure by itself."""

    def __init__(self, bootstrap_servers: str, *, group: str, pattern: str | None, prefix: str) -> None:
        """`pattern`: the topics the group reads, as it subscribes to them; None when it reads nothing."""
        self._bootstrap_servers = bootstrap_servers
        self._group = group
        self._pattern = re.compile(pattern) if pattern else None
        self._prefix = prefix
        self._admin: AIOKafkaAdminClient | None = None
        self._reader: AIOKafkaConsumer | None = None
        self._first_unread: dict[tuple[TopicPartition, int, int], int] = {}

    async def look(self) -> Inspection:
        """Raises KafkaSilent."""
        try:
            return await within(LOOK_TIMEOUT_SECONDS, self._look())
        except (KafkaError, OSError, TimeoutError) as fault:
            await self.close()
            raise KafkaSilent(type(fault).__name__) from fault

    async def close(self) -> None:
        admin, reader = self._admin, self._reader
        self._admin = self._reader = None
        for connection in (admin.close() if admin else None, reader.stop() if reader else None):
            if connection is not None:
                with contextlib.suppress(KafkaError, OSError, TimeoutError):
                    await within(CLOSE_TIMEOUT_SECONDS, connection)

    async def _look(self) -> Inspection:
        if self._admin is None:
            self._admin = AIOKafkaAdminClient(
                bootstrap_servers=self._bootstrap_servers, request_timeout_ms=REQUEST_TIMEOUT_MS
            )
            await self._admin.start()
        # Of all topics: asking for one by name would make it, on a broker that makes topics by itself.
        described = [topic for topic in await self._admin.describe_topics() if topic["error_code"] == 0]
        names = {str(topic["topic"]) for topic in described}
        read = [
            TopicPartition(topic["topic"], partition["partition"])
            for topic in described
            if self._pattern is not None and self._pattern.match(topic["topic"])
            for partition in topic["partitions"]
        ]
        return Inspection(
            lags=await self._lags(self._admin, read) if read else (),
            topics=frozenset(name.removeprefix(self._prefix) for name in names if name.startswith(self._prefix)),
        )

    async def _lags(self, admin: AIOKafkaAdminClient, partitions: Sequence[TopicPartition]) -> tuple[PartitionLag, ...]:
        reader = await self._opened_reader()
        stored = await admin.list_consumer_group_offsets(self._group)
        beginnings = await reader.beginning_offsets(partitions)
        ends = await reader.end_offsets(partitions)
        committed = {
            partition: max(stored[partition].offset if partition in stored else 0, beginnings[partition])
            for partition in partitions
        }
        await self._peek(reader, committed, ends)
        return tuple(
            PartitionLag(
                topic=partition.topic.removeprefix(self._prefix),
                partition=partition.partition,
                committed=committed[partition],
                events=max(ends[partition] - self._unread_from(partition, committed, ends), 0),
            )
            for partition in partitions
        )

    def _unread_from(
        self, partition: TopicPartition, committed: dict[TopicPartition, int], ends: dict[TopicPartition, int]
    ) -> int:
        offset = committed[partition]
        return self._first_unread.get((partition, offset, ends[partition]), offset)

    async def _peek(
        self, reader: AIOKafkaConsumer, committed: dict[TopicPartition, int], ends: dict[TopicPartition, int]
    ) -> None:
        """Find the first record behind each committed offset: a transaction's marker is an offset nobody handles.

        What was found for an offset and an end holds as long as both stand, so that a group at rest costs no reading.
        """
        behind = {(tp, offset, ends[tp]) for tp, offset in committed.items() if offset < ends[tp]}
        self._first_unread = {key: found for key, found in self._first_unread.items() if key in behind}
        unknown = {key[0]: key for key in behind if key not in self._first_unread}
        if not unknown:
            return
        reader.assign(list(unknown))
        for partition, (_, offset, _) in unknown.items():
            reader.seek(partition, offset)
        with contextlib.suppress(TimeoutError):  # then the whole distance counts, until the next look
            await within(PEEK_SECONDS, self._find(reader, unknown))
        reader.unsubscribe()

    async def _find(
        self, reader: AIOKafkaConsumer, unknown: dict[TopicPartition, tuple[TopicPartition, int, int]]
    ) -> None:
        waiting = dict(unknown)
        while waiting:
            fetched = await reader.getmany(*waiting, timeout_ms=100, max_records=len(waiting))
            for partition, records in fetched.items():
                key = waiting.pop(partition, None)
                if key is not None and records:
                    self._first_unread[key] = records[0].offset
            for partition, key in list(waiting.items()):
                if await reader.position(partition) >= key[2]:
                    self._first_unread[key] = key[2]
                    del waiting[partition]

    async def _opened_reader(self) -> AIOKafkaConsumer:
        if self._reader is None:
            self._reader = AIOKafkaConsumer(
                bootstrap_servers=self._bootstrap_servers,
                group_id=None,
                enable_auto_commit=False,
                isolation_level="read_committed",
                max_partition_fetch_bytes=1024,
                fetch_max_wait_ms=100,
                request_timeout_ms=REQUEST_TIMEOUT_MS,
            )
            await self._reader.start()
        return self._reader
