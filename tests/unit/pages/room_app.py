"""An application with one page of every component, and no service behind it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
from fastapi import FastAPI, Request
from starlette.responses import Response

from chassis.area import Scope
from chassis.http.answering import answer_with_problems
from chassis.http.compression import Compression
from chassis.http.guards import SecurityHeaders
from chassis.http.problems import Problem, not_ready
from chassis.identity import Actor, Role
from chassis.pages import Form, NavItem, Pages, add_static, lazy

NOW = datetime(2026, 8, 3, 7, 5, tzinfo=UTC)
PAGES = Pages(
    "room",
    Path(__file__).parent / "room",
    (NavItem("Front office", "/", (Role.FRONT_OFFICE,)), NavItem("Manager", "/office", (Role.MANAGER,))),
)
VALUES: dict[str, Any] = {
    "now": NOW,
    "due": NOW + timedelta(days=2),
    "entries": [
        SimpleNamespace(when=NOW, title="Recorded in Lansot", text="", by="front office", kind="ok"),
        SimpleNamespace(when=NOW + timedelta(hours=2), title="The agency did not answer in time", kind="stuck"),
        SimpleNamespace(when=NOW + timedelta(days=1), title="Passed up to the district", text="By its clock."),
    ],
}


def room_app(*roles: Role, area: str = "", kept: Mapping[str, Sequence[str]] | None = None) -> FastAPI:
    """The specimen page for somebody with these roles; for nobody without."""
    app = FastAPI()
    app.state.pages = PAGES
    add_static(app)
    answer_with_problems(app, {})
    app.add_middleware(SecurityHeaders)
    app.add_middleware(Compression)

    def enter(request: Request) -> None:
        request.state.actor = Actor("someone", frozenset(roles), Scope(area)) if roles else None
        request.state.kept = kept

    @app.get("/")
    async def specimen(request: Request) -> Response:
        enter(request)
        return PAGES.show(request, "specimen.html", **VALUES)

    @app.post("/")
    async def posted(request: Request) -> Response:
        enter(request)
        form = await Form.read(request)
        if form.text("name") == "away":
            raise not_ready()
        if not form.text("name"):
            form.refuse("name", lazy("Fill this in."))
            return PAGES.show(request, "specimen.html", 422, form=form, **VALUES)
        return PAGES.see("/", notice=lazy("This is too long."))

    @app.get("/nowhere")
    async def nowhere() -> None:
        raise Problem(403, "role-needed", "The API says it so.", roles=(Role.MANAGER,))

    return app


def browser(app: FastAPI, **headers: str) -> httpx.AsyncClient:
    """A client that asks as browsers do."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    accept = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    return httpx.AsyncClient(transport=transport, base_url="http://room.test", headers=accept | headers)
