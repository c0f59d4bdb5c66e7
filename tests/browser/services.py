"""All four services at addresses of this machine, in the test's own event loop, and browsers to use them with."""

import json
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page, ViewportSize

from chassis.bus.topics import create_topics
from chassis.clock import DemoOffset
from chassis.http.app import create_app
from chassis.pages import Language
from chassis.service import Runtime, ServiceDefinition
from contracts.manifest import Manifest
from services.intake.app import DEFINITION as INTAKE
from services.notification.app import DEFINITION as NOTIFICATION
from services.referral.app import DEFINITION as REFERRAL
from services.reporting.app import DEFINITION as REPORTING
from tests.browser.serving import address_of, serving
from tests.harness.kafka import delete_topics
from tests.integration.notification.outside import LOOPBACK, MailServer

DEFINITIONS: tuple[ServiceDefinition[Any], ...] = (INTAKE, REFERRAL, NOTIFICATION, REPORTING)
FAMILY_KEY_SECRET = "a secret of the stand, thirty-two bytes or more"
FIRST_LOOK_BUDGET_MS = 60_000
"""A page comes within this, on a machine that does much else."""
WIDE: ViewportSize = {"width": 1280, "height": 800}


@dataclass(frozen=True)
class Door:
    """By service: the socket at which browsers find it, and its settings of who lets people in."""

    sockets: Mapping[str, socket.socket]
    settings: Mapping[str, Mapping[str, Any]]


@dataclass(kw_only=True)
class Services:
    """The running services by name, and what the tests need of their surroundings."""

    browser: Browser
    clock_file: Path
    mail: MailServer = field(default_factory=MailServer)
    runtimes: dict[str, Runtime[Any]] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)
    _contexts: list[BrowserContext] = field(default_factory=list)

    async def visitor(self, service: str, *, language: Language = Language.ENGLISH) -> Page:
        """A page of a browser where nobody is signed in; `page.goto("/case")` is at this service."""
        context = await self.browser.new_context(
            base_url=self.addresses[service], viewport=WIDE, locale=language.locale.replace("_", "-")
        )
        context.set_default_timeout(FIRST_LOOK_BUDGET_MS)
        self._contexts.append(context)
        return await context.new_page()

    async def move_clock(self, by: timedelta) -> None:
        """Let time pass at all services, from the machine's own time on; the tests after this one live later too."""
        self.clock_file.write_text(json.dumps(DemoOffset(offset_seconds=by.total_seconds()).model_dump()))

    async def close_browsers(self) -> None:
        """Close what a test opened."""
        while self._contexts:
            await self._contexts.pop().close()

    @asynccontextmanager
    async def running(self, door: Door, kafka: str, mongodb: str, unique: str) -> AsyncIterator[None]:
        """In topics and databases of their own, until the end of the block."""
        prefix = f"{unique}."
        self.addresses = {name: address_of(listener) for name, listener in door.sockets.items()}
        async with AsyncExitStack() as closing:
            await closing.enter_async_context(self.mail.taking_letters())
            for definition in DEFINITIONS:
                settings = definition.settings(
                    kafka_bootstrap_servers=kafka,
                    topic_prefix=prefix,
                    mongodb_uri=mongodb,
                    mongodb_database=f"{unique}_{definition.name}",
                    public_url=self.addresses[definition.name],
                    log_level="WARNING",
                    demo_clock_file=self.clock_file,
                    **self._own_settings(definition.name),
                    **door.settings[definition.name],
                )
                self.runtimes[definition.name] = Runtime(definition, settings)
            agencies = sorted({code for runtime in self.runtimes.values() for code in runtime.service.agencies})
            await create_topics(kafka, Manifest.load(), prefix=prefix, agencies=agencies, partitions=1)
            topics = [prefix + name for name in Manifest.load().names(agencies)]
            closing.push_async_callback(delete_topics, kafka, topics)
            for name, runtime in self.runtimes.items():
                app = create_app(runtime)
                await closing.enter_async_context(runtime.running())
                await closing.enter_async_context(serving(app, door.sockets[name], name=name))
            closing.push_async_callback(self.close_browsers)
            yield

    def _own_settings(self, service: str) -> dict[str, Any]:
        match service:
            case "intake":
                return {"family_key_secret": FAMILY_KEY_SECRET, "invented_people_allowed": True}
            case "notification":
                return {
                    "intake_url": self.addresses["intake"],
                    "smtp_host": LOOPBACK,
                    "smtp_port": self.mail.port,
                    "smtp_sender": "puskesos@demo.invalid",
                    "settle_seconds": 0.05,
                }
        return {}
