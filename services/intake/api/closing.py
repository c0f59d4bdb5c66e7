"""The ends of a case: answered at the desk, withdrawn, confirmed by the citizen, or reopened."""

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from chassis.http.editing import ExpectedEdition
from chassis.store import Store, UnitOfWork
from contracts.vocabulary import WithdrawalReason
from services.intake.answers import DeskAnswer
from services.intake.api.access import AtTheDesk
from services.intake.api.changing import changed_case
from services.intake.api.views import ComplaintView
from services.intake.commands.closing import (
    answer_complaint,
    confirm_complaint,
    reopen_complaint,
    withdraw_complaint,
)
from services.intake.store import StoredComplaint
from services.intake.told import ClientMadeId, Words


class _Said(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Answering(_Said):
    """What the desk answers. The code is told to the district; the words stay in the village."""

    answer: DeskAnswer = Field(examples=["explained_schedule"])
    text: Words = Field(default="", repr=False, examples=["The next distribution is on the 20th."])


class Withdrawing(_Said):
    reason: WithdrawalReason
    duplicate_of: ClientMadeId | None = Field(default=None, description="The other case, for a duplicate and only then")


class Reopening(_Said):
    """Why it is not solved, in the citizen's words; they stay in the village."""

    reason: Words = Field(repr=False, min_length=1, examples=["The school says it knows nothing of it."])


def closing_routes(store: Store) -> APIRouter:
    router = APIRouter(tags=["ends"])

    @router.post(
        "/complaints/{case_id}/answer",
        operation_id="answerComplaint",
        summary="Answer at the desk: the case ends in the village",
        description="Needs If-Match.",
    )
    async def answer(
        case_id: str, said: Answering, actor: AtTheDesk, expected: ExpectedEdition, response: Response
    ) -> ComplaintView:
        async def deed(unit: UnitOfWork) -> StoredComplaint:
            return await answer_complaint(unit, actor, case_id, said.answer, said.text, expected=expected)

        return await changed_case(store, actor, deed, response)

    @router.post(
        "/complaints/{case_id}/withdrawal",
        operation_id="withdrawComplaint",
        summary="The citizen takes it back, or it repeats another case",
        description="Needs If-Match.",
    )
    async def withdraw(
        case_id: str, said: Withdrawing, actor: AtTheDesk, expected: ExpectedEdition, response: Response
    ) -> ComplaintView:
        async def deed(unit: UnitOfWork) -> StoredComplaint:
            return await withdraw_complaint(
                unit, actor, case_id, said.reason, duplicate_of=said.duplicate_of, expected=expected
            )

        return await changed_case(store, actor, deed, response)

    @router.post(
        "/complaints/{case_id}/reopening",
        operation_id="reopenComplaint",
        summary="The citizen says it is not solved: another round begins",
        description="Needs If-Match. Until the resolution's `reopen_until`.",
    )
    async def reopen(
        case_id: str, said: Reopening, actor: AtTheDesk, expected: ExpectedEdition, response: Response
    ) -> ComplaintView:
        async def deed(unit: UnitOfWork) -> StoredComplaint:
            return await reopen_complaint(unit, actor, case_id, said.reason, expected=expected)

        return await changed_case(store, actor, deed, response)

    @router.post(
        "/complaints/{case_id}/confirmation",
        operation_id="confirmComplaint",
        summary="The citizen confirms that it is solved: the case closes",
        description="Needs If-Match.",
    )
    async def confirm(case_id: str, actor: AtTheDesk, expected: ExpectedEdition, response: Response) -> ComplaintView:
        async def deed(unit: UnitOfWork) -> StoredComplaint:
            return await confirm_complaint(unit, actor, case_id, expected=expected)

        return await changed_case(store, actor, deed, response)

    return router
