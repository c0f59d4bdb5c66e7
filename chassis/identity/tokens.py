"""Verifying bearer tokens by the issuer's published keys (RFC 7519, RFC 7517, OpenID Connect Discovery)."""

import asyncio
import json
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import structlog
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from chassis.area import Scope
from chassis.identity.actor import Actor, Role

log = structlog.get_logger(__name__)

ALGORITHMS = ["RS256", "ES256", "PS256", "EdDSA"]
REFETCH_SECONDS = 30.0
FETCH_TIMEOUT_SECONDS = 3.0
LEEWAY_SECONDS = 30


class InvalidToken(Exception):
    """The token is not one of the configured issuer for us, or not any more. Sign in again."""


class UnknownKey(InvalidToken):
    """Signed with a key we have not seen: the issuer may have changed its keys."""


class IssuerUnavailable(Exception):
    """No key was ever fetched and the issuer does not answer: nobody can be recognised. Try again shortly."""


class TokenVerifier:
    """Keys are fetched once and again for an unknown key id, at most every 30 s: a dead issuer locks nobody out."""

    def __init__(self, issuer: str, audience: str, jwks_url: str | None = None) -> None:
        self._issuer = issuer
        self._jwks_url = jwks_url
        self._keys: KeySet | None = None
        self._fetched_at = float("-inf")
        self._fetching = asyncio.Lock()
        self._claims = jwt.JWTClaimsRegistry(
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
            sub={"essential": True},
        )

    async def verify(self, token: str) -> Actor:
        """The actor a token names. Raises InvalidToken, IssuerUnavailable."""
        keys = self._keys or await self._fetch()
        try:
            claims = self._decode(token, keys)
        except UnknownKey:
            claims = self._decode(token, await self._fetch())
        return _actor(claims)

    def _decode(self, token: str, keys: KeySet) -> dict[str, Any]:
        try:
            decoded = jwt.decode(token, keys, algorithms=ALGORITHMS)
            self._claims.validate(decoded.claims)
        except InvalidKeyIdError:
            raise UnknownKey("the key is not one of the issuer's") from None
        except (JoseError, ValueError) as error:
            raise InvalidToken(type(error).__name__) from None
        return decoded.claims

    async def _fetch(self) -> KeySet:
        async with self._fetching:
            if self._keys is not None and time.monotonic() - self._fetched_at < REFETCH_SECONDS:
                return self._keys
            try:
                keys = KeySet.import_key_set(await self._read_jwks())
            except (httpx.HTTPError, OSError, ValueError, KeyError, JoseError) as error:
                log.warning("the issuer's keys cannot be read", exc_info=error)
                if self._keys is None:
                    raise IssuerUnavailable from error
                self._fetched_at = time.monotonic()
                return self._keys
            self._keys, self._fetched_at = keys, time.monotonic()
            return keys

    async def _read_jwks(self) -> Any:
        if self._jwks_url and urlsplit(self._jwks_url).scheme == "file":
            return json.loads(await asyncio.to_thread(Path(urlsplit(self._jwks_url).path).read_text))
        async with httpx.AsyncClient(timeout=FETCH_TIMEOUT_SECONDS) as client:
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
        scope = Scope(area) if isinstance(area, str) else None
    except ValueError:
        raise InvalidToken("area") from None
    agency = claims.get("agency")
    return Actor(str(claims["sub"]), roles, scope, agency if isinstance(agency, str) and agency else None)
