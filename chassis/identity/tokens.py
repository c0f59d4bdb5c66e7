"""Verifying bearer tokens by the issuer's published keys (RFC 7519, RFC 7517, OpenID Connect Discovery)."""

import asyncio
import json
import time
from contextvars import Context
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import structlog
from joserfc import jwt
from joserfc.errors import ClaimError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from chassis.area import Scope
from chassis.identity.actor import Actor, Role

log = structlog.get_logger(__name__)

ALGORITHMS = ["RS256", "ES256", "PS256", "EdDSA"]
REFETCH_SECONDS = 30.0
RETRY_SECONDS = 2.0
PATIENCE_SECONDS = 3.0
"""How long a request waits for the issuer."""
FETCH_SECONDS = 60.0
"""How long the question itself may take: an issuer slower than a request is patient is still understood."""
LEEWAY_SECONDS = 30
WHOLE_COUNTRY = "ID"
"""The claim `area` of who may see all: an issuer keeps no empty attribute."""


class InvalidToken(Exception):
    """The token is not one of the configured issuer for us, or not any more. Sign in again.

    Its message names the fault, never what the token says.
    """


class UnknownKey(InvalidToken):
    """Signed with a key we have not seen: the issuer may have changed its keys."""


class IssuerUnavailable(Exception):
    """The issuer does not answer, and without it nobody can tell whether this token is its: try again shortly."""


class TokenVerifier:
    """Verifies by the keys it knows, and asks the issuer for others when a token names one it does not know.

    A dead issuer locks nobody out whose key is known. All requests wait for one question, each as long as it is
    patient, while the question goes on; an answer holds for 30 s, so that invented keys are no burden to the issuer.
    """

    def __init__(self, issuer: str, audience: str, jwks_url: str | None = None) -> None:
        self._issuer = issuer
        self._jwks_url = jwks_url
        self._keys: KeySet | None = None
        self._answered_at = float("-inf")
        self._asked_at = float("-inf")
        self._asking: asyncio.Task[None] | None = None
        self._claims = jwt.JWTClaimsRegistry(
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
            sub={"essential": True},
        )

    async def verify(self, token: str) -> Actor:
        """The actor a token names. Raises InvalidToken, IssuerUnavailable."""
        return _actor(await self.claims_of(token, self._claims))

    async def claims_of(self, token: str, wanted: jwt.JWTClaimsRegistry) -> dict[str, Any]:
        """The claims of any token of the issuer, when they are as wanted. Raises InvalidToken, IssuerUnavailable."""
        if self._keys is None:
            await self._ask()
        try:
            return self._decode(token, wanted)
        except UnknownKey:
            if time.monotonic() - self._answered_at < REFETCH_SECONDS:
                raise
        await self._ask()
        return self._decode(token, wanted)

    def _decode(self, token: str, wanted: jwt.JWTClaimsRegistry) -> dict[str, Any]:
        if self._keys is None:
            raise IssuerUnavailable
        try:
            decoded = jwt.decode(token, self._keys, algorithms=ALGORITHMS)
            wanted.validate(decoded.claims)
        except InvalidKeyIdError:
            raise UnknownKey("the key is not one of the issuer's") from None
        except ClaimError as error:
            raise InvalidToken(f"{type(error).__name__}: {error.claim}") from None
        except (JoseError, ValueError) as error:
            raise InvalidToken(type(error).__name__) from None
        return decoded.claims

    async def _ask(self) -> None:
        """Wait for the issuer's present keys. Raises IssuerUnavailable when they do not come in time."""
        if self._asking is None and time.monotonic() - self._asked_at >= RETRY_SECONDS:
            self._asked_at = time.monotonic()
            # Nobody's request: its limits and its cancellation are not the question's.
            self._asking = asyncio.create_task(self._fetch(), name="issuer-keys", context=Context())
        if self._asking is not None:
            await asyncio.wait({self._asking}, timeout=PATIENCE_SECONDS)
        if time.monotonic() - self._answered_at >= REFETCH_SECONDS:
            raise IssuerUnavailable

    async def _fetch(self) -> None:
        try:
            async with asyncio.timeout(FETCH_SECONDS):
                keys = KeySet.import_key_set(await self._read_jwks())
        except Exception as error:  # whatever it sent instead of keys
            log.warning("the issuer's keys cannot be read", exc_info=error)
        else:
            self._keys, self._answered_at = keys, time.monotonic()
        finally:
            self._asking = None

    async def _read_jwks(self) -> Any:
        if self._jwks_url and urlsplit(self._jwks_url).scheme == "file":
            return json.loads(await asyncio.to_thread(Path(urlsplit(self._jwks_url).path).read_text))
        async with httpx.AsyncClient(timeout=FETCH_SECONDS) as client:
            url = self._jwks_url
            if url is None:
                discovery = await client.get(f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
                discovery.raise_for_status()
                url = str(discovery.json()["jwks_uri"])
            answer = await client.get(url)
            answer.raise_for_status()
            return answer.json()


def _actor(claims: dict[str, Any]) -> Actor:
    known = {role.value for role in Role}
    roles = frozenset(Role(role) for role in claims.get("roles", []) if role in known)
    area = claims.get("area")
    try:
        scope = Scope("" if area == WHOLE_COUNTRY else area) if isinstance(area, str) else None
    except ValueError:
        raise InvalidToken("area") from None
    agency = claims.get("agency")
    return Actor(str(claims["sub"]), roles, scope, agency if isinstance(agency, str) and agency else None)
