"""The servers the services stand on, started together and stopped in reverse order."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from deploy.embedded.jars import fetch_jars, read_lock
from deploy.embedded.kafka import Kafka
from deploy.embedded.mongodb import MongoDb
from deploy.embedded.places import Places
from deploy.embedded.ports import any_free_port
from deploy.embedded.processes import Child
from deploy.embedded.zipkin import Zipkin


@dataclass(frozen=True)
class StackJars:
    """Paths in the user's cache, checked against the lock."""

    kafka: tuple[Path, ...]
    zipkin: Path


def fetch_stack_jars() -> StackJars:
    """Fetches what is missing. Raises JarError."""
    locked = read_lock()
    paths = fetch_jars(locked)
    by_set = [(jar.jar_set, path) for jar, path in zip(locked, paths, strict=True)]
    kafka = tuple(path for jar_set, path in by_set if jar_set == "kafka")
    (zipkin,) = (path for jar_set, path in by_set if jar_set == "zipkin")
    return StackJars(kafka, zipkin)


def start_together(children: Sequence[Child]) -> None:
    """Starts all at once and waits for each; on a failure stops what ran. Raises StartFailed."""
    try:
        for child in children:
            child.start()
        for child in children:
            child.wait_until_ready()
    except BaseException:
        stop_in_reverse(children)
        raise


def stop_in_reverse(children: Sequence[Child]) -> None:
    for child in reversed(children):
        child.stop()


class ServerStack:
    """Kafka, one document server and Zipkin on free ports, without services: what integration tests stand on.

    Zipkin is started but not waited for, most tests do not read traces.
    """

    def __init__(self, var: Path) -> None:
        jars = fetch_stack_jars()
        places = Places(var)
        self.kafka = Kafka(places.data / "kafka", jars.kafka, any_free_port(), any_free_port())
        self.mongodb = MongoDb("test", places.data / "mongodb", any_free_port())
        self.zipkin = Zipkin(jars.zipkin, any_free_port())
        self.kafka_child = Child(self.kafka.part(), places.log)
        self.mongodb_child = Child(self.mongodb.part(), places.log)
        self.zipkin_child = Child(self.zipkin.part(), places.log)

    def start(self) -> None:
        """Raises StartFailed."""
        start_together([self.kafka_child, self.mongodb_child])
        self.zipkin_child.start()

    def stop(self) -> None:
        """All at once: no service is left that could mind the order."""
        children = [self.zipkin_child, self.mongodb_child, self.kafka_child]
        for child in children:
            child.ask_to_stop()
        stop_in_reverse(children)

    def __enter__(self) -> "ServerStack":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
