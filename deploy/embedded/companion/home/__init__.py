"""The home page: what runs, whom to be there, where to go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path

from fastapi import APIRouter, Request, status
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.responses import Response

from chassis.area import district_of
from chassis.identity import Role
from chassis.pages import ROLE_NAMES, NavItem, Pages
from chassis.pages import lazy as _
from chassis.regions import KemendagriRegions
from deploy.embedded.demo_users import DemoPerson, DemoUsers
from deploy.embedded.endpoints import Endpoints, read_endpoints
from deploy.embedded.places import Places

NAVIGATION = (NavItem(_("Home"), "/"), NavItem(_("Inbox"), "/inbox"), NavItem(_("Operation"), "/operation"))
PAGES = Pages("companion", Path(__file__).parent, NAVIGATION)

WORK: Mapping[Role, tuple[str, str]] = {
    Role.FACILITATOR: ("intake", _("Village window")),
    Role.FRONT_OFFICE: ("intake", _("Village window")),
    Role.COORDINATOR: ("intake", _("Village window")),
    Role.BACK_OFFICE: ("referral", _("District office")),
    Role.SUPERVISOR: ("referral", _("District office")),
    Role.VERIFIER: ("referral", _("District office")),
    Role.MANAGER: ("referral", _("District office")),
    Role.AGENCY: ("referral", _("Agency's referrals")),
    Role.PROVINCE_REVIEWER: ("reporting", _("Figures")),
    Role.ANALYST: ("reporting", _("Figures")),
    Role.AUDITOR: ("reporting", _("Figures")),
    Role.OPERATOR: ("notification", _("Message log")),
}
"""Where a role does its work: the service, and what it is called."""


@dataclass(frozen=True)
class Somebody:
    """One person of the demonstration. `page` None: there is no page for them yet."""

    name: str
    roles: tuple[str, ...]
    place: str
    agency: str | None
    work: str
    page: str | None


@dataclass(frozen=True)
class Group:
    """People of one district; `name` empty: of the province and the centre."""

    name: str
    people: tuple[Somebody, ...]


@cache
def _regions() -> KemendagriRegions:
    return KemendagriRegions.loaded()


def groups(users: DemoUsers, apis: Mapping[str, str]) -> Sequence[Group]:
    """Everybody one can be, by district, in the order of their list."""

    def district(person: DemoPerson) -> str:
        code = district_of(person.area)
        return code if "." in code else ""

    return [
        Group((_regions().name(code) or code) if code else "", tuple(_somebody(person, apis) for person in people))
        for code, people in groupby(users.people, district)
    ]


def _somebody(person: DemoPerson, apis: Mapping[str, str]) -> Somebody:
    roles = tuple(Role(role) for role in person.roles)
    service, work = next((WORK[role] for role in roles if role in WORK), ("", ""))
    return Somebody(
        name=person.name,
        roles=tuple(ROLE_NAMES[role] for role in roles),
        place=(_regions().name(person.area) or person.area) if person.area else "",
        agency=person.agency,
        work=work,
        page=f"{apis[service]}/" if service in apis else None,
    )


def home_routes(places: Places, users: DemoUsers) -> APIRouter:
    routes = APIRouter(tags=["home"])

    @routes.get("/", response_class=HTMLResponse)
    def home(request: Request) -> HTMLResponse:
        endpoints = read_endpoints(places.endpoints)
        running: Endpoints | None = endpoints if endpoints is not None and endpoints.ready else None
        return PAGES.show(
            request,
            "home.html",
            running=running,
            users=users,
            token_url=endpoints.token_url if endpoints is not None else "",
            groups=groups(users, running.apis if running is not None else {}),
        )

    @routes.get("/favicon.ico", include_in_schema=False)
    def no_icon() -> Response:
        return Response(status_code=status.HTTP_204_NO_CONTENT)

    @routes.get("/health/ready")
    def ready() -> JSONResponse:
        return JSONResponse({"status": "ready"})

    return routes
