"""A service of its own process before a backlog: how fast it drains, and what memory it takes meanwhile."""

import asyncio
import re
import secrets
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import GroupCoordinatorNotAvailableError
from pymongo import MongoClient
from pymongo.database import Database

from chassis.bus.topics import create_topics
from chassis.outbox.outgoing import new_id
from contracts.manifest import Manifest
from deploy.embedded.parts import Part
from deploy.embedded.processes import Child, StartFailed
from services.intake.store import COMPLAINTS
from tests.faults.backlog.facts import facts_for, fill_outbox, record_at_intake, tell, topics_for
from tests.faults.rig.proxy import LOOPBACK, Proxy
from tests.faults.rig.redirect import address_of
from tests.harness.fixtures import AGENCIES

LOOK_SECONDS = 0.5
KIBIBYTES_A_MEBIBYTE = 1024
DAY_SECONDS = 86_400
STOP_SECONDS = 60.0
STUCK_SECONDS = 240.0
MARKS = (0.1, 0.5, 1.0)


@dataclass(frozen=True)
class Place:
    """Where it happens: servers, and names nobody else uses."""

    kafka: str
    mongodb: str
    name: str

    @property
    def prefix(self) -> str:
        return f"{self.name}."

    def database_of(self, service: str) -> str:
        return f"{self.name}_{service}"


@dataclass
class Figures:
    """What was seen of one drain. Memory is resident memory in MiB, by how much was drained (0 to 1)."""

    service: str
    events: int
    seconds: float = 0.0
    memory: dict[float, float] = field(default_factory=dict)
    peak: float = 0.0
    outbox_rows: int = 0
    """The most rows that waited in the service's own outbox."""
    dead_letters: int = 0

    @property
    def events_a_second(self) -> float:
        return self.events / self.seconds

    def line(self) -> str:
        marks = ", ".join(f"{share:.0%} {mebibytes:.0f}" for share, mebibytes in sorted(self.memory.items()))
        return (
            f"{self.service:<20} {self.events:>8} events {self.seconds:>7.1f} s {self.events_a_second:>7.0f}/s   "
            f"MiB: {marks}, peak {self.peak:.0f}   outbox at most {self.outbox_rows} rows, "
            f"dead letters {self.dead_letters}"
        )


async def make_topics(place: Place) -> None:
    await create_topics(place.kafka, Manifest.load(), prefix=place.prefix, agencies=AGENCIES, partitions=6)


