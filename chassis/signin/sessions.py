"""Sessions of people at their browsers. The browser holds 256 random bits; the database their hash, and the tokens."""

import hashlib
import secrets
from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict, Field

from chassis.area import COUNTRY
from chassis.clock import Clock
from chassis.store import Collection, Condition, Document, Index, Store, UnitOfWork, equals

LONGEST = timedelta(hours=8)
"""Then a person signs in again, however busy they are."""
REMEMBERED = timedelta(hours=24)
"""How long it is known whose an ended session was: what they post meanwhile is kept for them."""
ENDED_AT_ONCE = 100


class Tokens(BaseModel):
    """What the issuer gave for one session. Without `refresh` the session ends with its access token."""

    model_config = ConfigDict(frozen=True)

    access: str = Field(repr=False)
    access_until: datetime
    refresh: str | None = Field(default=None, repr=False)
    id: str = Field(default="", repr=False)


class Session(Document):
    """One person at one browser. `browser` stays the same when they, or somebody else, sign in there again.

    Times are the machine's, never the demonstration's: the issuer and the database go by them.
    """

    subject: str
    name: str = Field(repr=False)
    browser: str
    sid: str | None = None
    tokens: Tokens | None
    """None: it has ended."""
    began_at: datetime
    refreshing_until: datetime | None = None

    def lives_at(self, now: datetime) -> bool:
        return self.tokens is not None and now < self.began_at + LONGEST

    def ended(self) -> "Session":
        return self.model_copy(update={"tokens": None, "refreshing_until": None})


SESSIONS = Collection(
    "sessions",
    Session,
    (Index.on("began_at", expire_after=REMEMBERED), Index.on("within", "sid"), Index.on("within", "subject")),
)


def hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def random_secret() -> str:
    """256 random bits as text for a cookie or an address."""
    return secrets.token_urlsafe(32)


class Sessions:
    """The sessions of one service."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def begin(
        self, *, subject: str, name: str, tokens: Tokens, sid: str | None = None, at: str | None = None
    ) -> str:
        """Begin a session under a new secret, which is returned; one that the browser had (secret `at`) ends."""
        secret = random_secret()

        async def deed(unit: UnitOfWork) -> None:
            sessions = unit.of(SESSIONS)
            former = await sessions.find(hashed(at)) if at else None
            if former is not None and former.tokens is not None:
                await sessions.save(former.ended())
            browser = former.browser if former is not None else random_secret()
            await sessions.add(
                Session(
                    id=hashed(secret),
                    area=COUNTRY.area,
                    subject=subject,
                    name=name,
                    browser=browser,
                    sid=sid,
                    tokens=tokens,
                    began_at=self._clock.now(),
                )
            )

        await self._store.transact(COUNTRY, deed)
        return secret

    async def find(self, secret: str) -> Session | None:
        """The session of a cookie, also one that has ended."""
        return await self._store.reading(COUNTRY, SESSIONS).find(hashed(secret))

    async def end(self, session: Session) -> None:
        async def deed(unit: UnitOfWork) -> None:
            present = await unit.of(SESSIONS).find(session.id)
            if present is not None and present.tokens is not None:
                await unit.of(SESSIONS).save(present.ended())

        await self._store.transact(COUNTRY, deed)

    async def end_all_with(self, condition: Condition) -> None:
        """End every session that fulfils the condition, such as those of one subject."""
        living = Condition("tokens", "$ne", None)

        async def deed(unit: UnitOfWork) -> int:
            found = await unit.of(SESSIONS).all(condition, living, limit=ENDED_AT_ONCE)
            for session in found:
                await unit.of(SESSIONS).save(session.ended())
            return len(found)

        while await self._store.transact(COUNTRY, deed) == ENDED_AT_ONCE:
            pass

    async def end_sid(self, sid: str) -> None:
        await self.end_all_with(equals("sid", sid))

    async def end_subject(self, subject: str) -> None:
        await self.end_all_with(equals("subject", subject))
