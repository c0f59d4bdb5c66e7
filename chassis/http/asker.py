"""Who asks: somebody reading pages or a program, and from which site."""

from urllib.parse import urlsplit

from fastapi import Request
from starlette.requests import HTTPConnection

SAME_ORIGIN = "same-origin"
UNKNOWN = "unknown"


def wants_page(request: HTTPConnection) -> bool:
    """Whether it came from somebody reading pages: browsers ask for text/html by name, programs do not."""
    return "text/html" in request.headers.get("accept", "") or "hx-request" in request.headers


def site_of(request: Request) -> str:
    """Where the page stood that sent it, in the words of Sec-Fetch-Site, which no page can forge.

    By Origin for browsers that do not send it over plain HTTP: "same-origin" or "unknown".
    """
    told = request.headers.get("sec-fetch-site")
    return told or (SAME_ORIGIN if is_ours(request, request.headers.get("origin", "")) else UNKNOWN)


def is_ours(request: Request, address: str) -> bool:
    """Whether an address is on this site: its host as the browser named it, or the configured public one."""
    netloc = urlsplit(address).netloc
    return bool(netloc) and netloc in {request.headers.get("host"), urlsplit(public_url(request) or "").netloc}


def public_url(request: HTTPConnection) -> str | None:
    """Where browsers find this site by configuration; none where nothing was configured."""
    configured: str | None = getattr(request.app.state, "public_url", None)
    return configured
