"""/figures/surges: where many like cases come within the hour."""

from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from chassis.pages import Pages
from chassis.service import Platform
from services.reporting.api.readers import AreaAsked, scopes_of
from services.reporting.domain.days import local_day
from services.reporting.domain.surges import Surge, SurgeRules
from services.reporting.pages.areas import Areas, zone_name
from services.reporting.pages.figures import PageReader
from services.reporting.pages.words import KINDS, SECTORS
from services.reporting.queries import reads_above_district
from services.reporting.settings import ReportingSettings
from services.reporting.surges.finding import LOOKED_BACK, LOOKED_BACK_ABOVE, surges


@dataclass(frozen=True)
class ShownSurge:
    surge: Surge
    area: str
    zone: str
    cases: str
    """The address of the cases it is made of; empty for readers above the district."""


def surges_pages(platform: Platform[ReportingSettings], pages: Pages, areas: Areas, rules: SurgeRules) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/figures/surges")
    async def show(request: Request, actor: PageReader, area: AreaAsked = None) -> Response:
        scope, where = scopes_of(actor, area or None)
        above, now = reads_above_district(scope), platform.clock.now()
        found = await surges(platform.store, scope, where, rules, now)
        return pages.show(
            request,
            "surges.html",
            surges=[
                ShownSurge(
                    surge, areas.full_name(surge.like.area), zone_name(surge.like.area), "" if above else _cases(surge)
                )
                for surge in found
            ],
            area_name=areas.name(where),
            zone=zone_name(where),
            way_down=areas.way_to(where, scope),
            now=now,
            rules=rules,
            days=(LOOKED_BACK_ABOVE if above else LOOKED_BACK).days,
            above=above,
            kinds=KINDS,
            sectors=SECTORS,
        )

    return router


def _cases(surge: Surge) -> str:
    day = local_day(surge.since, surge.like.area).isoformat()
    last = local_day(surge.until, surge.like.area).isoformat() if surge.until else ""
    query = {
        "area": surge.like.area,
        "kind": surge.like.kind,
        "sector": surge.like.sector,
        "from": day,
        "to": last,
    }
    return "/cases?" + urlencode({name: value for name, value in query.items() if value})
