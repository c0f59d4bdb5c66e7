"""A Kafka client that is not ours: reads and writes topics as a partner would."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient


@dataclass(frozen=True)
class Record:
    """One record as any Kafka client sees it."""

    topic: str
    key: bytes | None
    value: bytes
    headers: dict[str, bytes]


async def read_topics(bootstrap_servers: str, topics: Sequence[str]) -> list[Record]:
    """Everything committed on these topics up to now, in order within each partition."""
    partitions = await _partitions(bootstrap_servers, topics)
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap_servers,
        isolation_level="read_committed",
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        group_id=None,
        client_id=f"reader-{uuid.uuid4().hex[:8]}",
    )
    await consumer.start()
    try:
        consumer.assign(partitions)
        ends = await consumer.end_offsets(partitions)
        await consumer.seek_to_beginning(*partitions)
        records: list[Record] = []
        while True:
            waiting = [p for p in partitions if await consumer.position(p) < ends[p]]
            if not waiting:
                return records
            fetched = await consumer.getmany(*waiting, timeout_ms=200)
            records += [
                Record(record.topic, record.key, record.value, dict(record.headers))
                for batch in fetched.values()
                for record in batch
            ]
    finally:
        await consumer.stop()


async def _partitions(bootstrap_servers: str, topics: Sequence[str]) -> list[TopicPartition]:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    await admin.start()
    try:
        described = await admin.describe_topics(list(topics))
    finally:
        await admin.close()
    return [TopicPartition(topic["topic"], part["partition"]) for topic in described for part in topic["partitions"]]


async def send(bootstrap_servers: str, topic: str, *records: tuple[str, bytes]) -> None:
    """Write (key, value) records and wait until Kafka has them."""
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap_servers, enable_idempotence=True)
    await producer.start()
    try:
        for key, value in records:
            await producer.send_and_wait(topic, key=key.encode(), value=value)
    finally:
        await producer.stop()


async def delete_topics(bootstrap_servers: str, topics: Sequence[str]) -> None:
    """Take topics away with everything on them."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    await admin.start()
    try:
        await admin.delete_topics(list(topics))
    finally:
        await admin.close()
