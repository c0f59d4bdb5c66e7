"""One browser and one stand of services for all tests of pages; each test has browsers of its own."""

import shutil
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from tests.browser.stand import Stand, standing

HERE = Path(__file__).parent
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


FIRST, LAST = "test_story.py", "test_every_page.py"
"""The story has services of its own, which end before the others' begin: beside another's tests they would stand still
between two steps, and lose their leases and their place at Kafka. What every test looked at is known after the last.
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    ours = [place for place, item in enumerate(items) if item.path.parent == HERE]
    for item in (items[place] for place in ours):
        # Before the mark that every asynchronous test gets, which would give each a loop of its own.
        item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
        item.add_marker(pytest.mark.timeout(600))
    for place, item in zip(ours, sorted((items[place] for place in ours), key=_order), strict=True):
        items[place] = item


def _order(item: pytest.Item) -> int:
    return {FIRST: -1, LAST: 1}.get(item.path.name, 0)


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """The system's Chromium, headless."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("capability: chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def whole_stand(
    chromium: Browser, kafka_bootstrap: str, mongodb_uri: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Stand]:
    unique = f"t{uuid.uuid4().hex[:10]}"
    async with standing(chromium, kafka_bootstrap, mongodb_uri, unique, tmp_path_factory.mktemp("stand")) as stand:
        yield stand


@pytest_asyncio.fixture(loop_scope="session")
async def stand(whole_stand: Stand) -> AsyncIterator[Stand]:
    """All services with their pages, and people who are signed in at them: see Stand."""
    yield whole_stand
    await whole_stand.close_browsers()
