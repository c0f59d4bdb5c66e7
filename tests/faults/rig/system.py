"""The system under fault: servers, issuer, mail, and instances of all services, every line between them a proxy."""

import asyncio
import random
import secrets
import uuid
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from audit.addresses import Addresses, of
from chassis.bus.topics import create_topics
from contracts.manifest import Manifest
from deploy.embedded.demo_users import demo_users
from tests.faults.rig.identity import CLIENT_ID, CLIENT_SECRET, IdentityProvider
from tests.faults.rig.instances import Death, Instance
from tests.faults.rig.mail import MailSink
from tests.faults.rig.proxy import LOOPBACK, Proxy
from tests.faults.rig.redirect import address_of
from tests.faults.rig.servers import Servers
from tests.faults.rig.steps import SERVICES

PARTITIONS = 2
READY_BUDGET_SECONDS = 120.0
AGENCIES = tuple(sorted({person.agency for person in demo_users().people if person.agency}))


class FaultSystem:
    """An async context: everything runs inside it, and nothing of it afterwards.

    Names are its own (topic prefix, databases), so that it may stand on servers which others use too.
    """

    def __init__(self, servers: Servers, folder: Path) -> None:
        self.servers = servers
        self.folder = folder
        self.prefix = f"f{uuid.uuid4().hex[:10]}."
        self.identity = IdentityProvider(folder / "identity")
        self.mail = MailSink()
        self.http = httpx.AsyncClient(trust_env=False)
        self.kafka_lines: dict[str, Proxy] = {}
        self.database_lines: dict[str, Proxy] = {}
        self.clock_offset_seconds = 0.0
        self._instances: dict[str, list[Instance]] = {service: [] for service in SERVICES}
        self._past_deaths: list[Death] = []
        self._secret = secrets.token_hex(32)

    async def __aenter__(self) -> Self:
        try:
            await self._start()
        except BaseException:
            await self._stop()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stop()

    # --- where things are

    def api(self, service: str) -> str:
        """The base address of one of a service's instances, of those that run if any does."""
        there = self._instances[service]
        return random.choice([one for one in there if one.running] or there).url  # noqa: S311 - no secret

    def instances(self, service: str) -> tuple[Instance, ...]:
        return tuple(self._instances[service])

    def all_instances(self) -> tuple[Instance, ...]:
        return tuple(one for there in self._instances.values() for one in there)

    def deaths(self) -> tuple[Death, ...]:
        """Of all instances, also of those that are no more."""
        return (*self._past_deaths, *(death for one in self.all_instances() for death in one.deaths))

    def database(self, service: str) -> str:
        return f"{self.prefix.rstrip('.')}_{service}"

    def databases(self) -> Mapping[str, tuple[str, str]]:
        """For those who look on: (URI, database) of each service, by no proxy."""
        return {
            service: (self.servers.database_uri(service, self.database(service)), self.database(service))
            for service in SERVICES
        }

    def addresses(self) -> Addresses:
        """As the audit wants them."""
        return of(self.servers.kafka, {service: uri for service, (uri, _) in self.databases().items()}, self.prefix)

    # --- changing it

    async def scale(self, service: str, count: int) -> None:
        """So many instances of a service, ready; those too many are stopped with SIGTERM, the newest first."""
        there = self._instances[service]
        while len(there) > count:
            gone = there.pop()
            await gone.stop()
            self._past_deaths += gone.deaths
        fresh = [self._instance(service, number) for number in range(len(there) + 1, count + 1)]
        for one in fresh:
            one.start()
        await asyncio.gather(*(one.until_ready(self.http, READY_BUDGET_SECONDS) for one in fresh))
        there += fresh

    def advance_clocks(self, seconds: float) -> None:
        """All clocks together, so that waiting for days takes none."""
        self.clock_offset_seconds += seconds
        for one in self.all_instances():
            one.set_clock(self.clock_offset_seconds)

    async def until_ready(self, where: str, limit_seconds: float) -> None:
        """All instances of a service; of every service when a server or topics are named. Raises NotReady."""
        concerned = self._instances.get(where) or self.all_instances()
        await asyncio.gather(*(one.until_ready(self.http, limit_seconds) for one in concerned))

    # --- inside

    async def _start(self) -> None:
        await self.servers.start()
        await self.identity.start()
        await self.mail.start()
        for service in SERVICES:
            self.kafka_lines[service] = Proxy(*address_of(self.servers.brokers[0]))
            self.database_lines[service] = Proxy(*self.servers.database_at(service))
            await self.kafka_lines[service].start()
            await self.database_lines[service].start()
        await create_topics(
            self.servers.kafka, Manifest.load(), prefix=self.prefix, agencies=AGENCIES, partitions=PARTITIONS
        )
        for service in SERVICES:
            first = self._instance(service, 1)
            self._instances[service].append(first)
            first.start()
        await self.until_ready("", READY_BUDGET_SECONDS)

    async def _stop(self) -> None:
        await asyncio.gather(*(one.stop() for one in self.all_instances()))
        await self.http.aclose()
        await self.identity.stop()
        await self.mail.stop()
        for line in (*self.kafka_lines.values(), *self.database_lines.values()):
            await line.stop()
        await asyncio.to_thread(self.servers.stop)

    def _instance(self, service: str, number: int) -> Instance:
        redirected = dict.fromkeys(self.servers.brokers, self.kafka_lines[service].address)
        one = Instance(service, number, self.folder / "services", self._settings(service), redirected)
        one.set_clock(self.clock_offset_seconds)
        return one

    def _settings(self, service: str) -> dict[str, str]:
        line = self.database_lines[service].address
        settings = {
            "KAFKA_BOOTSTRAP_SERVERS": self.servers.kafka,
            "TOPIC_PREFIX": self.prefix,
            "MONGODB_URI": self.servers.database_uri(service, "", through=line),
            "MONGODB_DATABASE": self.database(service),
            "HTTP_HOST": LOOPBACK,
            "OIDC_ISSUER": self.identity.url,
            "OIDC_AUDIENCE": "puskesos",
            "LOG_LEVEL": "INFO",
        }
        match service:
            case "intake":
                settings |= {"FAMILY_KEY_SECRET": self._secret, "INVENTED_PEOPLE_ALLOWED": "true"}
            case "notification":
                host, port = address_of(self.mail.line.address)
                settings |= {
                    # One instance of intake is never taken away, only killed and started again.
                    "INTAKE_URL": self._instances["intake"][0].url,
                    "TOKEN_URL": self.identity.token_url,
                    "CLIENT_ID": CLIENT_ID,
                    "CLIENT_SECRET": CLIENT_SECRET,
                    "SMTP_HOST": host,
                    "SMTP_PORT": str(port),
                    "SMTP_SENDER": "puskesos@rig.invalid",
                    "SETTLE_SECONDS": "0.2",
                    # An outage of seconds, not of days: what waits is tried again before it is called stuck.
                    "SEND_BACKOFF_FIRST_SECONDS": "0.5",
                    "SEND_BACKOFF_LIMIT_SECONDS": "2",
                    "SEND_ATTEMPTS_LIMIT": "100000",
                }
        local = {"NO_PROXY": f"{LOOPBACK},localhost", "no_proxy": f"{LOOPBACK},localhost"}
        return {f"PUSKESOS_{name}": value for name, value in settings.items()} | local
