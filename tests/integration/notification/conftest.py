"""A notification service between stand-ins of intake and of a mail server."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from chassis.area import COUNTRY
from chassis.settings import PREFIX, ServiceSettings
from contracts import Event, EventData, decode, encode
from contracts.events import NotificationDelivered, NotificationFailed
from services.notification.app import DEFINITION
from services.notification.domain.delivery import Delivery, DeliveryStatus
from services.notification.store import CASES
from tests.harness.fixtures import Start
from tests.harness.kafka import read_topics, send
from tests.harness.service import RunningService
from tests.harness.waiting import eventually
from tests.integration.notification.outside import LOOPBACK, Intake, MailServer
from tests.unit.notification.story import Teller

ROOT = Path(__file__).parents[3]


def quick_settings(intake: Intake, mail: MailServer) -> dict[str, Any]:
    """Settings that send at once and try again soon."""
    return {
        "intake_url": intake.url,
        "token_url": f"{intake.url}/token",
        "client_id": "notification",
        "client_secret": "secret",
        "smtp_host": LOOPBACK,
        "smtp_port": mail.port,
        "smtp_sender": "puskesos@demo.invalid",
        "settle_seconds": 0.05,
        "send_backoff_first_seconds": 0.1,
        "send_backoff_limit_seconds": 0.2,
    }


@dataclass
class Notification:
    """The running service, and what its neighbours see of it."""

    service: RunningService
    kafka_bootstrap: str
    prefix: str

    async def hears(self, *events: Event[EventData]) -> None:
        """The events arrive by Kafka, each on its topic."""
        for event in events:
            await send(self.kafka_bootstrap, f"{self.prefix}{event.data.topic}", (event.subject, encode(event)))

    async def deliveries(self, case: str) -> tuple[Delivery, ...]:
        found = await self.service.runtime.store.reading(COUNTRY, CASES).find(case)
        return found.deliveries if found is not None else ()

    async def ended(self, case: str, count: int = 1) -> tuple[Delivery, ...]:
        """Waits until `count` messages of the case have come to an end."""

        def all_ended(found: tuple[Delivery, ...]) -> bool:
            return len([d for d in found if d.status is not DeliveryStatus.PLANNED]) >= count

        return await eventually(lambda: self.deliveries(case), all_ended)

    async def rows_of_work(self) -> int:
        return int(await self.service.runtime.store.database["work"].count_documents({}))

    async def told(self, count: int = 1) -> list[Event[EventData]]:
        """Waits until `count` notification events are on their topics, and returns all there are."""
        topics = [f"{self.prefix}{data.topic}" for data in (NotificationDelivered, NotificationFailed)]
        records = await eventually(lambda: read_topics(self.kafka_bootstrap, topics), lambda found: len(found) >= count)
        return [decode(record.value) for record in records]


@dataclass
class Process:
    """The service as a process of its own, which can be killed."""

    running: asyncio.subprocess.Process
    kafka_bootstrap: str
    prefix: str

    async def hears(self, event: Event[EventData]) -> None:
        await send(self.kafka_bootstrap, f"{self.prefix}{event.data.topic}", (event.subject, encode(event)))

    def kill(self) -> None:
        """kill -9: nothing is finished, nothing is said."""
        self.running.kill()


@pytest.fixture
def teller() -> Teller:
    """Tells a case of today: what is older than a week is no news."""
    return Teller(now=datetime.now(UTC) - timedelta(hours=1))


@pytest_asyncio.fixture
async def intake() -> AsyncIterator[Intake]:
    standing_in = Intake()
    async with standing_in.answering():
        yield standing_in


@pytest_asyncio.fixture
async def mail() -> AsyncIterator[MailServer]:
    server = MailServer()
    async with server.taking_letters():
        yield server


Notify = Callable[..., Awaitable[Notification]]


@pytest.fixture
def notify(start: Start, kafka_bootstrap: str, topics: str) -> Notify:
    """Starts the service between these neighbours; keywords change its settings."""

    async def start_between(intake: Intake, mail: MailServer, **changes: Any) -> Notification:
        service = await start(DEFINITION, **{**quick_settings(intake, mail), **changes})
        return Notification(service, kafka_bootstrap, topics)

    return start_between


OwnProcess = Callable[[Intake, MailServer], AbstractAsyncContextManager[Process]]


@pytest.fixture
def own_process(settings_of: Callable[..., ServiceSettings], kafka_bootstrap: str, topics: str) -> OwnProcess:
    """`python -m services.notification` between these neighbours, with the names of this test."""

    @asynccontextmanager
    async def run(intake: Intake, mail: MailServer) -> AsyncIterator[Process]:
        settings = settings_of(DEFINITION, **quick_settings(intake, mail), http_port=0)
        values = settings.model_dump(mode="json", exclude_none=True) | {"client_secret": "secret"}
        environment = {f"{PREFIX}{name.upper()}": str(value) for name, value in values.items()}
        running = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "services.notification",
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=asyncio.subprocess.DEVNULL,
        )
        try:
            yield Process(running, kafka_bootstrap, topics)
        finally:
            if running.returncode is None:
                running.kill()
            await running.wait()

    return run
