"""How far each group has read, and how far there is to read."""

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from contracts.manifest import Manifest, ManifestError, Party

Ends = Mapping[TopicPartition, int]

ANSWER_SECONDS = 5.0
FETCH_MS = 500
RECONNECT_SECONDS = 0.5
LOOK_SECONDS = 0.02
AWAY = (KafkaError, OSError, TimeoutError)


class Offsets:
    """The groups of one installation. Its topics are there before it is asked first.

    A partition's own end is no measure: behind the last event lies the marker of its transaction, which no group ever
    commits. So every event is read along, and where the last one lay is remembered.
    """

    def __init__(self, bootstrap_servers: str, prefix: str) -> None:
        self._bootstrap_servers = bootstrap_servers
        self._prefix = prefix
        self._lock = asyncio.Lock()
        self._admin: AIOKafkaAdminClient | None = None
        self._consumer: AIOKafkaConsumer | None = None
        self._reading: asyncio.Task[None] | None = None
        self._read_by: dict[str, frozenset[TopicPartition]] = {}
        self._ends: dict[TopicPartition, int] = {}

    async def ends(self) -> Mapping[str, Ends]:
        """Service -> partition -> the offset behind its last event, of all that it reads and that are not empty."""
        async with self._asking():
            read_by = await self._partitions()
            consumer = await self._reader()
            ends = await consumer.end_offsets(consumer.assignment())
            for partition, end in ends.items():
                while await consumer.position(partition) < end:  # noqa: ASYNC110 - the consumer wakes nobody
                    await asyncio.sleep(LOOK_SECONDS)
        return {
            service: {each: self._ends[each] for each in read if each in self._ends}
            for service, read in read_by.items()
        }

    async def behind(self, service: str, ends: Ends) -> dict[TopicPartition, int]:
        """How many offsets its group has yet to commit before these ends."""
        if not ends:
            return {}
        async with self._asking():
            admin = await self._administrator()
            committed = await admin.list_consumer_group_offsets(f"{self._prefix}puskesos.{service}")
        reached = {partition: told.offset for partition, told in committed.items()}
        behind = {partition: end - max(reached.get(partition, 0), 0) for partition, end in ends.items()}
        return {partition: events for partition, events in behind.items() if events > 0}

    async def close(self) -> None:
        reading, self._reading = self._reading, None
        consumer, self._consumer = self._consumer, None
        admin, self._admin = self._admin, None
        if reading is not None:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
        with contextlib.suppress(*AWAY):
            if consumer is not None:
                await consumer.stop()
        with contextlib.suppress(*AWAY):
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

    async def _partitions(self) -> Mapping[str, frozenset[TopicPartition]]:
        if not self._read_by:
            admin = await self._administrator()
            names = [name for name in await admin.list_topics() if name.startswith(self._prefix)]
            manifest = Manifest.load()
            read_by: dict[str, set[TopicPartition]] = {party.value: set() for party in Party}
            for topic in await admin.describe_topics(names):
                try:
                    readers = manifest.topic(topic["topic"].removeprefix(self._prefix)).readers
                except ManifestError:
                    continue
                partitions = {TopicPartition(topic["topic"], each["partition"]) for each in topic["partitions"]}
                for reader in readers:
                    read_by[reader.value] |= partitions
            self._read_by = {reader: frozenset(partitions) for reader, partitions in read_by.items()}
        return self._read_by

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

    async def _reader(self) -> AIOKafkaConsumer:
        if self._consumer is None:
            consumer = AIOKafkaConsumer(
                bootstrap_servers=self._bootstrap_servers,
                group_id=None,
                isolation_level="read_committed",
                auto_offset_reset="earliest",
                enable_auto_commit=False,
                client_id=f"watch-{uuid.uuid4().hex[:8]}",
            )
            try:
                await consumer.start()
            except BaseException:
                await consumer.stop()
                raise
            consumer.assign(sorted({each for read in self._read_by.values() for each in read}))
            for partition, end in self._ends.items():
                consumer.seek(partition, end)
            self._consumer = consumer
            self._reading = asyncio.create_task(self._read_along(consumer), name="watch-events")
        return self._consumer

    async def _read_along(self, consumer: AIOKafkaConsumer) -> None:
        while True:
            try:
                for partition, records in (await consumer.getmany(timeout_ms=FETCH_MS)).items():
                    self._ends[partition] = records[-1].offset + 1
            except AWAY:
                await asyncio.sleep(RECONNECT_SECONDS)
