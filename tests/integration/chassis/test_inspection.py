"""How far a group is, read beside it: transactions' markers are no events, and nothing is asked twice for nothing."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from chassis.bus.inspection import Inspector, KafkaSilent, PartitionLag
from chassis.bus.topics import subscription
from contracts.manifest import Manifest
from tests.harness.waiting import eventually

TOPIC = "complaint.created"


@pytest_asyncio.fixture
async def inspector(kafka_bootstrap: str, topics: str) -> AsyncIterator[Inspector]:
    """Looks at a group of this test's own, as reporting would be looked at."""
    pattern = subscription(Manifest.load().read_by("reporting"), topics)
    made = Inspector(kafka_bootstrap, group=f"{topics}group", pattern=pattern, prefix=topics)
    yield made
    await made.close()


async def first_partition(inspector: Inspector) -> PartitionLag | None:
    """None while Kafka is still making the group's coordinator."""
    try:
        lags = (await inspector.look()).lags
    except KafkaSilent:
        return None
    return next(lag for lag in lags if (lag.topic, lag.partition) == (TOPIC, 0))


async def test_what_is_committed_behind_the_last_event_is_no_lag_whatever_markers_follow(
    inspector: Inspector, kafka_bootstrap: str, topics: str
) -> None:
    partition = TopicPartition(topics + TOPIC, 0)
    producer = AIOKafkaProducer(bootstrap_servers=kafka_bootstrap, transactional_id=f"{topics}markers")
    await producer.start()
    for _ in range(3):
        async with producer.transaction():
            await producer.send(partition.topic, b"event", partition=0)
    with pytest.raises(ZeroDivisionError):
        async with producer.transaction():
            await producer.send(partition.topic, b"taken back", partition=0)
            raise ZeroDivisionError
    await producer.stop()

    seen = await eventually(lambda: first_partition(inspector))
    assert seen is not None
    assert (seen.committed, seen.events >= 3) == (0, True)

    group = AIOKafkaConsumer(bootstrap_servers=kafka_bootstrap, group_id=f"{topics}group", enable_auto_commit=False)
    await group.start()
    group.assign([partition])
    last_event = 4  # event, marker, event, marker, event, marker, taken back, marker
    await group.commit({partition: last_event + 1})
    assert await first_partition(inspector) == PartitionLag(TOPIC, 0, last_event + 1, 0)
    await group.commit({partition: last_event})
    again = await first_partition(inspector)
    assert again is not None
    assert again.events > 0
    await group.stop()


async def test_the_topics_of_this_installation_are_told_without_their_prefix(inspector: Inspector, topics: str) -> None:
    seen = await eventually(lambda: first_partition(inspector))
    assert seen is not None
    found = (await inspector.look()).topics
    assert {TOPIC, "case.resolved"} <= found
    assert not any(name.startswith(topics) for name in found)


async def test_a_kafka_that_is_not_there_is_said_to_be_silent() -> None:
    nowhere = Inspector("127.0.0.1:1", group="g", pattern=None, prefix="")
    with pytest.raises(KafkaSilent):
        await nowhere.look()
    await nowhere.close()
