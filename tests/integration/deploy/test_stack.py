"""The servers of the embedded stack: from an empty folder, through a killed broker, to an orderly stop."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from deploy.embedded.places import Places
from deploy.embedded.processes import Child
from deploy.embedded.stack import fetch_stack_jars
from deploy.embedded.supervisor import Supervisor
from deploy.embedded.system import TIERS, System, any_ports


@pytest.fixture
def system(tmp_path: Path) -> System:
    return System(Places(tmp_path), fetch_stack_jars(), any_ports())


@pytest.fixture
def supervisor(system: System) -> Iterator[Supervisor]:
    said: list[str] = []
    supervisor = Supervisor(system.places.log, said.append)
    yield supervisor
    supervisor.stop()


def wait_for_the_end_of(child: Child) -> None:
    while child.running:
        time.sleep(0.02)


async def produce(system: System, topic: str, values: list[bytes]) -> None:
    async with AIOKafkaProducer(bootstrap_servers=system.kafka.bootstrap_servers, acks="all") as producer:
        for value in values:
            await producer.send_and_wait(topic, value)


async def consume(system: System, topic: str, count: int) -> list[bytes]:
    async with AIOKafkaConsumer(
        topic, bootstrap_servers=system.kafka.bootstrap_servers, auto_offset_reset="earliest"
    ) as consumer:
        return [(await consumer.getone()).value for _ in range(count)]


async def test_what_kafka_acknowledged_survives_its_kill_and_the_next_start(
    system: System, supervisor: Supervisor, unique: str
) -> None:
    supervisor.start([system.kafka.part()])
    supervisor.wait_until_ready()
    admin = AIOKafkaAdminClient(bootstrap_servers=system.kafka.bootstrap_servers)
    await admin.start()
    await admin.create_topics([NewTopic(unique, num_partitions=1, replication_factor=1)])
    await admin.close()
    written = [str(number).encode() for number in range(50)]
    await produce(system, unique, written)

    broker = supervisor.child("kafka")
    first = broker.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    wait_for_the_end_of(broker)
    supervisor.watch_once()
    supervisor.wait_until_ready("kafka")
    assert broker.pid != first
    assert await consume(system, unique, len(written)) == written

    supervisor.stop()
    assert broker.exit_code == 143  # its own answer to SIGTERM, not a kill
    supervisor.start([system.kafka.part()])
    supervisor.wait_until_ready("kafka")
    assert await consume(system, unique, len(written)) == written


def test_every_tier_has_a_server_of_its_own_that_stops_when_asked(system: System, supervisor: Supervisor) -> None:
    parts = [system.mongodb(tier).part() for tier in TIERS]
    supervisor.start(parts)
    supervisor.wait_until_ready()
    children = [supervisor.child(part.name) for part in parts]
    assert len({child.pid for child in children}) == len(TIERS)
    supervisor.stop()
    assert [child.exit_code for child in children] == [0, 0, 0]
    assert all((system.places.data / f"mongodb-{tier}").is_dir() for tier in TIERS)
