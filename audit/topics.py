"""Reading every topic of the manifest from its first record to the last one committed."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from audit.facts import Facts, Place, Record
from contracts.manifest import Manifest, ManifestError, Topic

FETCH_MS = 500
RECORDS_A_FETCH = 2000

Progress = Callable[[str], None]


class TopicsUnreadable(Exception):
    """Kafka does not answer, or not to the end."""


async def read_facts(bootstrap_servers: str, prefix: str, progress: Progress) -> Facts:
    """Everything committed on the installation's topics up to now. Raises TopicsUnreadable."""
    try:
        topics = await _partitions(bootstrap_servers, prefix)
        consumer = AIOKafkaConsumer(
            bootstrap_servers=bootstrap_servers,
            isolation_level="read_committed",
            auto_offset_reset="earliest",
            enable_auto_commit=False,
            group_id=None,
            client_id=f"audit-{uuid.uuid4().hex[:8]}",
        )
        try:
            await consumer.start()
            return await _read(consumer, topics, prefix, progress)
        finally:
            await consumer.stop()
    except (KafkaError, OSError) as error:
        raise TopicsUnreadable(f"Kafka at {bootstrap_servers} cannot be read ({type(error).__name__})") from error


async def _read(
    consumer: AIOKafkaConsumer, lines: Mapping[TopicPartition, Topic], prefix: str, progress: Progress
) -> Facts:
    partitions = list(lines)
    names = sorted({partition.topic.removeprefix(prefix) for partition in partitions})
    facts = Facts(topics=tuple(names))
    consumer.assign(partitions)
    ends = await consumer.end_offsets(partitions)
    await consumer.seek_to_beginning(*partitions)
    waiting = set(partitions)
    while waiting := {partition for partition in waiting if await consumer.position(partition) < ends[partition]}:
        fetched = await consumer.getmany(*waiting, timeout_ms=FETCH_MS, max_records=RECORDS_A_FETCH)
        for partition, batch in fetched.items():
            for message in batch:
                # What came after the ends were asked for belongs to the next look.
                if message.offset < ends[partition]:
                    facts.add(_record(message, lines[partition], prefix))
        progress(f"reading {len(names)} topics: {facts.records:,} records")
    return facts


async def _partitions(bootstrap_servers: str, prefix: str) -> dict[TopicPartition, Topic]:
    """Every partition of the installation's topics, and the line of the manifest it belongs to."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    await admin.start()
    try:
        lines = _in_use(set(await admin.list_topics()), prefix)
        if not lines:
            raise TopicsUnreadable(f"Kafka at {bootstrap_servers} has no topic of the manifest (prefix {prefix!r})")
        described = await admin.describe_topics(sorted(lines))
    finally:
        await admin.close()
    return {
        TopicPartition(topic["topic"], part["partition"]): lines[topic["topic"]]
        for topic in described
        for part in topic["partitions"]
    }


def _in_use(names: set[str], prefix: str) -> dict[str, Topic]:
    """The topics of this installation that the manifest knows and that are in use; full name -> line of the list."""
    manifest, found = Manifest.load(), {}
    for name in names:
        if not name.startswith(prefix):
            continue
        try:
            topic = manifest.topic(name.removeprefix(prefix))
        except ManifestError:
            continue
        if not topic.is_planned:
            found[name] = topic
    return found


def _record(message: Any, topic: Topic, prefix: str) -> Record:
    headers = dict(message.headers)
    traceparent = headers.get("traceparent")
    return Record(
        topic=topic,
        place=Place(message.topic.removeprefix(prefix), message.partition, message.offset),
        key=None if message.key is None else message.key.decode(errors="replace"),
        value=message.value or b"",
        traceparent=None if traceparent is None else traceparent.decode(errors="replace"),
    )
