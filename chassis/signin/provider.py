"""The issuer as a relying party sees it (OpenID Connect Core and Discovery, RFC 7636, RP-Initiated Logout)."""

import asyncio
import ssl
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import structlog
from joserfc import jwt
from pydantic import SecretStr, ValidationError

from chassis.identity import InvalidToken, IssuerUnavailable, TokenVerifier
from chassis.identity.tokens import LEEWAY_SECONDS
from chassis.signin.answers import ErrorAnswer, Metadata, TokenAnswer
from chassis.signin.sessions import Tokens
from chassis.signin.started import StartedSignIn, challenge_of

log = structlog.get_logger(__name__)

PATIENCE_SECONDS = 8.0
"""How long one question may take: less than a request may take of the database, and than a renewal is claimed."""
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
DISCOVERY = "/.well-known/openid-configuration"


class GrantRefused(Exception):
    """The issuer refused a code or a refresh token: it was used, has run out, or the account is closed."""


@dataclass(frozen=True)
class Person:
    """Who signed in, by a verified ID token."""

    subject: str
    name: str
    sid: str | None


@dataclass(frozen=True)
class LogoutOrder:
    """Whose sessions end, by a verified logout token: those of one sign-in at the issuer, or all of a subject."""

    sid: str | None
    subject: str | None


class Provider:
    """One client (RFC 6749, confidential) of the configured issuer. Nothing that a person or it sends is logged."""

    def __init__(
        self, issuer: str, client_id: str, client_secret: SecretStr, public_url: str, verifier: TokenVerifier
    ) -> None:
        self._issuer = issuer
        self._client_id = client_id
        self._client_secret = client_secret
        self._redirect_uri = f"{public_url}/sign-in/callback"
        self._after_sign_out = f"{public_url}/sign-out"
        self._verifier = verifier
        self._metadata: Metadata | None = None

    async def look(self) -> None:
        """Ask the issuer what it says of itself, whatever is known. Raises IssuerUnavailable."""
        answer = await self._ask("GET", self._issuer.rstrip("/") + DISCOVERY)
        if answer.status_code != httpx.codes.OK:
            raise _unavailable("its discovery document cannot be read", status=answer.status_code)
        try:
            metadata = Metadata.model_validate_json(answer.content)
        except ValidationError as broken:
            raise _unavailable("its discovery document cannot be read") from broken
        if metadata.issuer != self._issuer:
            raise _unavailable("its discovery document is another issuer's")
        self._metadata = metadata

    async def metadata(self) -> Metadata:
        """What the issuer said of itself last. Raises IssuerUnavailable."""
        if self._metadata is None:
            await self.look()
        assert self._metadata is not None  # noqa: S101 - else looking had raised
        return self._metadata

    async def authorization_address(
        self, started: StartedSignIn, state: str, *, language: str, password_again: bool
    ) -> str:
        """Where the person proves who they are; always with PKCE (S256). Raises IssuerUnavailable."""
        query = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": self._redirect_uri,
            "scope": "openid",
            "state": state,
            "nonce": started.nonce,
            "code_challenge": challenge_of(started.verifier),
            "code_challenge_method": "S256",
            "ui_locales": language,
            **({"prompt": "login"} if password_again else {}),
        }
        return _with_query((await self.metadata()).authorization_endpoint, query)

    async def is_answer_of_issuer(self, named: str | None) -> bool:
        """Whether an authorization response is this issuer's, by the name in it (RFC 9207)."""
        return named == self._issuer or (named is None and not (await self.metadata()).names_itself)

    async def exchange(self, code: str, started: StartedSignIn, now: datetime) -> tuple[Tokens, Person]:
        """Tokens for a code, and who it is. Raises GrantRefused, InvalidToken, IssuerUnavailable."""
        tokens = (
            await self._grant(
                grant_type="authorization_code",
                code=code,
                redirect_uri=self._redirect_uri,
                code_verifier=started.verifier,
            )
        ).tokens(now)
        claims = await self._claims(
            tokens.id,
            iat={"essential": True},
            nonce={"essential": True, "value": started.nonce},
            sub={"essential": True},
        )
        if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != self._client_id:
            raise InvalidToken("azp")
        name = claims.get("name") or claims.get("preferred_username") or ""
        return tokens, Person(str(claims["sub"]), str(name), _text(claims.get("sid")))

    async def refresh(self, tokens: Tokens, now: datetime) -> Tokens:
        """Newer tokens. Raises GrantRefused, IssuerUnavailable."""
        if tokens.refresh is None:
            raise GrantRefused
        answer = await self._grant(grant_type="refresh_token", refresh_token=tokens.refresh)
        return answer.tokens(now, tokens)

    async def logout_order(self, token: str) -> LogoutOrder:
        """What a back-channel logout token orders. Raises InvalidToken, IssuerUnavailable."""
        claims = await self._claims(token, iat={"essential": True}, jti={"essential": True})
        order = LogoutOrder(_text(claims.get("sid")), _text(claims.get("sub")))
        events = claims.get("events")
        if not isinstance(events, dict) or not isinstance(events.get(LOGOUT_EVENT), dict):
            raise InvalidToken("events")
        if "nonce" in claims or (order.sid is None and order.subject is None):
            raise InvalidToken("no logout token")
        return order

    async def sign_out_address(self, id_token: str) -> str | None:
        """Where the issuer ends its own session, and all that rest on it; None when it has no such address.

        Raises IssuerUnavailable: nobody is led to where nothing answers.
        """
        await self.look()
        endpoint = (await self.metadata()).end_session_endpoint
        if endpoint is None:
            return None
        hint = {"id_token_hint": id_token} if id_token else {}
        return _with_query(
            endpoint, {"client_id": self._client_id, "post_logout_redirect_uri": self._after_sign_out, **hint}
        )

    async def _claims(self, token: str, **wanted: Any) -> dict[str, Any]:
        """The claims of a token that the issuer made for this client."""
        registry = jwt.JWTClaimsRegistry(
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": self._issuer},
            aud={"essential": True, "value": self._client_id},
            exp={"essential": True},
            **wanted,
        )
        return await self._verifier.claims_of(token, registry)

    async def _grant(self, **form: str) -> TokenAnswer:
        # RFC 6749, 2.3.1: encoded like a form before they become a name and a password.
        client = httpx.BasicAuth(
            quote(self._client_id, safe=""), quote(self._client_secret.get_secret_value(), safe="")
        )
        answer = await self._ask("POST", (await self.metadata()).token_endpoint, data=form, auth=client)
        if answer.status_code != httpx.codes.OK:
            error = _error_of(answer)
            if error == "invalid_grant":
                raise GrantRefused
            raise _unavailable("it gave no token", status=answer.status_code, error=error)
        try:
            return TokenAnswer.model_validate_json(answer.content)
        except ValidationError as broken:
            raise _unavailable("its answer cannot be read") from broken

    async def _ask(self, method: str, address: str, **how: Any) -> httpx.Response:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS), httpx.AsyncClient(verify=_tls()) as client:
                return await client.request(method, address, **how)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            raise _unavailable("it does not answer") from error


@cache
def _tls() -> ssl.SSLContext:
    # Reading the world's certificates takes longer than the question.
    return httpx.create_ssl_context()


def _unavailable(what: str, **more: object) -> IssuerUnavailable:
    log.warning("the issuer cannot be used for sign-in", what=what, **more)
    return IssuerUnavailable()


def _error_of(answer: httpx.Response) -> str:
    try:
        return ErrorAnswer.model_validate_json(answer.content).error
    except ValidationError:
        return ""


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _with_query(address: str, query: dict[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"
