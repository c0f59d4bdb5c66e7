"""GET /v1/figures: how many cases, and what became of them."""

from datetime import UTC, date
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from chassis.service import Platform
from services.reporting.api.readers import AreaAsked, Reader, scopes_of
from services.reporting.domain.breakdowns import Figure
from services.reporting.domain.figures import Subject
from services.reporting.domain.periods import MONTHS_BY_DEFAULT, last_months
from services.reporting.problems import period_upside_down
from services.reporting.queries import By, FiguresWanted, figures_for, reads_above_district
from services.reporting.settings import ReportingSettings

Count = int | None


class CaseCounts(BaseModel):
    """Cases by the day they were recorded. The seven from `open` to `closed_by_silence` add up to `recorded`."""

    recorded: Count = Field(examples=[128])
    open: Count = Field(description="In hand, in the village or at the district")
    waiting_for_citizen: Count
    answered_at_desk: Count = Field(description="Ended in the village")
    withdrawn: Count = Field(description="Taken back, or a duplicate")
    resolved: Count = Field(description="By the district; the citizen may still reopen it")
    confirmed: Count = Field(description="The citizen said it was solved: only this counts as solved")
    closed_by_silence: Count = Field(description="The time to reopen passed without a word")
    fast_track: Count
    reopened: Count = Field(description="At least once")
    escalated: Count = Field(description="In hand above the district now; cases that have ended are not counted")
    overdue: Count = Field(description="In hand, and a clock of the present round was breached")
    ended_late: Count = Field(description="Ended after a clock of their last round was breached")
    messages_delivered: Count = Field(description="Messages to citizens, not cases")
    messages_failed: Count = Field(description="Messages to citizens, not cases")


class ProgrammeCounts(BaseModel):
    """Wishes for one programme: a case counts once in each programme it concerns."""

    concerned: Count = Field(description="Asked for, matched or decided", examples=[64])
    asked: Count = Field(description="By the citizen")
    matched_likely: Count
    matched_unlikely: Count
    matched_unknown: Count
    referred: Count = Field(description="Decided: to an agency")
    proposed: Count = Field(description="Decided: for a period of a national programme")
    refused: Count = Field(description="Decided against")
    referrals: Count = Field(
        description="To agencies; a wish passed on to a second agency counts twice. The five that follow add up to it."
    )
    referrals_in_progress: Count = Field(description="With an agency, in a case that is in hand")
    referrals_dropped: Count = Field(
        description="Still with an agency when the case ended, withdrawn for example: nobody waits for the answer"
    )
    referrals_rejected: Count
    referrals_expired: Count = Field(description="Nobody answered in time")
    referrals_completed: Count
    given: Count = Field(description="Given, or enrolled")


class FigureRow(BaseModel):
    """One row. Above the district small cells are left out; see `suppressed`."""

    group: str | None = Field(description="Value of what was asked for with `by`; null in `total`", examples=["32.03"])
    counts: CaseCounts | ProgrammeCounts
    suppressed: bool = Field(
        description="Something is left out of this row because a figure of 1 to 4 could point at a family: null is "
        "left out whole, a number is at least that many. What would give it away by subtraction is left out as well."
    )
    median_days: float | None = Field(
        description="From recording to the answer at the desk or the district's resolution, in days of 24 hours; "
        "interpolated between 0, 1, 3, 7, 14, 30, 60 and 120. Null without answers, beyond 120, and for programmes.",
        examples=[6.5],
    )
    most_days: float | None = Field(
        description="Nine of ten were answered within so many days; interpolated and null as `median_days`",
        examples=[13.2],
    )


class FiguresView(BaseModel):
    """Figures over cases recorded in an area within a period, both its days included."""

    area: str = Field(examples=["32"])
    from_: date = Field(serialization_alias="from")
    to: date
    by: By
    of: Subject
    small_cells: Literal["told", "left_out"] = Field(description="told to a district about itself")
    rows: list[FigureRow]
    total: FigureRow


def _row(group: str | None, figure: Figure, subject: Subject) -> FigureRow:
    model = CaseCounts if subject is Subject.CASES else ProgrammeCounts
    return FigureRow(
        group=group,
        counts=model.model_validate(figure.counts),
        suppressed=figure.suppressed,
        median_days=figure.median_days,
        most_days=figure.most_days,
    )


def figures_router(platform: Platform[ReportingSettings]) -> APIRouter:
    router = APIRouter(prefix="/v1", tags=["figures"])

    @router.get("/figures", operation_id="figures", summary="Figures of an area and period, by something")
    async def figures(
        actor: Reader,
        asked: AreaAsked = None,
        start: Annotated[
            date | None,
            Query(alias="from", description="First day of recording (local); default: twelve months up to this one"),
        ] = None,
        end: Annotated[date | None, Query(alias="to", description="Last day of recording, included")] = None,
        by: By = By.PERIOD,
    ) -> FiguresView:
        scope, area = scopes_of(actor, asked)
        year = last_months(platform.clock.now().astimezone(UTC).date(), MONTHS_BY_DEFAULT)
        wanted = FiguresWanted(area, start or year.start, end or year.end, by)
        if wanted.end < wanted.start:
            raise period_upside_down()
        found = await figures_for(platform.store, scope, wanted)
        return FiguresView(
            area=area,
            from_=wanted.start,
            to=wanted.end,
            by=by,
            of=by.subject,
            small_cells="left_out" if reads_above_district(scope) else "told",
            rows=[_row(group, figure, by.subject) for group, figure in found.rows.items()],
            total=_row(None, found.total, by.subject),
        )

    return router
