"""Looking at a page as all its readers do: both languages, a telephone and a desk, a screen reader, a slow line."""

import os
from functools import cache
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from playwright.async_api import Page

from chassis.pages import Language
from deploy.embedded.places import CHECKOUT
from tests.browser.keyboard import faults_by_keyboard
from tests.browser.page_routes import note_as_seen

AXE = CHECKOUT / "web" / "node_modules" / "axe-core" / "axe.min.js"
WIDTHS = (360, 1280)
HEIGHT = 800
LIGHT_BYTES = 100 * 1024
PICTURES = "PUSKESOS_PICTURES"
"""A folder: every page that is looked at is photographed into it."""

_VIOLATIONS = """async () => {
  const found = await axe.run(document, {resultTypes: ["violations"]});
  const where = node => `${node.target.join(" ")} ${node.any[0]?.message ?? ""}`;
  return found.violations.map(v => `${v.id}: ${v.help}: ${v.nodes.slice(0, 4).map(where).join(" | ")}`);
}"""
_WIDER = """() => {
  const {clientWidth: room, scrollWidth: width} = document.documentElement;
  if (width <= room) return [];
  const beyond = [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > room + 1);
  return [`${width} pixels wide`, ...beyond.slice(0, 8).map(e => e.outerHTML.slice(0, 120))];
}"""
"""What makes the page wider than the window, if it is; a table may scroll within its own box."""
_WEIGHT = """() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
  .reduce((sum, entry) => sum + entry.encodedBodySize, 0)"""


@cache
def _axe() -> str:
    return AXE.read_text()


def watch(page: Page) -> list[str]:
    """What goes wrong on the page from now on, as its console says it: also what the policy refused."""
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "console",
        lambda said: wrong.append(said.text) if said.type == "error" and "status of 4" not in said.text else None,
    )
    return wrong


async def look(page: Page, name: str) -> None:
    """Look at the page that is shown, in both languages at both widths; it has to come again by its address.

    Asserts: axe finds nothing, the page is not wider than the screen, it is light with all it loads, every control is
    reached by keyboard and seen to be, the console is silent, and the language is the one asked for. `name` is the
    picture's, such as "village-today".
    """
    shown = page.url
    wrong = watch(page)
    for language in Language:
        await page.goto(_in(shown, language))
        assert await page.get_attribute("html", "lang") == language.value
        weight = await page.evaluate(_WEIGHT)
        assert weight < LIGHT_BYTES, f"{shown} weighs {weight} bytes"
        await inspect(page, f"{name}-{language.value}")
    assert page.viewport_size == {"width": WIDTHS[-1], "height": HEIGHT}
    by_keyboard = await faults_by_keyboard(page)
    assert by_keyboard == [], f"{shown} by keyboard: {by_keyboard}"
    note_as_seen(shown)
    assert wrong == [], f"the console of {shown}: {wrong}"


async def inspect(page: Page, name: str) -> None:
    """Look at what is shown now, as it is, at both widths: for what does not come by an address, such as a refusal."""
    for width in WIDTHS:
        await page.set_viewport_size({"width": width, "height": HEIGHT})
        await photograph(page, f"{name}-{width}")
        wider = await page.evaluate(_WIDER)
        assert wider == [], f"{page.url} at {width} pixels: {wider}"
        if not await page.evaluate("'axe' in window"):
            await page.evaluate(_axe())
        found = await page.evaluate(_VIOLATIONS)
        assert found == [], f"axe at {page.url}, {width} pixels: {found}"


async def photograph(page: Page, name: str) -> None:
    """A picture of the whole page, when pictures are wanted."""
    folder = os.environ.get(PICTURES)
    if folder:
        await page.screenshot(path=Path(folder) / f"{name}.png", full_page=True, animations="disabled")


def _in(address: str, language: Language) -> str:
    parts = urlsplit(address)
    query = [(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if key != "lang"]
    return urlunsplit(parts._replace(query=urlencode([*query, ("lang", language.value)])))
