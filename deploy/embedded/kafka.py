"""Apache Kafka: one KRaft node, broker and controller in one process, on the loopback interface."""

import hashlib
import subprocess
import uuid
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from pathlib import Path

from deploy.embedded.java import JAVA, QUICK_START_FLAGS, class_path, runtime_identity
from deploy.embedded.parts import CannotPrepare, Part
from deploy.embedded.places import TOOLS
from deploy.embedded.ports import LOOPBACK, accepts_connections

STARTED = "Kafka Server started"
HEAP_FLAGS = ("-Xms128m", "-Xmx384m")

PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@{host}:{controller_port}
listeners=PLAINTEXT://{host}:{port},CONTROLLER://{host}:{controller_port}
advertised.listeners=PLAINTEXT://{host}:{port}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
log.dirs={data}
# Topics come from the manifest; a typing error must not make one.
auto.create.topics.enable=false
# Facts are kept.
log.retention.ms=-1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=8
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=8
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
# One consumer joins a group here: waiting three seconds for others is waiting for nobody.
group.initial.rebalance.delay.ms=0
group.coordinator.append.linger.ms=0
# After kill -9 the old registration is dropped in three seconds instead of nine.
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
# Ten megabytes of address space a partition, twice, is too much for thousands of small test topics.
log.index.size.max.bytes=1048576
log.cleaner.dedupe.buffer.size=8388608
num.network.threads=2
num.io.threads=4
background.threads=4
"""

LOGGING = """\
handlers=java.util.logging.ConsoleHandler
.level=INFO
java.util.logging.ConsoleHandler.level=INFO
java.util.logging.ConsoleHandler.formatter=java.util.logging.SimpleFormatter
java.util.logging.SimpleFormatter.format=%1$tFT%1$tT.%1$tL %4$s %3$s %5$s%6$s%n
org.apache.kafka.level=WARNING
kafka.server.KafkaConfig.level=WARNING
kafka.server.metadata.level=WARNING
"""


def new_cluster_id() -> str:
    """16 random bytes in URL-safe base64. One that starts with "-" is taken for an option by StorageTool."""
    while True:
        cluster_id = urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        if not cluster_id.startswith("-"):
            return cluster_id


@dataclass(frozen=True)
class Kafka:
    """One node with its data in `directory`. The ports may differ from the last run's."""

    directory: Path
    jars: tuple[Path, ...]
    port: int
    controller_port: int

    @property
    def bootstrap_servers(self) -> str:
        return f"{LOOPBACK}:{self.port}"

    def part(self) -> Part:
        cache = self._class_cache()
        # Named after the port: stacks of the same checkout may train at the same time.
        untrained = cache.with_suffix(f".{self.port}")
        if cache.exists():
            caching = f"-XX:AOTCache={cache}"
        else:
            # The JVM writes it at its own orderly end: never after a kill.
            cache.parent.mkdir(parents=True, exist_ok=True)
            caching = f"-XX:AOTCacheOutput={untrained}"

        def keep_training() -> None:
            if untrained.exists():
                untrained.replace(cache)

        return Part(
            name="kafka",
            what="Apache Kafka",
            command=self._java(
                "kafka.Kafka",
                str(self._properties_file),
                flags=(*HEAP_FLAGS, caching, f"-Djava.util.logging.config.file={self._logging_file}"),
            ),
            prepare=self._format,
            ready=self._is_ready,
            after_good_stop=keep_training,
            stop_budget_seconds=40,
        )

    @property
    def _properties_file(self) -> Path:
        return self.directory / "server.properties"

    @property
    def _logging_file(self) -> Path:
        return self.directory / "logging.properties"

    def _java(self, main_class: str, *arguments: str, flags: tuple[str, ...] = ()) -> tuple[str, ...]:
        return (str(JAVA), *QUICK_START_FLAGS, *flags, "-cp", class_path(self.jars), main_class, *arguments)

    def _format(self) -> None:
        """Writes the configuration; gives an empty directory its cluster id."""
        data = self.directory / "log"
        data.mkdir(parents=True, exist_ok=True)
        self._properties_file.write_text(
            PROPERTIES.format(
                host=LOOPBACK, port=self.port, controller_port=self.controller_port, data=data.as_posix()
            ),
            encoding="utf-8",
        )
        self._logging_file.write_text(LOGGING, encoding="utf-8")
        if (data / "meta.properties").exists():
            return
        formatted = subprocess.run(  # noqa: S603 - the command is ours
            self._java(
                "kafka.tools.StorageTool",
                *("format", "-t", new_cluster_id(), "-c", str(self._properties_file), "--ignore-formatted"),
                flags=(f"-Djava.util.logging.config.file={self._logging_file}",),
            ),
            check=False,
            capture_output=True,
            text=True,
        )
        if formatted.returncode != 0:
            raise CannotPrepare(f"Kafka's folder {data} cannot be made ready: {formatted.stderr.strip()}")

    def _is_ready(self, log: Path) -> bool:
        # The port opens before the broker may serve; the line is written after both.
        return STARTED in log.read_text(encoding="utf-8", errors="replace") and accepts_connections(self.port)

    def _class_cache(self) -> Path:
        identity = hashlib.sha256(f"{class_path(self.jars)}|{runtime_identity()}".encode()).hexdigest()[:16]
        return TOOLS / "aot" / f"kafka-{identity}.aot"
