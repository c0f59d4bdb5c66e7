"""What the people of the story were told, written down for the audit: a line of JSON for each writing request.

`python -m audit --told FILE` takes it. Noted where requests leave, so that none is forgotten.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import httpx

REQUEST_SECONDS = 30.0
READING = frozenset({"GET", "HEAD", "OPTIONS"})
NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""The service was not reached: nothing was asked."""


class NotingTransport(httpx.AsyncBaseTransport):
    """Sends requests, and notes those that write to one of the services."""

    def __init__(self, apis: Mapping[str, str], file: Path) -> None:
        self._services = {urlsplit(address).netloc for address in apis.values()}
        self._file = file
        self._inner = httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        try:
            answer = await self._inner.handle_async_request(request)
        except NEVER_SENT:
            raise
        except BaseException:
            # No answer: it may or may not have become a deed.
            self._note(request, None)
            raise
        self._note(request, answer.status_code)
        return answer

    async def aclose(self) -> None:
        await self._inner.aclose()

    def _note(self, request: httpx.Request, status: int | None) -> None:
        if request.method in READING or request.url.netloc.decode() not in self._services:
            return
        told = {
            "method": request.method,
            "path": request.url.path,
            "status": status,
            "resource_id": _case_of(request.content),
        }
        with self._file.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(told) + "\n")


def client(apis: Mapping[str, str], told: Path | None = None) -> httpx.AsyncClient:
    """For requests to the services at `apis`, by name; with `told`, what they answer is added to that file."""
    transport = None if told is None else NotingTransport(apis, told)
    return httpx.AsyncClient(timeout=REQUEST_SECONDS, trust_env=False, transport=transport)


def _case_of(content: bytes) -> str | None:
    """The id that the client made for what it asks to be recorded."""
    try:
        said = json.loads(content) if content else None
    except ValueError:
        return None
    case = said.get("case_id") if isinstance(said, dict) else None
    return case if isinstance(case, str) else None
