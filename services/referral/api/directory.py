"""/v1/programmes and /v1/agencies: what a district goes by, as it stands today."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from chassis.area import Scope
from chassis.clock import Clock
from chassis.http.access import AnyActor, scope_of
from chassis.http.paging import PageOf
from contracts.vocabulary import Track
from services.referral.domain.agencies import Agency
from services.referral.domain.programmes import Programme
from services.referral.explanations import Explanations, Language
from services.referral.reference import Reference


class ProgrammeView(BaseModel):
    """A programme and its rule in force today."""

    code: str = Field(examples=["pkh"])
    name: str
    track: Track = Field(description="How it is got: an agency is asked, or it is proposed for a period")
    valid_from: date
    source: str
    verified: bool = Field(description="false: a threshold follows practice, not a regulation")
    criteria: tuple[str, ...] = Field(description="What is looked at, in words")

    @classmethod
    def of(cls, programme: Programme, explanations: Explanations, language: Language) -> "ProgrammeView":
        criteria = tuple(
            explanations.criterion(criterion.judge(None).criterion, language) for criterion in programme.criteria
        )
        fields = programme.model_dump(exclude={"criteria", "referral_when"})
        return cls.model_validate({**fields, "criteria": criteria})


class AgencyView(BaseModel):
    """A partner agency."""

    code: str = Field(examples=["cianjur-education"])
    name: str
    area: str = Field(description="Where it works; empty: the whole country", examples=["32.03"])
    programmes: tuple[str, ...]
    preference: int = Field(description="Among agencies of one area the smaller is asked first")

    @classmethod
    def of(cls, agency: Agency) -> "AgencyView":
        return cls.model_validate(dict(agency))


def directory_routes(clock: Clock, reference: Reference, explanations: Explanations) -> APIRouter:
    router = APIRouter(prefix="/v1", tags=["directory"])

    @router.get("/programmes", operation_id="list_programmes", summary="Programmes in force today")
    async def programmes(
        actor: AnyActor,
        language: Annotated[Language, Query(description="Indonesian or English")] = Language.ID,
    ) -> PageOf[ProgrammeView]:
        rules = reference.rules_at(scope_of(actor).area, clock.now())
        items = [ProgrammeView.of(programme, explanations, language) for programme in rules.catalogue.programmes]
        return PageOf(items=items, next_cursor=None)

    @router.get("/agencies", operation_id="list_agencies", summary="Agencies that work in your area")
    async def agencies(
        actor: AnyActor,
        programme: Annotated[str | None, Query(description="those that take it", examples=["kip"])] = None,
    ) -> PageOf[AgencyView]:
        scope = scope_of(actor)
        items = [
            AgencyView.of(agency)
            for agency in reference.directory.agencies
            if _meet(scope, agency.area) and programme in (None, *agency.programmes)
        ]
        return PageOf(items=items, next_cursor=None)

    return router


def _meet(scope: Scope, area: str) -> bool:
    """Whether an agency of `area` works anywhere in the scope."""
    return scope.covers(area) or Scope(area).covers(scope.area)
