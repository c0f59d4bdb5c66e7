"""The routes of sign-in and sign-out, and the way from them to a role's first page, in every service alike."""

from collections.abc import Mapping
from typing import Annotated

import structlog
from fastapi import APIRouter, Depends, FastAPI, Form, Request, Response
from fastapi.responses import RedirectResponse

from chassis.http.problems import RETRY_AFTER_SECONDS, Problem
from chassis.identity import Actor, InvalidToken, IssuerUnavailable
from chassis.pages import Pages, language_of
from chassis.pages import lazy as _
from chassis.signin.access import signed_in
from chassis.signin.cookies import Cookies
from chassis.signin.door import NotLetIn, SignIn, SignInAway, SignInNeeded, sign_in_address
from chassis.signin.kept import QUERY
from chassis.signin.origin import is_public, local_path, same_origin
from chassis.signin.provider import GrantRefused, Person, Provider
from chassis.signin.sessions import Tokens, random_secret
from chassis.signin.started import StartedSignIn

log = structlog.get_logger(__name__)

LAPSED = _("This sign-in took longer than ten minutes, was used already, or began in another browser.")
DENIED = _("The sign-in server did not let you in.")
UNVERIFIED = _("What the sign-in server answered could not be verified, so nobody was signed in.")


class SignInDenied(Exception):
    """The issuer sent the person back without a code."""


REASONS: Mapping[type[Exception], str] = {GrantRefused: LAPSED, InvalidToken: UNVERIFIED, SignInDenied: DENIED}


