"""One request at a time to APIs that come and go: who asks, what was answered, and that it was told."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.faults.rig.told import ToldList

REQUEST_SECONDS = 5.0
NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""The service was not reached at all: nothing was asked, so nothing can have been done."""


class Unanswered(Exception):
    """Nobody answered. The wish may or may not have been done: look before asking again."""


@dataclass(frozen=True)
class Account:
    """Somebody with a token, and the service whose API they use."""

    service: str
    name: str
    role: str
    area: str
    agency: str | None = None

    def claims(self) -> dict[str, str]:
        agency = {} if self.agency is None else {"agency": self.agency}
        return {"subject": self.name, "area": self.area, **agency}


@dataclass(frozen=True)
class Answer:
    """What a service said: its JSON, and the ETag for the next change."""

    status: int
    body: Any
    etag: str | None

    @property
    def ok(self) -> bool:
        return self.status < 300


@dataclass
class Traffic:
    """What went over the wire so far."""

    requests: int = 0
    refused: Counter[int] = field(default_factory=Counter)
    """By status."""
    unanswered: int = 0


class Calls:
    """Asks in the name of an account, at most so many times a second; every writing request goes onto the list."""

    def __init__(
        self,
        apis: Callable[[str], str],
        bearer: Callable[..., Mapping[str, str]],
        told: ToldList,
        requests_per_second: float,
    ) -> None:
        self._apis = apis
        self._bearer = bearer
        self._told = told
        self._gap = 1 / requests_per_second
        self._next = 0.0
        self._http = httpx.AsyncClient(timeout=REQUEST_SECONDS, trust_env=False)
        self.traffic = Traffic()

    async def close(self) -> None:
        await self._http.aclose()

    async def read(self, who: Account, path: str) -> Answer:
        """Raises Unanswered."""
        return await self._ask(who, "GET", path, {})

    async def create(self, who: Account, path: str, body: object, *, key: str, resource_id: str) -> Answer:
        """Raises Unanswered: ask again with the same key."""
        return await self._ask(who, "POST", path, {"Idempotency-Key": key}, body=body, resource_id=resource_id)

    async def move(self, who: Account, path: str, body: object, *, resting_on: Answer | None) -> Answer:
        """Raises Unanswered: read the state, and go on from there."""
        headers = {} if resting_on is None else {"If-Match": resting_on.etag or ""}
        return await self._ask(who, "POST", path, headers, body=body)

    async def _ask(
        self,
        who: Account,
        method: str,
        path: str,
        headers: Mapping[str, str],
        *,
        body: object = None,
        resource_id: str | None = None,
    ) -> Answer:
        await self._in_turn()
        self.traffic.requests += 1
        status: int | None = None
        sent = True
        try:
            # The address anew each time: instances come and go.
            answer = await self._http.request(
                method,
                f"{self._apis(who.service).rstrip('/')}{path}",
                json=body,
                headers={**headers, **self._bearer(who.role, **who.claims())},
            )
            status = answer.status_code
            if answer.is_error:
                self.traffic.refused[status] += 1
            return Answer(status, answer.json() if answer.content else None, answer.headers.get("ETag"))
        except NEVER_SENT as error:
            sent = False
            raise Unanswered from error
        except (httpx.HTTPError, ValueError) as error:  # a body cut off is no JSON
            raise Unanswered from error
        finally:
            # Also when the load itself is stopped in between.
            self.traffic.unanswered += status is None
            if method != "GET" and sent:
                self._told.note(method, path, status, resource_id)

    async def _in_turn(self) -> None:
        now = time.monotonic()
        turn = max(now, self._next)
        self._next = turn + self._gap
        await asyncio.sleep(turn - now)
