"""Where a request comes from, and where an answer may lead: this site's own pages only."""

from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from fastapi import Request

from chassis.http.asker import SAME_ORIGIN, is_ours, public_url, site_of
from chassis.http.guards import SAFE_METHODS
from chassis.http.problems import Problem
from chassis.signin.kept import QUERY

LONGEST_PATH = 2000
FRONT = "/"


def same_origin(request: Request) -> None:
    """A dependency of page routes: an unsafe request must come from a page of this site. Raises Problem 403."""
    if request.method in SAFE_METHODS:
        return
    if site_of(request) not in {SAME_ORIGIN, "none"}:  # none: the person asked for it, such as by reloading
        raise Problem(
            403,
            "cross-site",
            "This was sent by another site's page; nothing was saved. Open the page here and send it from there.",
        )


def is_public(request: Request) -> bool:
    """Whether the browser came by the configured public address; true where there is none."""
    public = public_url(request)
    return public is None or urlsplit(public).netloc == request.headers.get("host")


def local_path(address: str | None) -> str:
    """The address when it is a path of this site, else the front page: nobody is led away from here."""
    if not address or len(address) > LONGEST_PATH or not address.isprintable() or " " in address or "\\" in address:
        return FRONT
    if not address.startswith("/") or address.startswith(("//", "/sign-")):
        return FRONT
    return address


def page_of(request: Request) -> str:
    """The page that a request belongs to: its own path, or that of the page whose form it is."""
    own = quote(request.url.path)
    if request.method in SAFE_METHODS:
        return local_path(own + (f"?{request.url.query}" if request.url.query else ""))
    shown = request.headers.get("hx-current-url") or request.headers.get("referer") or ""
    if not is_ours(request, shown):
        return local_path(own)
    parts = urlsplit(shown)
    return local_path(parts.path + (f"?{parts.query}" if parts.query else ""))


def with_kept(page: str, key: str) -> str:
    """The page's address with what was kept under this key."""
    parts = urlsplit(page)
    query = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != QUERY]
    return f"{parts.path}?{urlencode([*query, (QUERY, key)])}"
