"""Home and operation, as a newcomer sees them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Browser, Page

from deploy.embedded.companion.app import create_app
from deploy.embedded.companion.settings import CompanionSettings
from deploy.embedded.endpoints import Endpoints, KafkaEndpoint, Pages, write_endpoints
from deploy.embedded.ports import any_free_port
from tests.browser.looking import look
from tests.browser.services import FIRST_LOOK_BUDGET_MS
from tests.browser.serving import address_of, reserved, serving
from tests.browser.stand import Stand


@pytest_asyncio.fixture(loop_scope="session")
async def home(stand: Stand, chromium: Browser, kafka_bootstrap: str, tmp_path: Path) -> AsyncIterator[Page]:
    """The companion's pages beside the running services."""
    listener = reserved()
    own = address_of(listener)
    urls = stand.addresses
    pages = Pages(home=f"{own}/", identity=stand.identity.url, traces=f"{own}/zipkin/", **urls)
    endpoints = Endpoints(
        ready=True,
        pages=pages,
        apis=dict(urls),
        kafka=KafkaEndpoint(bootstrap_servers=kafka_bootstrap),
        mongodb={},
        issuer=stand.identity.url,
        token_url=stand.identity.token_url,
        client_id="tools",
        users=(),
    )
    write_endpoints(tmp_path / "endpoints.json", endpoints)
    app = create_app(CompanionSettings(var=tmp_path, smtp_port=any_free_port()))
    async with serving(app, listener, name="companion") as address:
        context = await chromium.new_context(base_url=address, locale="en-GB")
        context.set_default_timeout(FIRST_LOOK_BUDGET_MS)
        yield await context.new_page()
        await context.close()


async def test_home_says_whom_to_be_and_where_to_go(home: Page, stand: Stand) -> None:
    await home.goto("/")
    row = home.get_by_role("row").filter(has_text="front-office.jambudipa")
    assert await row.get_by_role("link").get_attribute("href") == f"{stand.addresses['intake']}/"
    await look(home, "home")


async def test_operation_of_the_whole_system_can_be_read_by_everybody(home: Page) -> None:
    await home.goto("/operation")
    assert await home.get_by_role("heading", name="reporting").is_visible()
    await look(home, "operation-all")


async def test_operation_of_a_service_can_be_read_by_everybody(stand: Stand) -> None:
    page = await stand.visitor("referral")
    await page.goto("/operation")
    assert await page.get_by_role("heading", level=1).is_visible()
    await look(page, "operation-service")
