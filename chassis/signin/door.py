"""The door of a service's pages: lets in who has a session, and sends others to sign in without losing their input."""

from urllib.parse import quote

from fastapi import Request

from chassis.clock import SystemClock
from chassis.http.guards import SAFE_METHODS
from chassis.identity import Actor, InvalidToken, IssuerUnavailable, TokenVerifier
from chassis.settings import ServiceSettings
from chassis.signin.kept import QUERY, KeptForms
from chassis.signin.origin import page_of, same_origin, with_kept
from chassis.signin.provider import Provider
from chassis.signin.renewal import Renewal
from chassis.signin.sessions import Session, Sessions
from chassis.signin.started import StartedSignIns
from chassis.store import Store


def sign_in_address(page: str) -> str:
    """Where one signs in to be led to `page`."""
    return f"/sign-in?next={quote(page, safe='')}"


class NotLetIn(Exception):
    """`page` is where whoever asked wanted to be, with what they had typed."""

    def __init__(self, page: str) -> None:
        super().__init__(type(self).__name__)
        self.page = page


class SignInNeeded(NotLetIn):
    """Nobody is signed in at this browser, or not any more."""


class SignInAway(NotLetIn):
    """Somebody may be signed in at this browser, but without the issuer nobody can tell."""


class SignIn:
    """Sign-in at one service; `app.state.sign_in`. Without a client at the issuer nobody new can sign in."""

    def __init__(self, service: str, settings: ServiceSettings, store: Store, verifier: TokenVerifier) -> None:
        # The issuer's tokens go by the machine's clock, whatever the day of the demonstration.
        self.clock = SystemClock()
        self.service = service
        self.public_url = settings.public_url
        self.sessions = Sessions(store, self.clock)
        self.kept_forms = KeptForms(store, self.clock)
        self.started = StartedSignIns(store, self.clock)
        self.verifier = verifier
        self.provider: Provider | None = None
        self._renewal: Renewal | None = None
        if settings.oidc_client_id and settings.oidc_client_secret and settings.public_url:
            self.provider = Provider(
                settings.oidc_issuer,
                settings.oidc_client_id,
                settings.oidc_client_secret,
                settings.public_url,
                verifier,
            )
            self._renewal = Renewal(store, self.sessions, self.provider, self.clock)

    @property
    def cookie(self) -> str:
        return f"{self.service}_session"

    async def admit(self, request: Request) -> Actor:
        """The actor at this browser; notes for the page who it is, and what they had typed (`request.state`).

        Raises SignInNeeded, SignInAway, Problem 403 for what another site's page sends.
        """
        same_origin(request)
        session = await self.session_of(request)
        try:
            session_now, actor = await self._present(session)
        except IssuerUnavailable:
            raise SignInAway(await self._page_to_return_to(request, session)) from None
        if session_now is None or actor is None:
            raise SignInNeeded(await self._page_to_return_to(request, session))
        request.state.actor = actor
        request.state.person = session_now.name
        key = request.query_params.get(QUERY) if request.method in SAFE_METHODS else None
        request.state.kept = await self.kept_forms.of(session_now, key) if key else None
        return actor

    async def session_of(self, request: Request) -> Session | None:
        """The session of this browser's cookie, also one that has ended."""
        secret = request.cookies.get(self.cookie)
        return await self.sessions.find(secret) if secret else None

    async def _present(self, session: Session | None) -> tuple[Session | None, Actor | None]:
        """The session with a token that is good now, and whose it is. Raises IssuerUnavailable."""
        now = self.clock.now()
        if session is None or not session.lives_at(now):
            return None, None
        if session.tokens is None or session.tokens.access_until <= now:
            session = await self._renewal.renewed(session) if self._renewal is not None else None
        if session is None or session.tokens is None:
            return None, None
        try:
            return session, await self.verifier.verify(session.tokens.access)
        except InvalidToken:
            return None, None

    async def _page_to_return_to(self, request: Request, session: Session | None) -> str:
        page = page_of(request)
        if request.method in SAFE_METHODS or session is None:
            return page
        key = await self.kept_forms.keep(session, await request.form())
        return with_kept(page, key) if key else page