class SignInRoutes:
    """One service's routes of sign-in and sign-out, shown in its frame."""

    def __init__(self, sign_in: SignIn, pages: Pages) -> None:
        self._sign_in = sign_in
        self._pages = pages
        self._cookies = Cookies(sign_in.service, secure=(sign_in.public_url or "").startswith("https:"))
        self.router = APIRouter(include_in_schema=False)
        at = self.router.add_api_route
        at("/", self.first_page, methods=["GET"], response_model=None)
        at("/sign-in", self.begin, methods=["GET"], response_model=None)
        at("/sign-in/callback", self.come_back, methods=["GET"], response_model=None)
        own = [Depends(same_origin)]
        at("/sign-out", self.sign_out, methods=["POST"], dependencies=own, response_model=None)
        at("/sign-out", self.signed_out, methods=["GET"], response_model=None)
        at("/sign-out/everywhere", self.sign_out_everywhere, methods=["POST"], dependencies=own, response_model=None)
        at("/sign-out/back-channel", self.ordered_to_sign_out, methods=["POST"], response_model=None)

    async def first_page(self, actor: Annotated[Actor, Depends(signed_in)]) -> Response:
        """Where the work of the actor's role begins."""
        return self._pages.home(actor)

    async def begin(
        self,
        request: Request,
        next: str = "/",  # noqa: A002 - the parameter's public name
        here: bool = False,
    ) -> Response:
        """To the issuer; then back to `next`, a path of this service."""
        page = local_path(next)
        if not here and not is_public(request):
            # The issuer leads back to the public address only, and cookies given at another do not count there.
            return RedirectResponse(f"{self._sign_in.public_url}{sign_in_address(page)}&here=true", 303)
        browser = self._cookies.browser(request) or random_secret()
        try:
            provider = self._provider()
            await provider.look()  # nobody is led to where nothing answers
            started, state = await self._sign_in.started.start(browser, page)
            address = await provider.authorization_address(
                started,
                state,
                language=language_of(request).value,
                password_again=self._cookies.has_signed_out(request),
            )
        except IssuerUnavailable:
            return self.away(request, page)
        response = RedirectResponse(address, 303)
        self._cookies.give_browser(response, browser)
        return response

    async def come_back(
        self,
        request: Request,
        state: str = "",
        code: str = "",
        error: str = "",
        iss: str | None = None,
    ) -> Response:
        """From the issuer, with a code or with what was wrong."""
        started = await self._sign_in.started.finish(state, self._cookies.browser(request))
        if started is None:
            return self._refused(request, "/", LAPSED)
        try:
            tokens, person = await self._prove(started, "" if error else code, iss)
        except tuple(REASONS) as refused:
            log.warning("a sign-in was refused", reason=type(refused).__name__, fault=str(refused))
            reason = next(text for kind, text in REASONS.items() if isinstance(refused, kind))
            return self._refused(request, started.page, reason)
        except IssuerUnavailable:
            return self.away(request, started.page)
        secret = await self._sign_in.sessions.begin(
            subject=person.subject,
            name=person.name,
            sid=person.sid,
            tokens=tokens,
            at=self._cookies.session(request),
        )
        response = RedirectResponse(started.page, 303)
        self._cookies.give_session(response, secret)
        return response

    async def _prove(self, started: StartedSignIn, code: str, iss: str | None) -> tuple[Tokens, Person]:
        """Who came back, and their tokens. Raises one of REASONS, IssuerUnavailable."""
        provider = self._provider()
        if not await provider.is_answer_of_issuer(iss):
            raise InvalidToken("iss")
        if not code:
            raise SignInDenied
        tokens, person = await provider.exchange(code, started, self._sign_in.clock.now())
        actor = await self._sign_in.verifier.verify(tokens.access)
        if actor.id != person.subject:
            raise InvalidToken("sub")
        return tokens, person

    async def sign_out(self, request: Request) -> Response:
        """Out of this service; the next sign-in here asks for the password."""
        await self._end(request)
        return self._out("/sign-out?only=here")

    async def signed_out(self, request: Request, only: str = "") -> Response:
        return self._pages.show(request, "signed_out.html", only_here=only == "here", issuer_away=False)

    async def sign_out_everywhere(self, request: Request) -> Response:
        """Out of this service, and at the issuer out of all."""
        hint = await self._end(request)
        try:
            address = await self._provider().sign_out_address(hint)
        except IssuerUnavailable:
            response: Response = self._pages.show(request, "signed_out.html", 503, only_here=True, issuer_away=True)
            self._cookies.take_session(response)
            return response
        return self._out(address or "/sign-out?only=here")

    async def ordered_to_sign_out(self, logout_token: Annotated[str, Form()]) -> Response:
        """The issuer says that somebody signed out elsewhere (OpenID Connect Back-Channel Logout)."""
        try:
            order = await self._provider().logout_order(logout_token)
        except InvalidToken as invalid:
            raise Problem(400, "invalid-logout-token", "The logout token is not one for this service.") from invalid
        if order.sid is not None:
            await self._sign_in.sessions.end_sid(order.sid)
        elif order.subject is not None:
            await self._sign_in.sessions.end_subject(order.subject)
        return Response(status_code=200)

    def away(self, request: Request, page: str) -> Response:
        """Nobody can sign in at the moment; `page` is where to try again."""
        response = self._pages.show(
            request, "sign_in_away.html", 503, again=sign_in_address(page), kept=f"{QUERY}=" in page
        )
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return response

    def _provider(self) -> Provider:
        if self._sign_in.provider is None:
            raise Problem(
                503,
                "sign-in-not-set-up",
                "This service has no client at the sign-in server yet. Ask the operator to set OIDC_CLIENT_ID.",
            )
        return self._sign_in.provider

    def _refused(self, request: Request, page: str, reason: str) -> Response:
        return self._pages.show(request, "sign_in_refused.html", 400, reason=reason, again=sign_in_address(page))

    def _out(self, address: str) -> Response:
        response = RedirectResponse(address, 303)
        self._cookies.take_session(response)
        return response

    async def _end(self, request: Request) -> str:
        """End the session of this browser; its ID token, by which the issuer knows who goes."""
        session = await self._sign_in.session_of(request)
        if session is None or session.tokens is None:
            return ""
        await self._sign_in.sessions.end(session)
        return session.tokens.id


def add_sign_in(app: FastAPI, sign_in: SignIn, pages: Pages) -> None:
    """Add the routes, and lead whoever is not let in at a page."""
    routes = SignInRoutes(sign_in, pages)
    app.include_router(routes.router)

    def led(request: Request, error: Exception) -> Response:
        assert isinstance(error, NotLetIn)  # noqa: S101 - it is registered for no other
        address = sign_in_address(error.page)
        if "hx-request" in request.headers:
            # A script would follow a redirect by itself, and get the issuer's page instead of showing it.
            return Response(status_code=204, headers={"HX-Redirect": address})
        return RedirectResponse(address, 303)

    def away(request: Request, error: Exception) -> Response:
        assert isinstance(error, NotLetIn)  # noqa: S101 - it is registered for no other
        return routes.away(request, error.page)

    app.add_exception_handler(SignInNeeded, led)
    app.add_exception_handler(SignInAway, away)
