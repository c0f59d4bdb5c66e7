"""Middlewares of every service, as plain ASGI, so that streaming stays streaming."""

from collections.abc import Callable

from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.http.answering import answer, refuse_unread
from chassis.http.problems import RETRY_AFTER_SECONDS, Problem, not_ready
from chassis.store.limits import REQUEST_SECONDS, within

SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
}
SIGN_OUT = "/sign-out"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
DOCUMENTATION = ("/docs", "/redoc")
DOCUMENTATION_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; worker-src blob:; frame-ancestors 'none'"
)
"""The interactive documentation starts itself by an inline script; everything it loads is its own."""


class SecurityHeaders:
    """Adds the headers to every answer that does not set them itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        documentation = scope["path"].startswith(DOCUMENTATION)

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    if name not in headers:
                        headers[name] = value
                if documentation:
                    headers["Content-Security-Policy"] = DOCUMENTATION_POLICY
            await send(message)

        await self._app(scope, receive, send_guarded)


class BodyTooLarge(Exception):
    """Raised into whoever reads on after the limit; the answer is already decided."""


class BodyLimit:
    """Refuses a body over the limit with 413, whether its length was announced or not."""

    def __init__(self, app: ASGIApp, limit_bytes: int) -> None:
        self._app = app
        self._limit = limit_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        if not announced.isdigit() or int(announced) > self._limit:
            await self._refuse(scope, receive, send)
            return
        received, refused = 0, False

        async def receive_limited() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._limit:
                raise BodyTooLarge
            return message

        async def send_unless_too_large(message: Message) -> None:
            # The framework takes the exception for a broken body and would answer 400.
            nonlocal refused
            if received <= self._limit:
                await send(message)
            elif not refused:
                refused = True
                await self._refuse(scope, receive, send)

        await self._app(scope, receive_limited, send_unless_too_large)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        problem = Problem(
            413,
            "body-too-large",
            f"The request is larger than {self._limit} bytes; nothing was saved. Send less at once.",
        )
        await answer(Request(scope), problem)(scope, receive, send)


class OutboxGuard:
    """Refuses deeds while too much waits to be told: Kafka may be away for long, the disk is not without end."""

    def __init__(self, app: ASGIApp, is_full: Callable[[], bool]) -> None:
        self._app = app
        self._is_full = is_full

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_deed = scope["type"] == "http" and scope["method"] not in SAFE_METHODS
        if is_deed and not scope["path"].startswith(SIGN_OUT) and self._is_full():
            full = Problem(
                503,
                "outbox-full",
                "Too much is waiting to be sent on; nothing was saved. Keep your input and try again later.",
                headers={"Retry-After": str(RETRY_AFTER_SECONDS)},
            )
            await refuse_unread(Request(scope, receive), full, send)
        else:
            await self._app(scope, receive, send)


ALWAYS_OPEN = frozenset({"/metrics", "/operation", "/operation.json"})
ALWAYS_OPEN_BELOW = ("/health/", "/static/")


class UntilOpen:
    """While the database is being prepared, or waited for: refuses all but operators, and how the refusal looks."""

    def __init__(self, app: ASGIApp, is_open: Callable[[], bool]) -> None:
        self._app = app
        self._is_open = is_open

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not _needs_no_database(scope["path"]) and not self._is_open():
            await refuse_unread(Request(scope, receive), not_ready(), send)
        else:
            await self._app(scope, receive, send)


def _needs_no_database(path: str) -> bool:
    return path in ALWAYS_OPEN or path.startswith(ALWAYS_OPEN_BELOW)


class Patience:
    """Lets no request wait for the database longer than a person waits for a page."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with within(REQUEST_SECONDS):
            await self._app(scope, receive, send)
