"""A service's own token for other services: the client-credentials grant (RFC 6749, 4.4)."""

import asyncio
import time

import httpx
from pydantic import BaseModel, SecretStr

RENEW_BEFORE_SECONDS = 60.0
TIMEOUT_SECONDS = 5.0


class TokenUnavailable(Exception):
    """The issuer gave us no token; try again shortly."""


class _Answer(BaseModel):
    access_token: str
    expires_in: int = 300


class ServiceTokens:
    """Keeps one token and renews it a minute before it ends."""

    def __init__(self, token_url: str, client_id: str, client_secret: SecretStr) -> None:
        self._token_url = token_url
        self._client_id = client_id
        self._client_secret = client_secret
        self._token = ""
        self._renew_at = float("-inf")
        self._asking = asyncio.Lock()

    async def token(self) -> str:
        """A token that lives for a while yet. Raises TokenUnavailable."""
        async with self._asking:
            if time.monotonic() >= self._renew_at:
                answer = await self._ask()
                self._token = answer.access_token
                self._renew_at = time.monotonic() + max(answer.expires_in - RENEW_BEFORE_SECONDS, 1.0)
            return self._token

    def forget(self, refused: str) -> None:
        """Ask for a new token next time: another service did not take `refused`, whatever its expiry says.

        An issuer that changed its keys would else cost an hour of refusals.
        """
        if refused == self._token:
            self._renew_at = float("-inf")

    async def _ask(self) -> _Answer:
        form = {
            "grant_type": "client_credentials",
            "client_id": self._client_id,
            "client_secret": self._client_secret.get_secret_value(),
        }
        try:
            async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS) as client:
                answer = await client.post(self._token_url, data=form)
                answer.raise_for_status()
                return _Answer.model_validate_json(answer.content)
        except (httpx.HTTPError, ValueError) as error:
            raise TokenUnavailable("the issuer gave this service no token") from error
