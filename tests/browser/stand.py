"""The services as most tests of pages use them: people are signed in by the tests' own key, and no issuer asks them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from playwright.async_api import Browser, Page

from chassis.identity import Role
from chassis.pages import Language
from tests.browser.services import DEFINITIONS, Door, Services
from tests.browser.serving import reserved
from tests.faults.rig.identity import CLIENT_ID, CLIENT_SECRET, IdentityProvider
from tests.harness.signed_in import session_cookie
from tests.harness.tokens import AUDIENCE
from tests.integration.notification.outside import LOOPBACK


@dataclass(kw_only=True)
class Stand(Services):
    """The running services, and people who are signed in at them."""

    identity: IdentityProvider

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
        page = await self.visitor(service, language=language)
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


@asynccontextmanager
async def standing(browser: Browser, kafka: str, mongodb: str, unique: str, folder: Path) -> AsyncIterator[Stand]:
    """The stand, in topics and databases of its own."""
    identity = IdentityProvider(folder / "identity")
    await identity.start()
    try:
        stand = Stand(browser=browser, clock_file=folder / "clock.json", identity=identity)
        async with stand.running(_door_of(identity), kafka, mongodb, unique):
            yield stand
    finally:
        await identity.stop()


def _door_of(identity: IdentityProvider) -> Door:
    trusted = {
        "oidc_issuer": identity.url,
        "oidc_audience": AUDIENCE,
        "oidc_client_id": CLIENT_ID,
        "oidc_client_secret": CLIENT_SECRET,
    }
    as_client = {"token_url": identity.token_url, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
    return Door(
        {definition.name: reserved() for definition in DEFINITIONS},
        {one.name: trusted | (as_client if one.name == "notification" else {}) for one in DEFINITIONS},
    )
