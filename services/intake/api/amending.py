"""Amending a case: documents, waiting for the citizen, corrected facts, consent taken back."""

from typing import Annotated, Literal

from fastapi import APIRouter, Body, Response
from pydantic import BaseModel, ConfigDict, Field

from chassis.http.editing import ExpectedEdition
from chassis.store import Store, UnitOfWork
from contracts.fields import Code
from contracts.vocabulary import Sector
from services.intake.api.access import AtTheDesk
from services.intake.api.changing import changed_case
from services.intake.api.views import ComplaintView
from services.intake.commands.amending import (
    have_citizen_awaited,
    have_documents_completed,
    have_facts_corrected,
    have_waiting_stopped,
)
from services.intake.commands.consents import take_consent_back
from services.intake.commands.desk import Desk
from services.intake.domain.amending import Correction
from services.intake.domain.consent import Purpose
from services.intake.store import StoredComplaint
from services.intake.told import FamilyFacts, Words


class _Change(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DocumentsCompleted(_Change):
    """The citizen brought everything; a waiting case runs again."""

    change: Literal["documents_completed"]


class WaitingForCitizen(_Change):
    """The citizen has to bring something first; the district's clocks pause."""

    change: Literal["waiting_for_citizen"]
    missing_documents: tuple[Code, ...] = Field(min_length=1, max_length=20, examples=[["family_card"]])


class NoLongerWaiting(_Change):
    """Handling goes on without what was missing."""

    change: Literal["no_longer_waiting"]


class FactsCorrected(_Change):
    """What is different; what is left out stays. The kind stays too: another kind is another case."""

    change: Literal["facts_corrected"]
    sector: Sector | None = None
    needs: tuple[Code, ...] | None = Field(default=None, max_length=20)
    story: Words | None = Field(default=None, repr=False)
    fast_track: bool | None = None
    fast_track_cause: Code | None = Field(default=None, repr=False)
    family: FamilyFacts | None = Field(
        default=None, description="A NIK that came, a new member, another contact: name the members concerned by id"
    )

    @property
    def correction(self) -> Correction:
        return Correction(
            sector=self.sector,
            needs=self.needs,
            story=self.story,
            fast_track=self.fast_track,
            fast_track_cause=self.fast_track_cause,
        )


Amendment = Annotated[
    DocumentsCompleted | WaitingForCitizen | NoLongerWaiting | FactsCorrected, Body(discriminator="change")
]


class ConsentTakenBack(BaseModel):
    """Whose consent ends, and for what. Public duty and vital interest do not rest on consent and stay."""

    person_id: str
    purposes: frozenset[Purpose] = Field(min_length=1, examples=[["notify"]])


def amending_routes(store: Store, desk: Desk) -> APIRouter:
    router = APIRouter(tags=["amendments"])

    @router.post(
        "/complaints/{case_id}/amendments",
        operation_id="amendComplaint",
        summary="Documents completed, facts corrected, waiting for the citizen or no longer",
        description="Needs If-Match. Only while the district has not resolved the case.",
    )
    async def amend(
        case_id: str, change: Amendment, actor: AtTheDesk, expected: ExpectedEdition, response: Response
    ) -> ComplaintView:
        async def deed(unit: UnitOfWork) -> StoredComplaint:
            match change:
                case DocumentsCompleted():
                    return await have_documents_completed(unit, actor, case_id, expected=expected)
                case WaitingForCitizen(missing_documents=missing):
                    return await have_citizen_awaited(unit, actor, case_id, missing, expected=expected)
                case NoLongerWaiting():
                    return await have_waiting_stopped(unit, actor, case_id, expected=expected)
                case FactsCorrected():
                    return await have_facts_corrected(
                        unit,
                        actor,
                        desk,
                        case_id,
                        correction=change.correction,
                        family=change.family,
                        expected=expected,
                    )

        return await changed_case(store, actor, deed, response)

    @router.post(
        "/complaints/{case_id}/consent-withdrawals",
        operation_id="withdrawConsent",
        summary="A person of the case takes consent back",
        description="What rested on it stops, in this and every other case of the person. Needs If-Match.",
    )
    async def withdraw_consent(
        case_id: str, said: ConsentTakenBack, actor: AtTheDesk, expected: ExpectedEdition, response: Response
    ) -> ComplaintView:
        async def deed(unit: UnitOfWork) -> StoredComplaint:
            return await take_consent_back(
                unit, actor, case_id, said.person_id, purposes=said.purposes, expected=expected
            )

        return await changed_case(store, actor, deed, response)

    return router
