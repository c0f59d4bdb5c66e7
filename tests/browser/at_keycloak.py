"""The services as an installation has them: behind a real Keycloak, where people type their name and password."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, Page

from chassis.pages import Language
from chassis.signin import provider
from deploy.embedded.demo_users import demo_users
from deploy.embedded.services import NOTIFICATION_CLIENT
from tests.browser.services import DEFINITIONS, Door, Services
from tests.browser.serving import reserved
from tests.harness.keycloak import PATIENCE_SECONDS, RunningKeycloak


@asynccontextmanager
async def standing_at_keycloak(
    keycloak: RunningKeycloak, browser: Browser, *, kafka: str, mongodb: str, unique: str, folder: Path
) -> AsyncIterator[Services]:
    """The services at the addresses that the realm knows them by, in topics and databases of their own."""
    services = Services(browser=browser, clock_file=folder / "clock.json")
    with pytest.MonkeyPatch.context() as patching:
        # A Keycloak that has just started takes its time on a machine that has other things to do.
        patching.setattr(provider, "PATIENCE_SECONDS", PATIENCE_SECONDS)
        async with services.running(_door_of(keycloak), kafka, mongodb, unique):
            yield services


async def sign_in(page: Page, name: str) -> None:
    """Type name and password into Keycloak's form, which the page shows."""
    await page.locator("#username").press_sequentially(name)
    await page.locator("#password").press_sequentially(demo_users().password)
    await page.locator("#kc-login").click()
    await page.wait_for_url(lambda address: "/realms/" not in address)


async def someone(services: Services, service: str, name: str, language: Language = Language.ENGLISH) -> Page:
    """A person of the demonstration at a browser of their own, signed in and led to where their work begins."""
    page = await services.visitor(service, language=language)
    await page.goto("/")
    await sign_in(page, name)
    return page


def _door_of(keycloak: RunningKeycloak) -> Door:
    as_client = {
        "token_url": keycloak.server.token_url,
        "client_id": NOTIFICATION_CLIENT,
        "client_secret": keycloak.secret_of("notification", NOTIFICATION_CLIENT),
    }
    return Door(
        {one.name: reserved(urlsplit(keycloak.url_of(one.name)).port or 0) for one in DEFINITIONS},
        {
            one.name: _settings_of(keycloak, one.name) | (as_client if one.name == "notification" else {})
            for one in DEFINITIONS
        },
    )


def _settings_of(keycloak: RunningKeycloak, service: str) -> dict[str, str]:
    return {name: value for name, value in keycloak.settings_of(service).items() if name != "public_url"}
