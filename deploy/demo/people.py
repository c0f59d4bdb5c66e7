"""The people of the story: each has an account, signs in, and uses the services' APIs as any client would."""

import asyncio
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

import httpx

from deploy.demo.errors import NotThere, StoryBroke
from deploy.embedded.endpoints import Endpoints

PATIENCE_SECONDS = 60.0
RETRY_SECONDS = 0.25
RENEW_BEFORE_SECONDS = 20.0
BUSY = frozenset({502, 503, 504})


@dataclass(frozen=True)
class Answer:
    """What a service said: its JSON, and the ETag for the next change."""

    body: Any
    etag: str | None


@dataclass
class Person:
    """One account. Requests a service could not take (restarting, busy) are repeated as they were."""

    name: str
    endpoints: Endpoints
    http: httpx.AsyncClient
    _token: str = field(default="", repr=False)
    _token_until: float = 0.0

    async def read(self, service: str, path: str, **query: str) -> Answer:
        """Raises NotThere, StoryBroke."""
        return await self._ask("GET", service, path, params=query)

    async def create(self, service: str, path: str, body: object) -> Answer:
        """POST once, however often it has to be sent."""
        return await self._ask("POST", service, path, json=body, headers={"Idempotency-Key": str(uuid.uuid4())})

    async def move(self, service: str, path: str, body: object, *, resting_on: Answer) -> Answer:
        """POST a change that rests on what was read."""
        return await self._ask("POST", service, path, json=body, headers={"If-Match": resting_on.etag or ""})

    async def _ask(self, method: str, service: str, path: str, **request: Any) -> Answer:
        url = f"{self.endpoints.apis[service].rstrip('/')}{path}"
        deadline = time.monotonic() + PATIENCE_SECONDS
        headers = request.pop("headers", {})
        while True:
            try:
                answer = await self.http.request(
                    method, url, headers={**headers, "Authorization": f"Bearer {await self._sign_in()}"}, **request
                )
                if answer.status_code not in BUSY:
                    break
                seen = f"{answer.status_code}"
            except httpx.TransportError as error:
                seen = type(error).__name__
            if time.monotonic() > deadline:
                raise StoryBroke(f"{service} did not answer {self.name} within {PATIENCE_SECONDS:.0f} s ({seen}).")
            await asyncio.sleep(RETRY_SECONDS)
        if answer.is_error:
            broke = NotThere if answer.status_code == httpx.codes.NOT_FOUND else StoryBroke
            raise broke(f"{service} refused {self.name} at {method} {path}: {answer.status_code} {answer.text}")
        return Answer(answer.json() if answer.content else None, answer.headers.get("ETag"))

    async def _sign_in(self) -> str:
        if time.monotonic() >= self._token_until:
            user = next((user for user in self.endpoints.users if user.name == self.name), None)
            if user is None:
                raise StoryBroke(f"there is no account {self.name} in this installation.")
            asked_at = time.monotonic()
            answer = await self.http.post(
                self.endpoints.token_url,
                data={
                    "grant_type": "password",
                    "client_id": self.endpoints.client_id,
                    "username": user.name,
                    "password": user.password,
                },
            )
            if answer.is_error:
                raise StoryBroke(f"{self.name} could not sign in: {answer.status_code} {answer.text}")
            token = answer.json()
            self._token = str(token["access_token"])
            self._token_until = asked_at + float(token["expires_in"]) - RENEW_BEFORE_SECONDS
        return self._token
