"""Sign-ins on their way: what must come back from the issuer as it went, once, in time, and to the same browser."""

import hashlib
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta

from pydantic import Field

from chassis.area import COUNTRY
from chassis.clock import Clock
from chassis.signin.sessions import hashed, random_secret
from chassis.store import Collection, Document, Index, Store, UnitOfWork

LIVES = timedelta(minutes=10)


class StartedSignIn(Document):
    """One sign-in on its way; its id is the hash of `state`, `browser` the hash of the browser's cookie."""

    browser: str
    nonce: str = Field(repr=False)
    verifier: str = Field(repr=False)
    page: str
    finished: bool = False
    started_at: datetime


STARTED = Collection("sign_ins", StartedSignIn, (Index.on("started_at", expire_after=LIVES),))


def challenge_of(verifier: str) -> str:
    """RFC 7636, 4.2: S256."""
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


class StartedSignIns:
    """The sign-ins on their way at one service."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def start(self, browser: str, page: str) -> tuple[StartedSignIn, str]:
        """Note a sign-in that leads to `page`; returns it and its `state`. `browser` is what the cookie will hold."""
        state = random_secret()
        started = StartedSignIn(
            id=hashed(state),
            area=COUNTRY.area,
            browser=hashed(browser),
            nonce=random_secret(),
            verifier=random_secret(),
            page=page,
            started_at=self._clock.now(),
        )

        async def deed(unit: UnitOfWork) -> None:
            await unit.of(STARTED).add(started)

        await self._store.transact(COUNTRY, deed)
        return started, state

    async def finish(self, state: str, browser: str | None) -> StartedSignIn | None:
        """The sign-in that this state and this browser began; None when there is none, or not any more."""

        async def deed(unit: UnitOfWork) -> StartedSignIn | None:
            started = await unit.of(STARTED).find(hashed(state))
            if started is None or started.finished or self._clock.now() >= started.started_at + LIVES:
                return None
            # Not finished by a stranger's attempt: whoever began it may still come.
            if browser is None or started.browser != hashed(browser):
                return None
            await unit.of(STARTED).save(started.model_copy(update={"finished": True}))
            return started

        return await self._store.transact(COUNTRY, deed)
