"""/district/overdue: what breaches its deadline today and this week, by village and by agency."""

from fastapi import APIRouter, Request, Response

from chassis.http.access import scope_of
from services.referral.breaches import Horizon, breaches
from services.referral.pages import PAGES
from services.referral.pages.office import Office, Reading
from services.referral.pages.words import word


def overdue_routes(office: Office) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/district/overdue")
    async def show(request: Request, actor: Reading, cursor: str | None = None) -> Response:
        scope, now = scope_of(actor), office.clock.now()
        horizon = Horizon.at(now, office.reference.zone_of(scope.area).offset)
        found = await breaches(office.store, scope, actor, horizon, cursor=cursor)
        return PAGES.show(
            request,
            "district_overdue.html",
            found=found,
            rows=[(stored, office.standing(stored)) for stored in found.cases.items],
            office=office,
            names=office.names,
            now=now,
            word=word,
            cursor=cursor,
        )

    return router
