"""All four services at addresses of this machine, and people who are signed in at them with a real browser."""

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from playwright.async_api import Browser, BrowserContext, Page, ViewportSize

from chassis.bus.topics import create_topics
from chassis.clock import DemoOffset
from chassis.http.app import create_app
from chassis.identity import Role
from chassis.pages import Language
from chassis.service import Runtime, ServiceDefinition
from contracts.manifest import Manifest
from services.intake.app import DEFINITION as INTAKE
from services.notification.app import DEFINITION as NOTIFICATION
from services.referral.app import DEFINITION as REFERRAL
from services.reporting.app import DEFINITION as REPORTING
from tests.browser.serving import address_of, reserved, serving
from tests.faults.rig.identity import CLIENT_ID, CLIENT_SECRET, IdentityProvider
from tests.harness.kafka import delete_topics
from tests.harness.signed_in import session_cookie
from tests.harness.tokens import AUDIENCE
from tests.integration.notification.outside import LOOPBACK, MailServer

DEFINITIONS: tuple[ServiceDefinition[Any], ...] = (INTAKE, REFERRAL, NOTIFICATION, REPORTING)
FAMILY_KEY_SECRET = "a secret of the stand, thirty-two bytes or more"
FIRST_LOOK_BUDGET_MS = 60_000
"""A page comes within this, on a machine that does much else."""
WIDE: ViewportSize = {"width": 1280, "height": 800}


@dataclass
class Stand:
    """The running services by name, and what the tests need of their surroundings."""

    browser: Browser
    identity: IdentityProvider
    mail: MailServer
    clock_file: Path
    runtimes: dict[str, Runtime[Any]] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)
    _contexts: list[BrowserContext] = field(default_factory=list)

    async def visitor(self, service: str, *, language: Language = Language.ENGLISH) -> Page:
        """A page of a browser where nobody is signed in; `page.goto("/case")` is at this service."""
        return await self._page(service, language)

    async def signed_in(
        self,
        service: str,
        *roles: Role,
        area: str | None = None,
        agency: str | None = None,
        subject: str = "someone",
        name: str = "Ibu Sari",
        language: Language = Language.ENGLISH,
    ) -> Page:
        """A page of a browser where someone with these roles is signed in, at every service."""
        page = await self._page(service, language)
        for runtime in self.runtimes.values():
            cookie = await session_cookie(
                runtime.store,
                runtime.definition.name,
                self.identity.issuer,
                *(role.value for role in roles),
                area=area,
                agency=agency,
                subject=subject,
                name=name,
                issuer_url=self.identity.url,
            )
            await page.context.add_cookies([{"name": cookie.name, "value": cookie.value, "url": f"http://{LOOPBACK}"}])
        return page

    def api(self, service: str, *roles: Role, **claims: str) -> httpx.AsyncClient:
        """A client of a service's API as someone with these roles; claims: area, agency, subject."""
        bearer = self.identity.bearer(*(role.value for role in roles), **claims)
        return httpx.AsyncClient(base_url=self.addresses[service], headers=dict(bearer), trust_env=False, timeout=30)

    async def move_clock(self, by: timedelta) -> None:
        """Let time pass at all services, from the machine's own time on; the tests after this one live later too."""
        self.clock_file.write_text(json.dumps(DemoOffset(offset_seconds=by.total_seconds()).model_dump()))

    async def close_browsers(self) -> None:
        """Close what a test opened."""
        while self._contexts:
            await self._contexts.pop().close()

    async def _page(self, service: str, language: Language) -> Page:
        context = await self.browser.new_context(
            base_url=self.addresses[service], viewport=WIDE, locale=language.locale.replace("_", "-")
        )
        context.set_default_timeout(FIRST_LOOK_BUDGET_MS)
        self._contexts.append(context)
        return await context.new_page()


@asynccontextmanager
async def standing(browser: Browser, kafka: str, mongodb: str, unique: str, folder: Path) -> AsyncIterator[Stand]:
    """The stand, in topics and databases of its own."""
    prefix = f"{unique}."
    identity, mail, clock_file = IdentityProvider(folder / "identity"), MailServer(), folder / "clock.json"
    await identity.start()
    stand = Stand(browser, identity, mail, clock_file)
    async with AsyncExitStack() as closing:
        closing.push_async_callback(identity.stop)
        await closing.enter_async_context(mail.taking_letters())
        sockets = {definition.name: reserved() for definition in DEFINITIONS}
        stand.addresses = {name: address_of(listener) for name, listener in sockets.items()}
        common: dict[str, Any] = {
            "kafka_bootstrap_servers": kafka,
            "topic_prefix": prefix,
            "mongodb_uri": mongodb,
            "oidc_issuer": identity.url,
            "oidc_audience": AUDIENCE,
            "log_level": "WARNING",
            "demo_clock_file": clock_file,
        }
        for definition in DEFINITIONS:
            settings = definition.settings(
                **common,
                **_own_settings(stand, definition.name),
                mongodb_database=f"{unique}_{definition.name}",
                public_url=stand.addresses[definition.name],
            )
            stand.runtimes[definition.name] = Runtime(definition, settings)
        agencies = sorted({code for runtime in stand.runtimes.values() for code in runtime.service.agencies})
        await create_topics(kafka, Manifest.load(), prefix=prefix, agencies=agencies, partitions=1)
        closing.push_async_callback(delete_topics, kafka, [prefix + name for name in Manifest.load().names(agencies)])
        for name, runtime in stand.runtimes.items():
            app = create_app(runtime)
            await closing.enter_async_context(runtime.running())
            await closing.enter_async_context(serving(app, sockets[name]))
        closing.push_async_callback(stand.close_browsers)
        yield stand


def _own_settings(stand: Stand, service: str) -> dict[str, Any]:
    match service:
        case "intake":
            return {"family_key_secret": FAMILY_KEY_SECRET, "invented_people_allowed": True}
        case "notification":
            return {
                "intake_url": stand.addresses["intake"],
                "token_url": stand.identity.token_url,
                "client_id": CLIENT_ID,
                "client_secret": CLIENT_SECRET,
                "smtp_host": LOOPBACK,
                "smtp_port": stand.mail.port,
                "smtp_sender": "puskesos@demo.invalid",
                "settle_seconds": 0.05,
            }
    return {}
