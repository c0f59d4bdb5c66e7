"""/cases: the pseudonymous cases behind a figure, and what happened to one of them, with its traces."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from chassis.area import AREA_PATTERN, Scope
from chassis.http.access import scope_of
from chassis.pages import Pages
from chassis.pages import lazy as _
from chassis.service import Platform
from services.reporting import queries
from services.reporting.api.cases import CaseLine, line_of
from services.reporting.api.readers import scopes_of
from services.reporting.domain.standing import Standing
from services.reporting.domain.timeline import Entry
from services.reporting.pages.areas import Areas, zone_name
from services.reporting.pages.asked import Typed
from services.reporting.pages.figures import PageReader
from services.reporting.pages.words import (
    ENDINGS,
    ESCALATED_TO,
    EVENTS,
    FIELDS,
    KINDS,
    OUTCOMES,
    PROGRAMMES,
    SECTORS,
    STANDINGS,
    TELLERS,
    of_code,
)
from services.reporting.queries import CasesWanted, reads_above_district
from services.reporting.settings import ReportingSettings

CASES_A_PAGE = 50
IN_HAND = "in_hand"
_STATUSES: Mapping[str, tuple[Standing, ...]] = {
    IN_HAND: (Standing.OPEN, Standing.WAITING_FOR_CITIZEN),
    **{standing.value: (standing,) for standing in Standing},
}
_MENU: Mapping[str, str] = {IN_HAND: _("In hand or waiting for the citizen"), **STANDINGS}


class CasesChosen(BaseModel):
    """What a reader chose in the form, or a figure leads to. What is on no list is left out of account."""

    model_config = ConfigDict(frozen=True)

    area: str = Field(default="", pattern=AREA_PATTERN)
    status: Typed = ""
    from_: Typed = Field(default="", alias="from")
    to: Typed = ""
    kind: Typed = ""
    sector: Typed = ""
    outcome: Typed = ""
    programme: Typed = ""
    overdue: Typed = ""
    escalated: Typed = ""
    cursor: str = ""

    def wanted(self, area: str) -> CasesWanted:
        return CasesWanted(
            area,
            standings=_STATUSES.get(self.status, ()),
            start=_day(self.from_),
            end=_day(self.to),
            kind=self.kind if self.kind in KINDS else "",
            sector=self.sector if self.sector in SECTORS else "",
            outcome=self.outcome if self.outcome in OUTCOMES else "",
            programme=self.programme,
            overdue=bool(self.overdue),
            escalated=bool(self.escalated),
        )


@dataclass(frozen=True)
class ShownCase:
    """A line of the list, with the names of what it holds."""

    line: CaseLine
    area: str

    @property
    def name(self) -> str:
        """The end of its id, by which people tell cases apart."""
        return self.line.id[-6:]

    @property
    def day(self) -> date | None:
        return date.fromisoformat(self.line.recorded) if len(self.line.recorded) > 7 else None

    @property
    def month(self) -> date | None:
        return date.fromisoformat(f"{self.line.recorded}-01") if len(self.line.recorded) == 7 else None

    @property
    def state(self) -> tuple[str, str]:
        """Kind of status and word."""
        if self.line.overdue:
            return "stuck", _("Overdue")
        match self.line.status:
            case Standing.CONFIRMED | Standing.RESOLVED | Standing.ANSWERED_AT_DESK:
                return "ok", STANDINGS[self.line.status.value]
            case Standing.WAITING_FOR_CITIZEN:
                return "waiting", STANDINGS[self.line.status.value]
            case Standing.OPEN:
                return "info", STANDINGS[self.line.status.value]
            case _:
                return "quiet", STANDINGS[self.line.status.value]


@dataclass(frozen=True)
class ShownEntry:
    """One event of the timeline in words, told by `teller` of a district, or by the agency `teller_of`.

    `said` are pairs of a field's name and what it said.
    """

    when: datetime
    title: str
    kind: str
    teller: str
    teller_of: str
    said: tuple[tuple[str, str], ...]
    trace: str | None
    trace_href: str | None


_KINDS_OF_EVENTS = {
    "case.resolved": "ok",
    "complaint.answered": "ok",
    "referral.expired": "stuck",
    "notification.failed": "attention",
    "case.escalated": "attention",
    "case.reopened": "attention",
}


def cases_pages(platform: Platform[ReportingSettings], pages: Pages, areas: Areas) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    def shown(stored_line: CaseLine) -> ShownCase:
        return ShownCase(stored_line, areas.full_name(stored_line.area))

    @router.get("/cases")
    async def cases(request: Request, actor: PageReader, chosen: Annotated[CasesChosen, Query()]) -> Response:
        scope, where = scopes_of(actor, chosen.area or None)
        wanted = chosen.wanted(where)
        page = await queries.cases(platform.store, scope, wanted, cursor=chosen.cursor or None, limit=CASES_A_PAGE)
        return pages.show(
            request,
            "cases.html",
            wanted=wanted,
            status_now=chosen.status if chosen.status in _STATUSES else "",
            area_name=areas.name(where),
            way_down=areas.way_to(where, scope),
            cases=[shown(line_of(stored, scope)) for stored in page.items],
            next_cursor=page.next_cursor,
            cursor=chosen.cursor,
            above=reads_above_district(scope),
            statuses=_MENU,
            kinds=KINDS,
            sectors=SECTORS,
            outcomes=OUTCOMES,
            programmes=PROGRAMMES,
        )

    @router.get("/cases/{case_id}")
    async def case(request: Request, actor: PageReader, case_id: str) -> Response:
        scope: Scope = scope_of(actor)
        stored = await queries.case(platform.store, scope, case_id)
        line = line_of(stored, scope)
        return pages.show(
            request,
            "case.html",
            case=shown(line),
            way_down=areas.way_to(line.area, scope),
            zone=zone_name(line.area),
            entries=[_entry(entry, areas, platform.settings.trace_page) for entry in stored.case.timeline],
            needs=stored.case.seen_from(stored.area).needs,
            above=reads_above_district(scope),
            kinds=KINDS,
            sectors=SECTORS,
            outcomes=OUTCOMES,
            endings=ENDINGS,
            tiers=ESCALATED_TO,
            programmes=PROGRAMMES,
        )

    return router


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _entry(entry: Entry, areas: Areas, trace_page: str | None) -> ShownEntry:
    of, where, *service = entry.source.removeprefix("/").split("/")
    topic = entry.type.removeprefix("puskesos.").rsplit(".v", 1)[0]
    return ShownEntry(
        when=entry.time,
        title=EVENTS.get(topic, topic),
        kind=_KINDS_OF_EVENTS.get(topic, "quiet"),
        teller=TELLERS.get(service[0], service[0]) if service else _("Agency"),
        teller_of=areas.name(where) if of == "districts" else where,
        said=tuple((FIELDS.get(said.of, said.of), of_code(said.of, said.code)) for said in entry.said),
        trace=entry.trace,
        trace_href=trace_page.replace("{trace}", entry.trace) if trace_page and entry.trace else None,
    )
