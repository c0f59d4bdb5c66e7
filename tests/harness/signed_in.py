"""Browsers with a session, without any issuer running: tokens signed by the tests' own key."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import httpx

from chassis.clock import SystemClock
from chassis.signin.sessions import Sessions, Tokens
from chassis.store import Store
from tests.harness.service import RunningService
from tests.harness.tokens import ISSUER, Issuer

TOKEN_LIFE = timedelta(hours=1)


@dataclass(frozen=True)
class SessionCookie:
    """What a browser that is signed in holds."""

    name: str
    value: str


async def session_cookie(
    store: Store,
    service: str,
    issuer: Issuer,
    *roles: str,
    area: str | None = None,
    agency: str | None = None,
    subject: str = "someone",
    name: str = "Someone",
    issuer_url: str = ISSUER,
) -> SessionCookie:
    """Sign someone in at a service whose database this is, as its sign-in would; valid for an hour."""
    access = issuer.token(
        *roles,
        area=area,
        agency=agency,
        subject=subject,
        issuer=issuer_url,
        lives_seconds=int(TOKEN_LIFE.total_seconds()),
    )
    clock = SystemClock()
    secret = await Sessions(store, clock).begin(
        subject=subject, name=name, tokens=Tokens(access=access, access_until=clock.now() + TOKEN_LIFE)
    )
    return SessionCookie(f"{service}_session", secret)


@asynccontextmanager
async def browsing(
    service: RunningService,
    issuer: Issuer | None = None,
    *roles: str,
    area: str | None = None,
    agency: str | None = None,
    subject: str = "someone",
    name: str = "Someone",
) -> AsyncIterator[httpx.AsyncClient]:
    """A client that asks as a browser does; with an issuer, someone with these roles is signed in at it.

    `async with browsing(intake, issuer, "front_office", area=JAMBUDIPA) as clerk: await clerk.get("/village")`.
    Redirects are not followed. Texts come in English.
    """
    host = f"{service.runtime.definition.name}.test"
    base = f"http://{host}"
    headers = {"Accept": "text/html", "Accept-Language": "en", "Origin": base, "Sec-Fetch-Site": "same-origin"}
    transport = httpx.ASGITransport(app=service.app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=base, headers=headers) as client:
        if issuer is not None:
            cookie = await session_cookie(
                service.runtime.store,
                service.runtime.definition.name,
                issuer,
                *roles,
                area=area,
                agency=agency,
                subject=subject,
                name=name,
            )
            client.cookies.set(cookie.name, cookie.value, domain=host)
        yield client
