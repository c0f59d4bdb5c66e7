"""What a partner sees, with a Kafka client and a CloudEvents library that are not ours."""

import uuid
from typing import cast

import pytest
from cloudevents.core.base import BaseCloudEvent
from cloudevents.core.bindings.kafka import KafkaMessage, from_kafka_event
from confluent_kafka import Consumer

from tests.harness.system import RunningSystem

PATIENCE_SECONDS = 60.0

Read = list[tuple[bytes, BaseCloudEvent]]


def read_all(bootstrap_servers: str, topic: str) -> Read:
    """Every committed record of a topic, by librdkafka and the CloudEvents SDK's Kafka binding: (key, event)."""
    consumer = Consumer(
        {
            "bootstrap.servers": bootstrap_servers,
            "group.id": f"stranger-{uuid.uuid4().hex[:8]}",
            "auto.offset.reset": "earliest",
            "enable.partition.eof": True,
            "enable.auto.commit": False,
            "isolation.level": "read_committed",
        }
    )
    partitions = len(consumer.list_topics(topic, timeout=PATIENCE_SECONDS).topics[topic].partitions)
    consumer.subscribe([topic])
    records: Read = []
    ended: set[int | None] = set()
    try:
        while len(ended) < partitions:
            message = consumer.poll(PATIENCE_SECONDS)
            assert message is not None, f"nothing of {topic} within {PATIENCE_SECONDS} s"
            if message.error():
                ended.add(message.partition())
                continue
            key, value = message.key(), message.value()
            assert key is not None
            assert value is not None
            headers = dict(cast("list[tuple[str, bytes]]", message.headers() or []))
            records.append((key, from_kafka_event(KafkaMessage(headers, key, value))))
    finally:
        consumer.close()
    return records


@pytest.mark.usefixtures("told_once")
def test_a_stranger_reads_referral_issued_as_a_cloud_event_keyed_by_its_subject(running: RunningSystem) -> None:
    records = read_all(running.endpoints().kafka.bootstrap_servers, "referral.issued")
    assert records
    for key, event in records:
        assert event.get_specversion() == "1.0"
        assert event.get_type() == "puskesos.referral.issued.v1"
        assert event.get_source().startswith("/districts/")
        assert key == (event.get_subject() or "").encode()
        data = event.get_data()
        assert isinstance(data, dict)
        assert data["referral_id"] in {referral["referral_id"] for referral in data["handling"]["referrals"]}


@pytest.mark.usefixtures("told_once")
def test_an_agency_finds_on_its_feed_what_it_needs_and_nothing_of_the_case_around_it(running: RunningSystem) -> None:
    records = read_all(running.endpoints().kafka.bootstrap_servers, "partner.cianjur-education.referral.issued")
    assert records
    for key, event in records:
        data = event.get_data()
        assert isinstance(data, dict)
        assert key.decode() == event.get_subject() == data["referral_id"]
        assert data["agency"] == "cianjur-education"
        assert "handling" not in data
