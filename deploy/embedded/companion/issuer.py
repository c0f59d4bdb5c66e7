"""The demonstration's OpenID issuer: tokens for invented people by password, for services by client secret.

A stand-in for a real identity provider with the same claims and the same discovery; its grants are those of
RFC 6749 sections 4.3 and 4.4. Expiry goes by the machine's clock, never by the demonstration's.
"""

import hmac
import json
import time
import uuid
from base64 import b64decode
from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Header, status
from fastapi.responses import JSONResponse
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet
from pydantic import BaseModel, ConfigDict

from deploy.embedded.atomic import write_atomically
from deploy.embedded.demo_users import DemoUsers

ALGORITHM = "ES256"
AUDIENCE = "puskesos"
TOKEN_SECONDS = 3600


class TokenAnswer(BaseModel):
    """RFC 6749 section 5.1."""

    model_config = ConfigDict(frozen=True)

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - a scheme, no secret
    expires_in: int = TOKEN_SECONDS


class GrantRefused(Exception):
    """RFC 6749 section 5.2. `error` is its code; the description says what to do."""

    def __init__(self, error: str, description: str, http_status: int = status.HTTP_400_BAD_REQUEST) -> None:
        super().__init__(description)
        self.error = error
        self.description = description
        self.http_status = http_status


class Issuer:
    """Signs with a key of its own, kept in a file so that tokens outlive a restart."""

    def __init__(self, url: str, key_file: Path, users: DemoUsers) -> None:
        self.url = url
        self._users = users
        self._key = _load_or_make_key(key_file)

    def public_keys(self) -> dict[str, list[dict[str, str | list[str]]]]:
        return KeySet([self._key]).as_dict(private=False)  # type: ignore[return-value]

    def by_password(self, client_id: str, name: str, password: str) -> TokenAnswer:
        """Raises GrantRefused."""
        if client_id != self._users.client_id:
            raise GrantRefused("unauthorized_client", f"client_id is {self._users.client_id}")
        person = self._users.person(name)
        # Compared even for an unknown name: both refusals take the same time and read the same.
        same = hmac.compare_digest(password.encode(), self._users.password.encode())
        if person is None or not same:
            raise GrantRefused("invalid_grant", "unknown name or wrong password; the home page lists both")
        return self._token(person.name, person.roles, person.area, person.agency)

    def by_client_secret(self, client_id: str, secret: str) -> TokenAnswer:
        """Raises GrantRefused."""
        client = self._users.client(client_id)
        if client is None or not hmac.compare_digest(secret.encode(), client.client_secret.encode()):
            raise GrantRefused("invalid_client", "unknown client or wrong secret", status.HTTP_401_UNAUTHORIZED)
        return self._token(client.client_id, client.roles, client.area, None)

    def _token(self, subject: str, roles: tuple[str, ...], area: str, agency: str | None) -> TokenAnswer:
        now = int(time.time())
        claims: dict[str, object] = {
            "iss": self.url,
            "sub": subject,
            "aud": AUDIENCE,
            "iat": now,
            "exp": now + TOKEN_SECONDS,
            "jti": uuid.uuid4().hex,
            "roles": list(roles),
            "area": area,
        }
        if agency is not None:
            claims["agency"] = agency
        header = {"alg": ALGORITHM, "kid": self._key.kid, "typ": "at+jwt"}
        return TokenAnswer(access_token=jwt.encode(header, claims, self._key))


def _load_or_make_key(file: Path) -> ECKey:
    if file.exists():
        return ECKey.import_key(json.loads(file.read_bytes()))
    key = ECKey.generate_key("P-256", {"use": "sig", "alg": ALGORITHM}, private=True, auto_kid=True)
    write_atomically(file, json.dumps(key.as_dict(private=True)).encode())
    return key


class TokenRequest(BaseModel):
    """The form of both grants; unknown fields (scope) are ignored."""

    grant_type: str
    client_id: str = ""
    client_secret: str = ""
    username: str = ""
    password: str = ""


def issuer_routes(issuer: Issuer) -> APIRouter:
    routes = APIRouter(tags=["identity"])

    @routes.get("/.well-known/openid-configuration")
    def discovery() -> dict[str, str | list[str]]:
        return {
            "issuer": issuer.url,
            "jwks_uri": f"{issuer.url}/jwks",
            "token_endpoint": f"{issuer.url}/token",
            "grant_types_supported": ["password", "client_credentials"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
            "response_types_supported": [],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": [ALGORITHM],
        }

    @routes.get("/jwks")
    def keys() -> dict[str, list[dict[str, str | list[str]]]]:
        return issuer.public_keys()

    @routes.post("/token", response_model=TokenAnswer)
    def token(
        form: Annotated[TokenRequest, Form()], authorization: Annotated[str | None, Header()] = None
    ) -> JSONResponse:
        client_id, secret = _basic(authorization) or (form.client_id, form.client_secret)
        try:
            if form.grant_type == "password":
                answer = issuer.by_password(client_id, form.username, form.password)
            elif form.grant_type == "client_credentials":
                answer = issuer.by_client_secret(client_id, secret)
            else:
                raise GrantRefused("unsupported_grant_type", "use password or client_credentials")
        except GrantRefused as refused:
            content = {"error": refused.error, "error_description": refused.description}
            return JSONResponse(content, refused.http_status)
        return JSONResponse(answer.model_dump(), headers={"Cache-Control": "no-store"})

    return routes


def _basic(authorization: str | None) -> tuple[str, str] | None:
    kind, _, value = (authorization or "").partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        name, _, secret = b64decode(value, validate=True).decode().partition(":")
    except ValueError:
        return None
    return name, secret
