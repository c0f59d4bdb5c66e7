"""A service's own token for other services: the client-credentials grant (RFC 6749, 4.4)."""

import asyncio
import time

import httpx
import structlog
from pydantic import BaseModel, SecretStr

log = structlog.get_logger(__name__)

RENEW_BEFORE_SECONDS = 60.0
TIMEOUT_SECONDS = 5.0
RETRY_SECONDS = 1.0


class TokenUnavailable(Exception):
    """The issuer gave us no token; try again shortly."""


class _Answer(BaseModel):
    access_token: str
    expires_in: int = 300


class ServiceTokens:
    """Keeps one token and renews it a minute before it ends; while the issuer is away, uses it until it ends."""

    def __init__(self, token_url: str, client_id: str, client_secret: SecretStr) -> None:
        self._token_url = token_url
        self._client_id = client_id
        self._client_secret = client_secret
        self._token = ""
        self._renew_at = float("-inf")
        self._ends_at = float("-inf")
        self._failed_at = float("-inf")
        self._asking = asyncio.Lock()

    async def token(self) -> str:
        """A token that lives for a while yet. Raises TokenUnavailable."""
        async with self._asking:
            now = time.monotonic()
            # Who waited while another asked in vain does not ask, and wait, once more.
            if now >= self._renew_at and now - self._failed_at >= RETRY_SECONDS:
                await self._renew()
            if time.monotonic() >= self._ends_at:
                raise TokenUnavailable("the issuer gave this service no token")
            return self._token

    async def _renew(self) -> None:
        asked_at = time.monotonic()
        try:
            answer = await self._ask()
        except (httpx.HTTPError, TimeoutError, ValueError) as error:
            log.warning("the issuer gave no token", exc_info=error)
            self._failed_at = time.monotonic()
            return
        self._token = answer.access_token
        self._ends_at = asked_at + answer.expires_in
        self._renew_at = asked_at + max(answer.expires_in - RENEW_BEFORE_SECONDS, 1.0)

    def forget(self, refused: str) -> None:
        """Ask for a new token next time: another service did not take `refused`, whatever its expiry says.

        An issuer that changed its keys would else cost an hour of refusals.
        """
        if refused == self._token:
            self._renew_at = self._ends_at = float("-inf")

    async def _ask(self) -> _Answer:
        form = {
            "grant_type": "client_credentials",
            "client_id": self._client_id,
            "client_secret": self._client_secret.get_secret_value(),
        }
        async with asyncio.timeout(TIMEOUT_SECONDS), httpx.AsyncClient() as client:
            answer = await client.post(self._token_url, data=form)
            answer.raise_for_status()
            return _Answer.model_validate_json(answer.content)
