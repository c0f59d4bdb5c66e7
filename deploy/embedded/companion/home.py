"""The home page: what runs, where it is, whom to be there."""

from collections.abc import Iterable
from html import escape
from pathlib import Path
from string import Template

from fastapi import APIRouter, Response, status
from fastapi.responses import HTMLResponse, JSONResponse

from deploy.embedded.demo_users import DemoPerson, DemoUsers
from deploy.embedded.endpoints import Endpoints, read_endpoints
from deploy.embedded.places import Places
from deploy.embedded.screen import Destination, destinations

TEMPLATE = Template(Path(__file__).with_name("home.html").read_text(encoding="utf-8"))
SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def home_page(endpoints: Endpoints | None, users: DemoUsers) -> str:
    running = endpoints is not None and endpoints.ready
    return TEMPLATE.substitute(
        state="Everything is running." if running else "Starting: reload this page in a few seconds.",
        places=_rows(_place(place) for place in (destinations(endpoints) if endpoints and running else ())),
        password=escape(users.password),
        token_url=escape(endpoints.token_url if endpoints else ""),
        client_id=escape(users.client_id),
        people=_rows(_person(person) for person in users.people),
    )


def _person(person: DemoPerson) -> tuple[str, ...]:
    texts = (", ".join(person.roles), person.area or "country", person.agency or "")
    return f"<code>{escape(person.name)}</code>", *(escape(text) for text in texts)


def _place(place: Destination) -> tuple[str, str, str]:
    address = escape(place.address)
    shown = f'<a href="{address}">{address}</a>' if place.is_page else f"<code>{address}</code>"
    return escape(place.what), shown, escape(place.whom)


def _rows(rows: Iterable[tuple[str, ...]]) -> str:
    return "\n".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)


def home_routes(places: Places, users: DemoUsers) -> APIRouter:
    routes = APIRouter(tags=["home"])

    @routes.get("/", response_class=HTMLResponse)
    def home() -> HTMLResponse:
        return HTMLResponse(home_page(read_endpoints(places.endpoints), users), headers=SECURITY_HEADERS)

    @routes.get("/favicon.ico", include_in_schema=False)
    def no_icon() -> Response:
        return Response(status_code=status.HTTP_204_NO_CONTENT)

    @routes.get("/health/ready")
    def ready() -> JSONResponse:
        return JSONResponse({"status": "ready"})

    return routes
