"""Containers as a test backend, through testcontainers: Kafka, and MongoDB as a replica set of one.

Used when a Docker engine answers and has the images or can pull them. Other images are named by the
environment: PUSKESOS_TEST_KAFKA_IMAGE (must read KAFKA_ variables as apache/kafka does) and
PUSKESOS_TEST_MONGODB_IMAGE.
"""

import os
import time
from collections.abc import Callable
from pathlib import Path

import docker
from docker.errors import DockerException, ImageNotFound
from pymongo import MongoClient
from pymongo.errors import ConnectionFailure
from testcontainers.core.config import testcontainers_config
from testcontainers.core.container import DockerContainer

from deploy.embedded.ports import LOOPBACK, accepts_connections, any_free_port
from tests.backends.addresses import Addresses

KAFKA_IMAGE = os.environ.get("PUSKESOS_TEST_KAFKA_IMAGE", "apache/kafka:4.1.0")
MONGODB_IMAGE = os.environ.get("PUSKESOS_TEST_MONGODB_IMAGE", "mongo:8.0")
START_BUDGET_SECONDS = 120
CONTROLLER_PORT = 19093
REPLICA_SET = "rs0"
STARTED = "Kafka Server started"


def docker_is_usable() -> bool:
    """True when an engine answers and both images are there or come. Never raises."""
    if not os.environ.get("DOCKER_HOST") and not Path("/var/run/docker.sock").exists():
        return False
    try:
        client = docker.from_env(timeout=60)
        client.ping()
        return all(_have(client, image) for image in (KAFKA_IMAGE, MONGODB_IMAGE))
    except (DockerException, OSError):  # a slow engine times out in the HTTP library, as an OSError
        return False


def _have(client: docker.DockerClient, image: str) -> bool:
    try:
        client.images.get(image)
    except ImageNotFound:
        try:
            client.images.pull(image)
        except DockerException:
            return False
    return True


class ContainerBackend:
    def __init__(self) -> None:
        self._containers: list[DockerContainer] = []

    @property
    def description(self) -> str:
        return f"containers ({KAFKA_IMAGE}, {MONGODB_IMAGE})"

    def start(self) -> Addresses:
        # Ryuk removes the containers of a killed run. Where its image cannot come, an orderly end still does.
        if not _have(docker.from_env(timeout=60), testcontainers_config.ryuk_image):
            testcontainers_config.ryuk_disabled = True
        try:
            return Addresses(self._start_kafka(), self._start_mongodb())
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        for container in reversed(self._containers):
            container.stop()
        self._containers.clear()

    def _start_kafka(self) -> str:
        # The same port inside and outside: the broker reaches itself by the address it advertises, and
        # refuses transactional records (NotEnoughReplicas) when it cannot.
        port = any_free_port()
        settings = {
            "KAFKA_NODE_ID": "1",
            "KAFKA_PROCESS_ROLES": "broker,controller",
            "KAFKA_CONTROLLER_QUORUM_VOTERS": f"1@localhost:{CONTROLLER_PORT}",
            "KAFKA_LISTENERS": f"PLAINTEXT://:{port},CONTROLLER://:{CONTROLLER_PORT}",
            "KAFKA_ADVERTISED_LISTENERS": f"PLAINTEXT://{LOOPBACK}:{port}",
            "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "KAFKA_CONTROLLER_LISTENER_NAMES": "CONTROLLER",
            "KAFKA_INTER_BROKER_LISTENER_NAME": "PLAINTEXT",
            "KAFKA_AUTO_CREATE_TOPICS_ENABLE": "false",
            "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR": "1",
            "KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS": "8",
            "KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR": "1",
            "KAFKA_TRANSACTION_STATE_LOG_MIN_ISR": "1",
            "KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS": "8",
            "KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS": "0",
        }
        container = DockerContainer(KAFKA_IMAGE).with_bind_ports(port, port)
        for name, value in settings.items():
            container = container.with_env(name, value)
        self._run(container)
        _wait(lambda: STARTED in _log_of(container) and accepts_connections(port), KAFKA_IMAGE)
        return f"{LOOPBACK}:{port}"

    def _start_mongodb(self) -> str:
        port = any_free_port()
        # The same port inside and outside: the set's member is named by it, and reached under that name.
        container = (
            DockerContainer(MONGODB_IMAGE)
            .with_bind_ports(port, port)
            .with_command(f"--replSet {REPLICA_SET} --bind_ip_all --port {port}")
        )
        self._run(container)
        name = _replica_set(port)
        return f"mongodb://{LOOPBACK}:{port}/?replicaSet={name}&journal=true&w=majority"

    def _run(self, container: DockerContainer) -> None:
        container.start()
        self._containers.append(container)


def _replica_set(port: int) -> str:
    """Makes a set of one where the server is not yet a primary; returns the set's name once it is."""
    client: MongoClient[dict[str, object]] = MongoClient(LOOPBACK, port, directConnection=True)
    try:
        _wait(lambda: _answers(client), MONGODB_IMAGE)
        if not client.admin.command("hello")["isWritablePrimary"]:
            member = {"_id": 0, "host": f"{LOOPBACK}:{port}"}
            client.admin.command("replSetInitiate", {"_id": REPLICA_SET, "members": [member]})
        _wait(lambda: bool(client.admin.command("hello")["isWritablePrimary"]), MONGODB_IMAGE)
        return str(client.admin.command("hello")["setName"])
    finally:
        client.close()


def _answers(client: "MongoClient[dict[str, object]]") -> bool:
    try:
        client.admin.command("ping")
    except ConnectionFailure:
        return False
    return True


def _log_of(container: DockerContainer) -> str:
    out, err = container.get_logs()
    return (out + err).decode(errors="replace")


def _wait(condition: Callable[[], bool], image: str) -> None:
    deadline = time.monotonic() + START_BUDGET_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{image} was not ready after {START_BUDGET_SECONDS} s")
        time.sleep(0.5)
