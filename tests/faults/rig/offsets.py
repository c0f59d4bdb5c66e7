"""How far each group has read, and how far there is to read."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from contracts.manifest import Manifest, ManifestError, Party

Ends = Mapping[TopicPartition, int]

ANSWER_SECONDS = 5.0
FETCH_MS = 200
AWAY = (KafkaError, OSError, TimeoutError)


class Offsets:
    """The groups of one installation. Its topics are there before it is asked first.

    A partition's own end is no measure: behind the last event lies the marker of its transaction, which no group ever
    commits. So the events are read up to the end, each once in the life of this object.
    """

    def __init__(self, bootstrap_servers: str, prefix: str) -> None:
        self._bootstrap_servers = bootstrap_servers
        self._prefix = prefix
        self._admin: AIOKafkaAdminClient | None = None
        self._consumer: AIOKafkaConsumer | None = None
        self._lock = asyncio.Lock()
        self._read_by: dict[str, frozenset[TopicPartition]] = {}
        self._ends: dict[TopicPartition, int] = {}
        self._positions: dict[TopicPartition, int] = {}

    async def ends_of(self, service: str) -> Ends:
        """Partition -> the offset behind its last event, of all that this service reads and that are not empty."""
        async with self._asking():
            read = await self._partitions(service)
            await self._read_on(read)
        return {partition: self._ends[partition] for partition in read if partition in self._ends}

    async def behind(self, service: str, ends: Ends) -> dict[TopicPartition, int]:
        """How many offsets its group has yet to commit before these ends."""
        if not ends:
            return {}
        group = f"{self._prefix}puskesos.{service}"
        async with self._asking():
            committed = await (await self._administrator()).list_consumer_group_offsets(group)
        reached = {partition: told.offset for partition, told in committed.items()}
        behind = {partition: end - max(reached.get(partition, 0), 0) for partition, end in ends.items()}
        return {partition: events for partition, events in behind.items() if events > 0}

    async def close(self) -> None:
        consumer, self._consumer = self._consumer, None
        admin, self._admin = self._admin, None
        if consumer is not None:
            await consumer.stop()
        if admin is not None:
            await admin.close()

    @asynccontextmanager
    async def _asking(self) -> AsyncIterator[None]:
        """One question at a time; after one without an answer the connections are made anew."""
        async with self._lock:
            try:
                async with asyncio.timeout(ANSWER_SECONDS):
                    yield
            except AWAY:
                await self.close()
                raise

    async def _partitions(self, service: str) -> frozenset[TopicPartition]:
        if not self._read_by:
            admin = await self._administrator()
            names = [name for name in await admin.list_topics() if name.startswith(self._prefix)]
            described = await admin.describe_topics(names)
            manifest = Manifest.load()
            read_by: dict[str, set[TopicPartition]] = {party.value: set() for party in Party}
            for topic in described:
                try:
                    readers = manifest.topic(topic["topic"].removeprefix(self._prefix)).readers
                except ManifestError:
                    continue
                for reader in readers:
                    read_by[reader.value] |= {
                        TopicPartition(topic["topic"], each["partition"]) for each in topic["partitions"]
                    }
            self._read_by = {reader: frozenset(partitions) for reader, partitions in read_by.items()}
        return self._read_by[service]

    async def _read_on(self, partitions: frozenset[TopicPartition]) -> None:
        """From where the last look ended."""
        consumer = await self._reader(partitions)
        ends = await consumer.end_offsets(list(partitions))
        waiting = {each for each in partitions if self._positions.get(each, 0) < ends[each]}
        if not waiting:
            return
        consumer.assign(list(waiting))
        for partition in waiting:
            consumer.seek(partition, self._positions.get(partition, 0))
        while waiting:
            fetched = await consumer.getmany(*waiting, timeout_ms=FETCH_MS)
            for partition, records in fetched.items():
                self._ends[partition] = records[-1].offset + 1
            for partition in waiting:
                self._positions[partition] = await consumer.position(partition)
            waiting = {each for each in waiting if self._positions[each] < ends[each]}

    async def _administrator(self) -> AIOKafkaAdminClient:
        if self._admin is None:
            admin = AIOKafkaAdminClient(
                bootstrap_servers=self._bootstrap_servers, request_timeout_ms=int(ANSWER_SECONDS * 1000)
            )
            try:
                await admin.start()
            except BaseException:
                await admin.close()
                raise
            self._admin = admin
        return self._admin

    async def _reader(self, partitions: frozenset[TopicPartition]) -> AIOKafkaConsumer:
        if self._consumer is None:
            consumer = AIOKafkaConsumer(
                bootstrap_servers=self._bootstrap_servers,
                group_id=None,
                isolation_level="read_committed",
                auto_offset_reset="earliest",
                enable_auto_commit=False,
                request_timeout_ms=int(ANSWER_SECONDS * 1000),
                client_id=f"watch-{uuid.uuid4().hex[:8]}",
            )
            try:
                await consumer.start()
            except BaseException:
                await consumer.stop()
                raise
            self._consumer = consumer
        return self._consumer
