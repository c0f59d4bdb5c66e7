"""The door of a service's pages: lets in who has a session, and sends others to sign in without losing their input."""

from urllib.parse import quote

from fastapi import Request

from chassis.clock import SystemClock
from chassis.http.guards import SAFE_METHODS
from chassis.identity import Actor, InvalidToken, TokenVerifier
from chassis.settings import ServiceSettings
from chassis.signin.kept import QUERY, Kept, KeptForms
from chassis.signin.origin import page_of, same_origin, with_kept
from chassis.signin.sessions import Session, Sessions
from chassis.store import Store


class SignInNeeded(Exception):
    """Nobody is signed in at this browser; `page` is where they wanted to be, with what they had typed."""

    def __init__(self, page: str) -> None:
        super().__init__("sign-in is needed")
        self.page = page

    @property
    def address(self) -> str:
        return f"/sign-in?next={quote(self.page, safe='')}"


class SignIn:
    """Sign-in at one service; `app.state.sign_in`."""

    def __init__(self, service: str, settings: ServiceSettings, store: Store, verifier: TokenVerifier) -> None:
        clock = SystemClock()
        self.cookie = f"{service}_session"
        self.public_url = settings.public_url
        self.sessions = Sessions(store, clock)
        self.kept_forms = KeptForms(store, clock)
        self._verifier = verifier
        self._clock = clock

    async def admit(self, request: Request) -> Actor:
        """The actor at this browser; notes for the page who it is (`request.state`: actor, person, kept).

        Raises SignInNeeded, Problem 403 for what another site's page sends, IssuerUnavailable.
        """
        same_origin(request)
        session = await self.session_of(request)
        actor = await self._actor_of(session)
        if session is None or actor is None:
            raise SignInNeeded(await self._page_to_return_to(request, session))
        request.state.actor = actor
        request.state.person = session.name
        request.state.kept = await self._kept(request, session)
        return actor

    async def session_of(self, request: Request) -> Session | None:
        """The session of this browser's cookie, also one that has ended."""
        secret = request.cookies.get(self.cookie)
        return await self.sessions.find(secret) if secret else None

    async def _actor_of(self, session: Session | None) -> Actor | None:
        now = self._clock.now()
        if session is None or session.tokens is None or not session.lives_at(now) or session.tokens.access_until <= now:
            return None
        try:
            return await self._verifier.verify(session.tokens.access)
        except InvalidToken:
            return None

    async def _page_to_return_to(self, request: Request, session: Session | None) -> str:
        page = page_of(request)
        if request.method in SAFE_METHODS or session is None:
            return page
        key = await self.kept_forms.keep(session, request.url.path, await request.form())
        return with_kept(page, key) if key else page

    async def _kept(self, request: Request, session: Session) -> Kept | None:
        key = request.query_params.get(QUERY)
        if key is None or request.method not in SAFE_METHODS:
            return None
        return await self.kept_forms.of(session, key)
