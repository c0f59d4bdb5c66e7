"""The frame and every component, on one page, and what Chromium and axe say of it."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from chassis.identity import Role
from tests.browser.keyboard import faults_by_keyboard
from tests.browser.looking import inspect, look, photograph, watch
from tests.browser.serving import serving
from tests.unit.pages.room_app import room_app


@pytest_asyncio.fixture(loop_scope="session")
async def page(chromium: Browser) -> AsyncIterator[Page]:
    async with serving(room_app(Role.FRONT_OFFICE)) as address:
        context = await chromium.new_context(base_url=address, locale="en-GB")
        yield await context.new_page()
        await context.close()


async def test_every_component_is_well_made(page: Page) -> None:
    await page.goto("/")
    await look(page, "frame-components")


async def test_every_component_is_well_made_in_the_dark(page: Page) -> None:
    await page.emulate_media(color_scheme="dark")
    await page.goto("/")
    await inspect(page, "frame-components-dark")


async def test_a_page_prints_without_what_is_for_the_screen(page: Page) -> None:
    await page.goto("/")
    await page.emulate_media(media="print")
    assert not await page.locator("nav.ways").is_visible()
    await photograph(page, "frame-components-print")


async def test_a_refusal_leads_by_keyboard_to_the_field(page: Page) -> None:
    await page.goto("/")
    await page.get_by_role("button", name="Record").click()
    await page.wait_for_selector(".errors")
    assert await page.evaluate("document.activeElement.className") == "errors"
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    assert await page.evaluate("document.activeElement.id") == "field-name"
    await inspect(page, "frame-refusal")


async def test_the_first_key_leads_to_the_content(page: Page) -> None:
    wrong = watch(page)
    await page.goto("/")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    assert await page.evaluate("document.activeElement.id") == "content"
    assert wrong == []


async def test_a_problem_is_a_page_that_can_be_read(page: Page) -> None:
    await page.goto("/nowhere")
    await look(page, "frame-problem")


async def test_a_form_works_without_script(chromium: Browser) -> None:
    async with serving(room_app(Role.FRONT_OFFICE)) as address:
        context = await chromium.new_context(base_url=address, locale="en-GB", java_script_enabled=False)
        page = await context.new_page()
        await page.goto("/")
        await page.get_by_label("Name").fill("Siti")
        await page.get_by_role("button", name="Record").click()
        assert await page.locator(".notice.ok").count() == 1
        await context.close()


async def test_a_page_is_looked_at_as_its_readers_see_it(page: Page) -> None:
    """The look itself is tried: what only a table, or something for screen readers, widens, and what Tab passes by."""
    await page.goto("/")
    await page.evaluate("document.querySelector('.table').style.cssText = 'width: 3000px; overflow: visible'")
    with pytest.raises(AssertionError, match="pixels wide"):
        await inspect(page, "frame-too-wide")
    await page.goto("/")
    await page.evaluate("document.querySelector('main button').tabIndex = -1")
    await page.evaluate("document.querySelector('.brand').style.outline = 'none'")
    faults = await faults_by_keyboard(page)
    assert [fault.partition(":")[0] for fault in faults] == ["not reached", "focus not seen"]
