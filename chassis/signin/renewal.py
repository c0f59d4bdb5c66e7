"""New access tokens for a session, one question to the issuer at a time: its refresh token may be good for one use."""

import asyncio
import time
from datetime import timedelta

from chassis.area import COUNTRY
from chassis.clock import Clock
from chassis.identity import IssuerUnavailable
from chassis.signin.provider import GrantRefused, Provider
from chassis.signin.sessions import SESSIONS, Session, Sessions, Tokens
from chassis.store import Store, UnitOfWork

CLAIMED = timedelta(seconds=15)
"""Longer than the issuer is waited for: a claim that is older was left by a process that died."""
PATIENCE_SECONDS = 8.0
LOOK_AGAIN_SECONDS = 0.05


class Renewal:
    """Keeps sessions as long as the issuer wants them: a changed role, a closed account count from the next renewal."""

    def __init__(self, store: Store, sessions: Sessions, provider: Provider, clock: Clock) -> None:
        self._store = store
        self._sessions = sessions
        self._provider = provider
        self._clock = clock

    async def renewed(self, session: Session) -> Session | None:
        """The session with a new access token; None when the issuer refuses one: then it has ended.

        Raises IssuerUnavailable; the session stays, and the next request asks again.
        """
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < give_up_at:
            present, ours = await self._claim(session)
            if present is None or present.tokens is None:
                return None
            if ours:
                return await self._ask(present, present.tokens)
            if present.tokens.access_until > self._clock.now():
                return present
            await asyncio.sleep(LOOK_AGAIN_SECONDS)  # another tab, or another instance, is asking
        raise IssuerUnavailable

    async def _claim(self, session: Session) -> tuple[Session | None, bool]:
        """The session as it is now, and whether it is ours to renew."""
        now = self._clock.now()

        async def deed(unit: UnitOfWork) -> tuple[Session | None, bool]:
            present = await unit.of(SESSIONS).find(session.id)
            if present is None or present.tokens is None or present.tokens.access_until > now:
                return present, False
            if present.refreshing_until is not None and now < present.refreshing_until:
                return present, False
            return await unit.of(SESSIONS).save(present.model_copy(update={"refreshing_until": now + CLAIMED})), True

        return await self._store.transact(COUNTRY, deed)

    async def _ask(self, session: Session, tokens: Tokens) -> Session | None:
        try:
            newer = await self._provider.refresh(tokens, self._clock.now())
        except GrantRefused:
            await self._sessions.end(session)
            return None
        except IssuerUnavailable:
            await self._keep(session, tokens)
            raise
        return await self._keep(session, newer)

    async def _keep(self, session: Session, tokens: Tokens) -> Session | None:
        async def deed(unit: UnitOfWork) -> Session | None:
            present = await unit.of(SESSIONS).find(session.id)
            if present is None or present.tokens is None:
                return None  # signed out meanwhile
            return await unit.of(SESSIONS).save(present.model_copy(update={"tokens": tokens, "refreshing_until": None}))

        return await self._store.transact(COUNTRY, deed)
