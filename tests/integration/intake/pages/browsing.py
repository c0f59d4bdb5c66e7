"""The village's pages as a browser uses them: forms are read from the page, filled in and sent."""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from html.parser import HTMLParser

import httpx

from tests.harness.signed_in import browsing
from tests.integration.intake.builders import Body, Window

DISTRICT = "32.03"


class _Forms(HTMLParser):
    """The forms of a page with what they would send as they stand."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, dict[str, list[str]]] = {}
        self._fields: dict[str, list[str]] | None = None
        self._select: str | None = None
        self._first_option: str | None = None
        self._textarea: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "form":
            self._fields = self.forms.setdefault(given.get("action") or "", {})
        if self._fields is None:
            return
        if tag == "input" and name and given.get("type") not in ("radio", "checkbox", "submit"):
            self._fields[name] = [value]
        elif tag == "input" and "checked" in given:
            self._fields.setdefault(name, []).append(value)
        elif tag == "select":
            self._select, self._first_option = name, None
        elif tag == "option" and self._select is not None:
            if self._first_option is None:
                self._first_option = value
                self._fields[self._select] = [value]
            if "selected" in given:
                self._fields[self._select] = [value]
        elif tag == "textarea":
            self._textarea = name
            self._fields[name] = [""]

    def handle_data(self, data: str) -> None:
        if self._textarea is not None and self._fields is not None:
            self._fields[self._textarea][0] += data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._fields = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._textarea = None


def forms_of(page: httpx.Response) -> dict[str, dict[str, list[str]]]:
    """action -> field -> values, as the page's forms would send them untouched."""
    reader = _Forms()
    reader.feed(page.text)
    return reader.forms


def text_of(page: httpx.Response) -> str:
    """What stands on the page, without tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page.text))


async def kept(window: Window, page: httpx.Response) -> Body:
    """The case of a page, as the village keeps it."""
    answer = await window.get(f"/{page.url.path.rsplit('/', 1)[-1]}", area=DISTRICT)
    assert answer.status_code == 200, answer.text
    shown: Body = answer.json()
    return shown


@dataclass(frozen=True)
class Browser:
    """Somebody before the village's pages."""

    client: httpx.AsyncClient

    async def open(self, path: str, status: int = 200) -> httpx.Response:
        page = await self.client.get(path)
        assert page.status_code == status, page.text
        return page

    async def fill(self, page: httpx.Response, action: str, **values: str | Sequence[str]) -> httpx.Response:
        """Send a form of a page with these fields filled in."""
        return await self.client.post(action, data={**forms_of(page)[action], **values})

    async def follow(self, answer: httpx.Response) -> httpx.Response:
        """Where a deed led to."""
        assert answer.status_code == 303, text_of(answer)
        return await self.open(answer.headers["Location"])


@asynccontextmanager
async def at_the_window(
    window: Window, area: str, *roles: str, subject: str = "clerk", language: str = "en"
) -> AsyncIterator[Browser]:
    """A browser where somebody of the area is signed in; by default the front office."""
    async with browsing(
        window.service, window.issuer, *(roles or ("front_office",)), area=area, subject=subject
    ) as client:
        client.headers["Accept-Language"] = language
        yield Browser(client)


@asynccontextmanager
async def outside(window: Window) -> AsyncIterator[Browser]:
    """A browser where nobody is signed in."""
    async with browsing(window.service) as client:
        yield Browser(client)
