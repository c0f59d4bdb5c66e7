"""The cookies of sign-in: random bits only, out of reach of scripts, named after the service.

Services on one host, at other ports, get each other's cookies.
"""

from fastapi import Request
from starlette.responses import Response

from chassis.signin.sessions import REMEMBERED
from chassis.signin.started import LIVES

LONGEST_SECRET = 64
SIGNED_OUT_SECONDS = 30 * 24 * 3600


class Cookies:
    """One service's cookies. `secure`: only over HTTPS."""

    def __init__(self, service: str, *, secure: bool) -> None:
        self._session = f"{service}_session"
        self._browser = f"{service}_sign_in"
        self._signed_out = f"{service}_signed_out"
        self._secure = secure

    def session(self, request: Request) -> str | None:
        return self._secret(request, self._session)

    def give_session(self, response: Response, secret: str) -> None:
        """It outlives the session, so that what is posted after its end can be kept for whoever's it was."""
        self._set(response, self._session, secret, REMEMBERED.total_seconds())
        response.delete_cookie(self._signed_out)

    def take_session(self, response: Response) -> None:
        response.delete_cookie(self._session)
        self._set(response, self._signed_out, "yes", SIGNED_OUT_SECONDS)

    def has_signed_out(self, request: Request) -> bool:
        """Whether somebody signed out here last: whoever comes next proves who they are anew."""
        return self._signed_out in request.cookies

    def browser(self, request: Request) -> str | None:
        """What binds sign-ins on their way to this browser; one for all its tabs."""
        return self._secret(request, self._browser)

    def give_browser(self, response: Response, secret: str) -> None:
        self._set(response, self._browser, secret, LIVES.total_seconds())

    @staticmethod
    def _secret(request: Request, name: str) -> str | None:
        value = request.cookies.get(name)
        return value if value and len(value) <= LONGEST_SECRET else None

    def _set(self, response: Response, name: str, value: str, seconds: float) -> None:
        response.set_cookie(
            name, value, max_age=int(seconds), httponly=True, samesite="lax", secure=self._secure, path="/"
        )
