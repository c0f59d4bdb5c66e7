"""/figures: the country by province, district and village, and every table of it as CSV."""

from collections.abc import Callable
from datetime import UTC, date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from chassis.area import tier_of
from chassis.http.problems import Problem
from chassis.identity import Actor, Role
from chassis.pages import Pages, language_of
from chassis.pages.formats import Formats
from chassis.service import Platform
from chassis.signin import signed_in_as
from services.reporting.api.readers import scopes_of
from services.reporting.domain.days import zone_of
from services.reporting.domain.periods import MONTHS_BY_DEFAULT, months_up_to, quarters_up_to, years_up_to
from services.reporting.pages.areas import Areas
from services.reporting.pages.asked import Asked, Choices, asked
from services.reporting.pages.country import BREAKDOWNS, Country, breakdowns_of
from services.reporting.pages.spreadsheet import csv_text, download
from services.reporting.pages.tables import Table
from services.reporting.pages.words import KINDS, PROGRAMMES, SECTORS, programme_name
from services.reporting.queries import By, reads_above_district
from services.reporting.settings import ReportingSettings

READERS = (Role.ANALYST, Role.PROVINCE_REVIEWER, Role.AUDITOR, Role.MANAGER, Role.VERIFIER)
"""Above the district small cells are left out for them; the district's office reads all of its own."""

PageReader = Annotated[Actor, Depends(signed_in_as(*READERS))]
MONTHS_OFFERED, QUARTERS_OFFERED, YEARS_OFFERED = 24, 8, 5


def figures_pages(platform: Platform[ReportingSettings], pages: Pages, areas: Areas) -> APIRouter:
    router = APIRouter(include_in_schema=False)
    country = Country(platform.store, areas)

    def today(area: str) -> date:
        return platform.clock.now().astimezone(zone_of(area) if area else UTC).date()

    def texts(request: Request) -> tuple[Callable[[str], str], Callable[[str], str]]:
        formats = Formats(language_of(request))

        def say(text: str) -> str:
            return pages.text(request, text)

        return say, lambda code: formats.month(_first_day(code))

    @router.get("/figures")
    async def figures(request: Request, actor: PageReader, chosen: Annotated[Choices, Query()]) -> Response:
        scope, where = scopes_of(actor, chosen.area or None)
        day = today(where)
        wanted = asked(scope, where, day, chosen)
        say, month = texts(request)
        headlines, tables = await country.shown(scope, wanted, say, month)
        return pages.show(
            request,
            "figures.html",
            422 if wanted.faults else 200,
            asked=wanted,
            chosen=chosen,
            only_name=_only_name(wanted, say),
            area_name=areas.name(where),
            tier=tier_of(where),
            way_down=areas.way_to(where, scope),
            headlines=headlines,
            tables=tables,
            above=reads_above_district(scope),
            months=[(code, _first_day(code)) for code in months_up_to(day, MONTHS_OFFERED)],
            quarters=quarters_up_to(day, QUARTERS_OFFERED),
            years=years_up_to(day, YEARS_OFFERED),
            months_by_default=MONTHS_BY_DEFAULT,
            kinds=KINDS,
            sectors=SECTORS,
            programmes=PROGRAMMES,
        )

    @router.get("/figures/{table}.csv")
    async def as_csv(request: Request, actor: PageReader, table: str, chosen: Annotated[Choices, Query()]) -> Response:
        scope, where = scopes_of(actor, chosen.area or None)
        wanted = asked(scope, where, today(where), chosen)
        breakdown = next((one for one in breakdowns_of(scope, wanted) if one.by.value == table), None)
        if breakdown is None or wanted.faults or table not in BREAKDOWNS:
            raise Problem(404, "not-found", "There is no such table for this area and choice. Go back to the figures.")
        say, month = texts(request)
        filled = await country.table(scope, wanted, breakdown, say, month)
        return download(_name(table, wanted), _as_text(filled, say, bom=bool(chosen.excel)))

    return router


def _first_day(month: str) -> date:
    return date(int(month[:4]), int(month[5:7]), 1)


def _only_name(wanted: Asked, say: Callable[[str], str]) -> str:
    if wanted.only is None:
        return ""
    if wanted.only.by is By.PROGRAMME:
        return programme_name(wanted.only.value)
    return say({**KINDS, **SECTORS}.get(wanted.only.value, wanted.only.value))


def _name(table: str, wanted: Asked) -> str:
    where = wanted.area.replace(".", "-") or "indonesia"
    return f"{table}-{where}-{wanted.period.start.isoformat()}-{wanted.period.end.isoformat()}"


def _as_text(table: Table, say: Callable[[str], str], *, bom: bool) -> str:
    """Beside each number whether small cells are left out of it, and how it changed where that is told."""
    headings = [say("Code"), table.heading]
    for column in table.columns:
        headings.append(say(column.label))
        if column.compared:
            headings.append(say("Change since the period before"))
    headings.append(say("Small cells left out"))
    rows: list[list[str | float | None]] = []
    for row in table.rows:
        values: list[str | float | None] = [row.code, row.label]
        for cell in row.cells:
            values.append(cell.value)
            if cell.column.compared:
                values.append(cell.change)
        left_out = any(cell.hidden or cell.told_in_part for cell in row.cells)
        rows.append([*values, say("yes") if left_out else say("no")])
    return csv_text(headings, rows, bom=bom)
