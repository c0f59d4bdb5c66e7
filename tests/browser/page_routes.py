"""Which pages there are, by the routes of the applications, and which of them were looked at."""

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

from fastapi import FastAPI
from fastapi.routing import RouteContext, iter_route_contexts
from starlette.routing import compile_path

EVERY_SERVICE = "every service"
"""Whose a page is that the chassis gives to each of them in the same words: it is looked at once."""

NO_PAGES = {
    "* /v1/*": "the API",
    "* /health/*": "for supervisors",
    "* /metrics": "for a monitor",
    "* /operation.json": "for programs",
    "* /static/*": "what pages load",
    "* /*.csv": "a download",
    "* /*.pdf": "a download",
    "every service /": "leads to the first page of a role",
    "every service /sign-in": "leads to the issuer",
    "notification /reports/*": "for providers of messages",
    "companion /clock": "for programs",
    "companion /mail": "for programs",
    "companion /phones": "for programs",
    "companion /favicon.ico": "empty",
}
"""Routes that answer a GET with something else than a page."""


@dataclass(frozen=True, order=True)
class PageRoute:
    """`of` is the service, `path` as its route has it."""

    of: str
    path: str

    def __str__(self) -> str:
        return f"{self.of} {self.path}"


APPS: dict[str, tuple[str, FastAPI]] = {}
"""What is served at which address in this process, with its name."""
SEEN: set[PageRoute] = set()


def page_routes(name: str, app: FastAPI) -> set[PageRoute]:
    """The pages of an application."""
    found = {route for _, route in _read(name, app)}
    return {route for route in found if not any(fnmatchcase(str(route), pattern) for pattern in NO_PAGES)}


def note_as_seen(address: str) -> None:
    """The page at this address was looked at; what is no route of an application that is served counts for nothing."""
    parts = urlsplit(address)
    name, app = APPS.get(f"{parts.scheme}://{parts.netloc}", ("", None))
    if app is None:
        return
    for context, route in _read(name, app):
        if compile_path(str(context.path))[0].match(parts.path):
            SEEN.add(route)
            return  # a later route of this form answers other addresses


def _read(name: str, app: FastAPI) -> Iterator[tuple[RouteContext, PageRoute]]:
    for context in iter_route_contexts(app.routes):
        maker = getattr(context.endpoint, "__module__", "")
        if "GET" in (context.methods or ()) and not maker.startswith("fastapi"):
            yield context, PageRoute(EVERY_SERVICE if maker.startswith("chassis.") else name, str(context.path))
