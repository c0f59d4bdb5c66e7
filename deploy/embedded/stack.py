"""The servers the services stand on."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from deploy.embedded.jars import fetch_jars, read_lock
from deploy.embedded.kafka import Kafka
from deploy.embedded.mongodb import MongoDb
from deploy.embedded.places import Places
from deploy.embedded.ports import any_free_port
from deploy.embedded.processes import Child, stop_together
from deploy.embedded.zipkin import Zipkin


@dataclass(frozen=True)
class StackJars:
    """Paths in the user's cache, checked against the lock."""

    kafka: tuple[Path, ...]
    zipkin: Path
    keycloak: Path
    """The distribution, a zip."""


def fetch_stack_jars(said: Callable[[int, int], None] = lambda done, total: None) -> StackJars:
    """Fetches what is missing; `said(done, total)` after each jar. Raises JarError."""
    locked = read_lock()
    paths = fetch_jars(locked, said=said)
    by_set = [(jar.jar_set, path) for jar, path in zip(locked, paths, strict=True)]
    kafka = tuple(path for jar_set, path in by_set if jar_set == "kafka")
    (zipkin,) = (path for jar_set, path in by_set if jar_set == "zipkin")
    (keycloak,) = (path for jar_set, path in by_set if jar_set == "keycloak")
    return StackJars(kafka, zipkin, keycloak)


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
        children = [self.kafka_child, self.mongodb_child, self.zipkin_child]
        try:
            for child in children:
                child.start()
            self.kafka_child.wait_until_ready()
            self.mongodb_child.wait_until_ready()
        except BaseException:
            stop_together(children)
            raise

    def stop(self) -> None:
        """All at once: no service is left that could mind the order."""
        stop_together([self.kafka_child, self.mongodb_child, self.zipkin_child])

    def __enter__(self) -> "ServerStack":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
