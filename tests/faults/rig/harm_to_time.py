"""Clocks that jump, and facts that come again and again in any order."""

import asyncio
from collections.abc import Sequence

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.structs import ConsumerRecord

from contracts.manifest import Manifest, Party
from tests.faults.rig.disturbance import Disturbance, Entry, Harm
from tests.faults.rig.system import PARTITIONS, FaultSystem

DAY_SECONDS = 24 * 3600.0
JUMP_DAYS = (1, 10)
JUMPED_SECONDS = 3.0
AGAIN_TIMES = 50
LATEST_RECORDS = 60
"""Of each partition: what is said again."""
RECORDS_SAID_AGAIN = 40
READ_MS = 300


async def jump(system: FaultSystem, entry: Entry) -> Harm:
    """A service's clock jumps days ahead, so that deadlines pass, and back."""
    ahead = entry.chance().randint(*JUMP_DAYS) * DAY_SECONDS
    instances = system.instances(entry.where)
    for instance in instances:
        instance.set_clock(system.clock_offset_seconds + ahead)
    await asyncio.sleep(JUMPED_SECONDS)
    for instance in instances:
        instance.set_clock(system.clock_offset_seconds)
    return Harm.now()


async def say_again(system: FaultSystem, entry: Entry) -> Harm:
    """Facts on the topics are published again, one of them fifty times, all in any order."""
    chance = entry.chance()
    latest = await _latest(system)
    chosen = chance.sample(latest, min(len(latest), RECORDS_SAID_AGAIN))
    if not chosen:
        return Harm.now()
    again = [*chosen, *chosen, *[chosen[0]] * AGAIN_TIMES]
    chance.shuffle(again)
    await _publish(system, again)
    return Harm.now()


async def _latest(system: FaultSystem) -> list[ConsumerRecord]:
    names = [
        system.prefix + topic.name
        for topic in Manifest.load().topics
        if topic.owner is not Party.AGENCY and not topic.is_template and not topic.is_planned
    ]
    partitions = [TopicPartition(name, number) for name in names for number in range(PARTITIONS)]
    consumer = AIOKafkaConsumer(
        bootstrap_servers=system.servers.kafka, isolation_level="read_committed", enable_auto_commit=False
    )
    await consumer.start()
    try:
        consumer.assign(partitions)
        ends = await consumer.end_offsets(partitions)
        for partition in partitions:
            consumer.seek(partition, max(ends[partition] - LATEST_RECORDS, 0))
        records: list[ConsumerRecord] = []
        while fetched := await consumer.getmany(timeout_ms=READ_MS):
            records += [record for some in fetched.values() for record in some]
        return records
    finally:
        await consumer.stop()


async def _publish(system: FaultSystem, records: Sequence[ConsumerRecord]) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=system.servers.kafka, enable_idempotence=True)
    await producer.start()
    try:
        for record in records:
            await producer.send(
                record.topic,
                key=record.key,
                value=record.value,
                headers=list(record.headers),
                partition=record.partition,
            )
        await producer.flush()
    finally:
        await producer.stop()


KINDS = (
    Disturbance("clock-jump", "a service's clock jumps days ahead, and back", jump),
    Disturbance("said-again", "facts published again, one fifty times, in any order", say_again, where=("topics",)),
)
