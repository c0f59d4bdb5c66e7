"""How a case goes: what the village has heard of the district's handling, and all that happened."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, Field

from chassis.http.access import scope_of
from chassis.store import Store
from contracts.events import HandlingState
from contracts.vocabulary import ComplaintStatus
from services.intake.api.access import OfTheVillage
from services.intake.domain.complaint import HeardResolution
from services.intake.domain.timeline import Details, Teller, TimelineEntry
from services.intake.queries import read_complaint
from services.intake.store import StoredComplaint


class HappeningView(BaseModel):
    """One line of the timeline."""

    at: datetime
    teller: Teller = Field(description="village: a deed here · district: its handling · messenger: telling the citizen")
    what: str = Field(examples=["complaint.created", "referral.answered"])
    actor: str | None = Field(description="Who did it in the village: the issuer's subject")
    details: Details


class ProgressView(BaseModel):
    """Codes only: this page says how the case goes, not who it is about."""

    case_id: str
    case_number: str
    status: ComplaintStatus = Field(description="The village's side")
    round: int
    handling: HandlingState | None = Field(
        description="The district's side as last heard: status, clocks with due times (UTC), programmes matched with "
        "a reason per criterion, decisions, referrals with agency, status and outcome, proposals with their period. "
        "null until the district was heard."
    )
    resolution: HeardResolution | None = Field(description="Of this round; may be reopened until `reopen_until`")
    timeline: tuple[HappeningView, ...] = Field(description="In the order it happened")


def progress_of(stored: StoredComplaint) -> ProgressView:
    complaint = stored.complaint
    return ProgressView(
        case_id=complaint.case_id,
        case_number=complaint.case_number,
        status=complaint.status,
        round=complaint.round,
        handling=stored.handling,
        resolution=complaint.resolution,
        timeline=tuple(_happening(entry) for entry in stored.timeline),
    )


def _happening(entry: TimelineEntry) -> HappeningView:
    return HappeningView(at=entry.at, teller=entry.teller, what=entry.what, actor=entry.actor, details=entry.details)


def progress_routes(store: Store) -> APIRouter:
    router = APIRouter(tags=["progress"])

    @router.get(
        "/complaints/{case_id}/progress",
        operation_id="readProgress",
        summary="How a case goes at the district, and what happened",
    )
    async def progress(case_id: str, actor: OfTheVillage) -> ProgressView:
        return progress_of(await read_complaint(store, scope_of(actor), case_id))

    return router
