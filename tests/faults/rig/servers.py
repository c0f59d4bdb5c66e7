"""The servers that the services stand on: ours, which may be killed and started again, or given by address."""

import asyncio
import random
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from aiokafka.admin import AIOKafkaAdminClient

from deploy.embedded.kafka import Kafka
from deploy.embedded.mongodb import MongoDb
from deploy.embedded.ports import choose_port
from deploy.embedded.processes import Child, stop_together
from deploy.embedded.stack import fetch_stack_jars
from tests.faults.rig.redirect import Address, address_of

TIER_OF: Mapping[str, str] = {
    "intake": "village",
    "referral": "district",
    "notification": "district",
    "reporting": "ministry",
}
TIERS = tuple(dict.fromkeys(TIER_OF.values()))
KAFKA = "kafka"
FIRST_PORT, LAST_PORT = 15_000, 30_000
READY_POLL_SECONDS = 0.1
URI_OPTIONS = "journal=true&w=majority"


def a_quiet_port() -> int:
    """Below the range that outgoing connections take theirs from: still free when what was killed starts again."""
    return choose_port(random.randrange(FIRST_PORT, LAST_PORT))  # noqa: S311 - no secret


class Servers:
    """Kafka and a database a tier. `ours`: children of this process, by the names `kafka` and the tiers."""

    def __init__(self, kafka: str, mongodb: Mapping[str, str], children: Mapping[str, Child]) -> None:
        self.kafka = kafka
        self._mongodb = mongodb
        self._children = children
        self.brokers: tuple[str, ...] = ()
        """host:port as the brokers advertise themselves, known after the start."""

    @staticmethod
    def own(folder: Path) -> "Servers":
        """Fresh ones with their data in `folder`."""
        kafka = Kafka(folder / "kafka", fetch_stack_jars().kafka, a_quiet_port(), a_quiet_port())
        databases = {tier: MongoDb(tier, folder / f"mongodb-{tier}", a_quiet_port()) for tier in TIERS}
        parts = {KAFKA: kafka.part()} | {tier: database.part() for tier, database in databases.items()}
        children = {name: Child(part, folder / "log") for name, part in parts.items()}
        return Servers(kafka.bootstrap_servers, {tier: one.uri for tier, one in databases.items()}, children)

    @staticmethod
    def given(kafka: str, mongodb: str) -> "Servers":
        """Somebody else's: one database server for all tiers, and nothing that may be killed."""
        return Servers(kafka, dict.fromkeys(TIERS, mongodb), {})

    @property
    def ours(self) -> bool:
        return bool(self._children)

    def database_at(self, service: str) -> Address:
        """Where the server of a service's documents listens."""
        place = urlsplit(self._mongodb[TIER_OF[service]])
        return place.hostname or "", place.port or 27017

    def database_uri(self, service: str, database: str, through: str | None = None) -> str:
        """Names the database; `through` (host:port) goes there by a proxy, and to nobody else it may tell of."""
        place = urlsplit(self._mongodb[TIER_OF[service]])
        user, at, direct = place.netloc.rpartition("@")
        return f"mongodb://{user}{at}{through or direct}/{database}?{URI_OPTIONS}&directConnection=true"

    async def start(self) -> None:
        for child in self._children.values():
            child.start()
        for name in self._children:
            await self.until_ready(name)
        self.brokers = await _advertised(self.kafka)

    def stop(self) -> None:
        stop_together(list(self._children.values()))

    def kill(self, name: str) -> None:
        self._children[name].kill()

    def pid(self, name: str) -> int | None:
        return self._children[name].pid

    async def restart(self, name: str) -> None:
        """After a kill: start again and wait until it serves. Raises StartFailed."""
        self._children[name].start()
        await self.until_ready(name)

    async def until_ready(self, name: str) -> None:
        child = self._children[name]
        async with asyncio.timeout(child.part.start_budget_seconds):
            while not await asyncio.to_thread(child.is_ready):
                if not child.running:
                    # A half-written port of the life before: once more is enough for the kernel to forget it.
                    child.start()
                await asyncio.sleep(READY_POLL_SECONDS)


async def _advertised(kafka: str) -> tuple[str, ...]:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    try:
        cluster = await admin.describe_cluster()
    finally:
        await admin.close()
    named = {f"{broker['host']}:{broker['port']}" for broker in cluster["brokers"]}
    return tuple(sorted(named | {":".join(map(str, address_of(one))) for one in kafka.split(",")}))