async def drain_topics(place: Place, service: str, count: int, said: Callable[[str], None]) -> Figures:
    """Write `count` events for a service that is down, start it, and wait until it has handled all of them."""
    cases = [new_id() for _ in range(count // 2)]
    with _database(place, service) as database:
        if service == "intake":
            await _make_indexes_of_intake(place, database)
            record_at_intake(database, cases)
        figures = Figures(service, await tell(place.kafka, place.prefix, facts_for(service, cases)))
        said(f"{figures.events} events wait for {service}")
        topics = set(topics_for(service, place.prefix))

        async def left() -> int:
            rows = database["outbox"].estimated_document_count()
            figures.outbox_rows = max(figures.outbox_rows, rows)
            handled = await _acknowledged(place, service, topics)
            return max(figures.events - handled, 0) or rows

        async with _running(place, service, place.kafka) as child:
            await _watch(figures, child, left, said)
        figures.dead_letters = database["dead_letters"].estimated_document_count()
    return figures


async def drain_outbox(place: Place, count: int, said: Callable[[str], None]) -> Figures:
    """`count` events waiting in intake's outbox with Kafka away, then back."""
    figures = Figures("intake's outbox", count)
    line = Proxy(*address_of(place.kafka))
    await line.start()
    line.half_open()
    with _database(place, "intake") as database:
        fill_outbox(database, count)
        rows = database["outbox"].count_documents({})
        figures.outbox_rows = rows
        said(f"{count} events wait in {rows} rows of the outbox, Kafka is away")
        try:
            async with _running(place, "intake", line.address) as child:
                while not line.connections:  # noqa: ASYNC110 - another process
                    await asyncio.sleep(LOOK_SECONDS)
                figures.memory[0.0] = resident(child)
                await line.heal()

                async def left() -> int:
                    return round(database["outbox"].estimated_document_count() / rows * count)

                await _watch(figures, child, left, said)
        finally:
            await line.stop()
    return figures


@contextmanager
def _database(place: Place, service: str) -> Iterator[Database[Any]]:
    client: MongoClient[Any] = MongoClient(place.mongodb, tz_aware=True)
    try:
        yield client[place.database_of(service)]
    finally:
        client.close()


async def _make_indexes_of_intake(place: Place, database: Database[Any]) -> None:
    """Before its cases, as everywhere: made for a hundred thousand at once, they take longer than a start may."""
    async with _running(place, "intake", place.kafka):
        while len(database[COMPLAINTS.name].index_information()) <= len(COMPLAINTS.indexes):  # noqa: ASYNC110 - its work
            await asyncio.sleep(LOOK_SECONDS)


async def _acknowledged(place: Place, service: str, topics: set[str]) -> int:
    admin = AIOKafkaAdminClient(bootstrap_servers=place.kafka)
    await admin.start()
    try:
        offsets = await admin.list_consumer_group_offsets(f"{place.prefix}puskesos.{service}")
    except GroupCoordinatorNotAvailableError:  # no group was ever on a broker this young
        return 0
    finally:
        await admin.close()
    return sum(max(at.offset, 0) for partition, at in offsets.items() if partition.topic in topics)


@asynccontextmanager
async def _running(place: Place, service: str, bootstrap_servers: str) -> AsyncIterator[Child]:
    """The service as a process of its own, which does not outlive this one."""
    part = Part(
        name=service,
        what=service,
        command=(sys.executable, "-m", f"services.{service}"),
        environment=_settings(place, service, bootstrap_servers),
        stop_budget_seconds=STOP_SECONDS,
    )
    with tempfile.TemporaryDirectory() as folder:
        child = Child(part, Path(folder))
        child.start()
        try:
            yield child
        finally:
            await asyncio.to_thread(child.stop)


def _settings(place: Place, service: str, bootstrap_servers: str) -> Mapping[str, str]:
    settings = {
        "KAFKA_BOOTSTRAP_SERVERS": bootstrap_servers,
        "TOPIC_PREFIX": place.prefix,
        "MONGODB_URI": place.mongodb,
        "MONGODB_DATABASE": place.database_of(service),
        "HTTP_PORT": "0",
        "OIDC_ISSUER": "https://issuer.invalid",
        "LOG_LEVEL": "WARNING",
    }
    if service == "intake":
        settings |= {"FAMILY_KEY_SECRET": secrets.token_hex(32)}
    if service == "notification":
        # Its messages are planned and lie there: a backlog of letters is the mail server's.
        settings |= {
            "INTAKE_URL": f"http://{LOOPBACK}:9",
            "TOKEN_URL": f"http://{LOOPBACK}:9/token",
            "CLIENT_ID": "notification",
            "CLIENT_SECRET": "unused",
            "SMTP_HOST": LOOPBACK,
            "SMTP_SENDER": "nobody@backlog.invalid",
            "SETTLE_SECONDS": str(DAY_SECONDS),
        }
    return {f"PUSKESOS_{name}": value for name, value in settings.items()}


async def _watch(
    figures: Figures, child: Child, left: Callable[[], Awaitable[int]], said: Callable[[str], None]
) -> None:
    """Until nothing is left. Raises StartFailed when the service ends, TimeoutError when nothing moves any more."""
    began = moved = time.monotonic()
    least = figures.events + 1
    while True:
        waiting = await left()
        if not child.running:
            raise StartFailed(child.failure(f"ended with exit code {child.exit_code}"))
        done = 1 - min(waiting, figures.events) / figures.events
        memory = resident(child)
        figures.peak = max(figures.peak, memory)
        for share in MARKS:
            if done >= share:
                figures.memory.setdefault(share, memory)
        figures.seconds = time.monotonic() - began
        if waiting == 0:
            return
        if waiting < least:
            least, moved = waiting, time.monotonic()
            said(f"{figures.service}: {waiting} left, {memory:.0f} MiB")
        elif time.monotonic() - moved > STUCK_SECONDS:
            raise TimeoutError(child.failure(f"left {waiting} of {figures.events} events waiting"))
        await asyncio.sleep(LOOK_SECONDS)


def resident(child: Child) -> float:
    """Resident memory of a process in MiB."""
    status = Path(f"/proc/{child.pid}/status").read_text(encoding="ascii")
    found = re.search(r"^VmRSS:\s+(\d+) kB$", status, re.MULTILINE)
    return int(found[1]) / KIBIBYTES_A_MEBIBYTE if found else 0.0
