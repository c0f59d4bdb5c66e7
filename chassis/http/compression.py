"""Pages and what they load travel compressed; what programs exchange, and streams, are left as they are."""

from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from chassis.http.asker import wants_page

SMALLEST_BYTES = 800


class Compression:
    """gzip for whoever asks for text/html by name, for parts of pages and for /static/."""

    def __init__(self, app: ASGIApp) -> None:
        self._plain = app
        self._compressed = GZipMiddleware(app, minimum_size=SMALLEST_BYTES, compresslevel=6)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        chosen = self._compressed if scope["type"] == "http" and _is_page(scope) else self._plain
        await chosen(scope, receive, send)


def _is_page(scope: Scope) -> bool:
    return wants_page(HTTPConnection(scope)) or scope["path"].startswith("/static/")
