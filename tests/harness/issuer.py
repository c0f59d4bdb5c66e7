"""An OpenID provider for tests, stricter than any real one: PKCE always, codes and refresh tokens good for one use.

It asks nobody for a password: whoever comes is `person`. What it signs can be spoilt, and it can go away.
"""

import asyncio
import contextlib
import hashlib
import secrets
import socket
import time
from base64 import b64encode, urlsafe_b64encode
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse
from fastapi.security.utils import get_authorization_scheme_param
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from chassis.signin.provider import LOGOUT_EVENT
from tests.harness.tokens import AUDIENCE, Issuer

CLIENT_ID = "intake-pages"
CLIENT_SECRET = "only: the service & it know"
TOKEN_SECONDS = 60

Claims = dict[str, Any]


@dataclass
class SomebodyAtIt:
    """Who comes to the provider."""

    subject: str = "siti"
    name: str = "Siti Aminah"
    roles: tuple[str, ...] = ("front_office",)
    area: str = "32.03.02.2002"
    closed: bool = False


@dataclass
class StrictIssuer:
    """The provider; `asked` are the authorization requests it got, `refreshes` how often it gave newer tokens."""

    url: str
    redirect_uri: str
    signer: Issuer
    person: SomebodyAtIt = field(default_factory=SomebodyAtIt)
    away: bool = False
    asked: list[dict[str, str]] = field(default_factory=list)
    refreshes: int = 0
    spoil_access: Callable[[Claims], Claims] = lambda claims: claims
    spoil_id: Callable[[Claims], Claims] = lambda claims: claims
    spoil_answer: Callable[[dict[str, str]], dict[str, str]] = lambda answer: answer
    signs_with: ECKey | None = None
    refresh_pause: asyncio.Event | None = None
    """Newer tokens are given only once this is set."""
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)
    _refresh_tokens: dict[str, str] = field(default_factory=dict)

    def _sign(self, claims: Claims) -> str:
        key = self.signs_with or self.signer.key
        return jwt.encode({"alg": "ES256", "kid": self.signer.key.kid}, claims, key)

    def _common(self) -> Claims:
        now = int(time.time())
        return {"iss": self.url, "sub": self.person.subject, "iat": now, "exp": now + TOKEN_SECONDS}

    def _tokens(self, sid: str, nonce: str | None) -> Claims:
        access = {**self._common(), "aud": AUDIENCE, "roles": list(self.person.roles), "area": self.person.area}
        identity = {**self._common(), "aud": CLIENT_ID, "sid": sid, "name": self.person.name}
        identity |= {"nonce": nonce} if nonce is not None else {}
        refresh = secrets.token_urlsafe(16)
        self._refresh_tokens[refresh] = sid
        return {
            "access_token": self._sign(self.spoil_access(access)),
            "id_token": self._sign(self.spoil_id(identity)),
            "refresh_token": refresh,
            "expires_in": TOKEN_SECONDS,
            "token_type": "Bearer",
        }

    def logout_token(self, **changes: object) -> str:
        """A back-channel logout token; None leaves a claim out."""
        claims: Claims = {**self._common(), "aud": CLIENT_ID, "jti": secrets.token_hex(8), "events": {LOGOUT_EVENT: {}}}
        return self._sign({name: value for name, value in {**claims, **changes}.items() if value is not None})

    def authorize(self, query: dict[str, str]) -> JSONResponse | RedirectResponse:
        wanted = {"response_type": "code", "client_id": CLIENT_ID, "redirect_uri": self.redirect_uri}
        complete = all(query.get(name) for name in ("state", "nonce", "code_challenge"))
        if {name: query.get(name) for name in wanted} != wanted or not complete:
            return JSONResponse({"error": "invalid_request"}, 400)
        if query.get("code_challenge_method") != "S256" or query.get("scope", "").split()[0] != "openid":
            return JSONResponse({"error": "invalid_request"}, 400)
        self.asked.append(query)
        code = secrets.token_urlsafe(16)
        self._codes[code] = query
        answer = self.spoil_answer({"code": code, "state": query["state"], "iss": self.url})
        return RedirectResponse(f"{self.redirect_uri}?{urlencode(answer)}", 302)

    async def token(self, form: dict[str, str]) -> JSONResponse:
        refused = JSONResponse({"error": "invalid_grant"}, 400)
        if self.person.closed:
            return refused
        if form.get("grant_type") == "authorization_code":
            query = self._codes.pop(form.get("code", ""), None)
            digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
            challenge = urlsafe_b64encode(digest).decode().rstrip("=")
            if query is None or query["code_challenge"] != challenge or form.get("redirect_uri") != self.redirect_uri:
                return refused
            return JSONResponse(self._tokens(secrets.token_hex(8), query["nonce"]))
        sid = self._refresh_tokens.pop(form.get("refresh_token", ""), None)
        if sid is None:
            return refused
        if self.refresh_pause is not None:
            await self.refresh_pause.wait()
        self.refreshes += 1
        return JSONResponse(self._tokens(sid, None))


def app_of(issuer: StrictIssuer) -> FastAPI:
    app = FastAPI()

    @app.get("/.well-known/openid-configuration")
    async def discovery() -> JSONResponse:
        if issuer.away:
            return JSONResponse({"error": "temporarily_unavailable"}, 503)
        return JSONResponse(
            {
                "issuer": issuer.url,
                "authorization_endpoint": f"{issuer.url}/authorize",
                "token_endpoint": f"{issuer.url}/token",
                "jwks_uri": f"{issuer.url}/jwks",
                "end_session_endpoint": f"{issuer.url}/logout",
                "authorization_response_iss_parameter_supported": True,
            }
        )

    @app.get("/jwks")
    async def keys() -> Any:
        return KeySet([issuer.signer.key]).as_dict(private=False)

    @app.get("/authorize", response_model=None)
    async def authorize(request: Request) -> JSONResponse | RedirectResponse:
        return issuer.authorize(dict(request.query_params))

    @app.post("/token")
    async def token(request: Request) -> JSONResponse:
        if issuer.away:
            return JSONResponse({"error": "temporarily_unavailable"}, 503)
        if not _is_client(request.headers.get("authorization")):
            return JSONResponse({"error": "invalid_client"}, 401)
        return await issuer.token({name: str(value) for name, value in (await request.form()).items()})

    return app


def _is_client(authorization: str | None) -> bool:
    expected = f"{_encoded(CLIENT_ID)}:{_encoded(CLIENT_SECRET)}"
    return get_authorization_scheme_param(authorization) == ("Basic", b64encode(expected.encode()).decode())


def _encoded(text: str) -> str:
    return quote(text, safe="")


@contextlib.asynccontextmanager
async def strict_issuer(folder: Path, redirect_uri: str) -> AsyncIterator[StrictIssuer]:
    """The provider on a loopback port of its own, for one client with this redirect URI."""
    listening = socket.create_server(("127.0.0.1", 0))
    issuer = StrictIssuer(f"http://127.0.0.1:{listening.getsockname()[1]}", redirect_uri, Issuer.make(folder))
    server = uvicorn.Server(uvicorn.Config(app_of(issuer), log_level="error", lifespan="off"))
    serving = asyncio.create_task(server.serve([listening]))
    try:
        yield issuer
    finally:
        server.should_exit = True
        await serving
        listening.close()
