"""GET /v1/cases and a case's timeline: pseudonymous, and coarser above the district."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from chassis.area import Scope, district_of
from chassis.http.access import scope_of
from chassis.http.paging import Cursor, Limit, PageOf
from chassis.service import Platform
from contracts.vocabulary import ComplaintKind, Sector
from services.reporting import queries
from services.reporting.api.readers import AreaAsked, Reader, scopes_of
from services.reporting.domain.standing import Standing
from services.reporting.domain.timeline import Entry
from services.reporting.domain.view import EscalatedTo
from services.reporting.queries import reads_above_district
from services.reporting.settings import ReportingSettings
from services.reporting.store import StoredCase


class CaseLine(BaseModel):
    """One case, without anybody in it."""

    id: str = Field(examples=["019a8c5e-7d31-7c4b-9b1f-2f6f0a1f7e11"])
    area: str = Field(description="The village; above the district only its district", examples=["32.03.02.2002"])
    recorded: str = Field(
        description="Local day of recording; above the district only the month; empty until the village was heard",
        examples=["2026-11-16"],
    )
    kind: ComplaintKind | None = Field(description="null while the village was not heard yet")
    sector: Sector | None
    status: Standing
    outcome: str = Field(description="`none_yet` until there is one", examples=["partly_given"])
    round: int = Field(description="How often it was reopened")
    escalated_to: EscalatedTo | None = Field(
        description="The tier above the district that has it in hand, or had when it ended"
    )
    overdue: bool = Field(description="In hand, and a clock of the present round was breached")
    ended_late: bool = Field(description="Ended after a clock of its last round was breached")
    days: int | None = Field(description="Whole days from recording to the answer, once there is one")


class TimelineEntry(BaseModel):
    """One event, with the codes it carried."""

    time: datetime
    type: str = Field(examples=["puskesos.referral.answered.v1"])
    source: str = Field(examples=["/districts/32.03/referral"])
    sequence: int
    said: dict[str, str] = Field(examples=[{"agency": "cianjur-education", "answer": "accepted"}])
    trace: str | None = Field(
        description="Trace id: the whole deed in the trace viewer", examples=["4bf92f3577b34da6a3ce929d0e0e4736"]
    )


class TimelineView(BaseModel):
    """A case and everything heard of it, in order of time."""

    case: CaseLine
    entries: list[TimelineEntry]


def line_of(stored: StoredCase, scope: Scope) -> CaseLine:
    """A case as whoever has this scope may see it."""
    seen = stored.case.seen_from(stored.area)
    above = reads_above_district(scope)
    day = seen.recorded_on.isoformat() if seen.recorded_on else ""
    return CaseLine(
        id=stored.id,
        area=district_of(stored.area) if above else stored.area,
        recorded=day[:7] if above else day,
        kind=seen.kind,
        sector=seen.sector,
        status=seen.standing,
        outcome=seen.outcome,
        round=seen.round,
        escalated_to=seen.escalated_to,
        overdue=seen.overdue,
        ended_late=seen.ended_late,
        days=seen.days,
    )


def _entry(entry: Entry) -> TimelineEntry:
    return TimelineEntry(
        time=entry.time,
        type=entry.type,
        source=entry.source,
        sequence=entry.sequence,
        said={said.of: said.code for said in entry.said},
        trace=entry.trace,
    )


def cases_router(platform: Platform[ReportingSettings]) -> APIRouter:
    router = APIRouter(prefix="/v1", tags=["cases"])

    @router.get(
        "/cases",
        operation_id="list_cases",
        summary="Cases of an area, the newest first; above the district only those passed up to it",
    )
    async def list_cases(
        actor: Reader,
        asked: AreaAsked = None,
        status: Annotated[Standing | None, Query(description="Only cases that stand so")] = None,
        cursor: Cursor = None,
        limit: Limit = 50,
    ) -> PageOf[CaseLine]:
        scope, area = scopes_of(actor, asked)
        wanted = queries.CasesWanted(area, standings=(status,) if status else ())
        page = await queries.cases(platform.store, scope, wanted, cursor=cursor, limit=limit)
        return PageOf[CaseLine].showing(page, lambda stored: line_of(stored, scope))

    @router.get(
        "/cases/{case_id}/timeline",
        operation_id="case_timeline",
        summary="Everything heard of one case, in order of time, with its traces",
    )
    async def timeline(actor: Reader, case_id: Annotated[str, Path(description="The case's id")]) -> TimelineView:
        scope = scope_of(actor)
        stored = await queries.case(platform.store, scope, case_id)
        return TimelineView(case=line_of(stored, scope), entries=[_entry(entry) for entry in stored.case.timeline])

    return router
