"""How a case ends at the window: answered, withdrawn, confirmed; and how it begins anew."""

from fastapi import APIRouter
from starlette.responses import Response

from chassis.http.access import scope_of
from chassis.pages import Form
from chassis.pages import lazy as _
from chassis.store import UnitOfWork
from contracts.vocabulary import WithdrawalReason
from services.intake.answers import DeskAnswer
from services.intake.commands.closing import (
    answer_complaint,
    confirm_complaint,
    reopen_complaint,
    withdraw_complaint,
)
from services.intake.domain.case_number import CaseNumber, WrongCaseNumber
from services.intake.domain.complaint import LONGEST_STORY
from services.intake.domain.errors import UnknownCase
from services.intake.pages.case import CasePage, Sent
from services.intake.pages.deeds import SentAtTheDesk
from services.intake.pages.house import House
from services.intake.pages.refusals import show_in
from services.intake.queries import complaint_by_number
from services.intake.store import StoredComplaint

CHOOSE_ANSWER = _("Choose what you answered.")
SAY_WHY = _("Write in the citizen's words what is not solved.")
TOO_LONG = _("Keep it under 4,000 characters.")
NUMBER_OF_OTHER = _("Write the number of the other case.")
OWN_NUMBER = _("This is the number of this case: write the number of the other one.")


def ending_routes(house: House) -> APIRouter:
    router = APIRouter(include_in_schema=False, prefix="/village/cases/{case_id}")
    page = CasePage(house)

    @router.post("/answer")
    async def answer(sent: SentAtTheDesk) -> Response:
        chosen, text = sent.form.text("answer"), words(sent.form, "answer_text")
        if chosen not in set(DeskAnswer):
            sent.form.refuse("answer", CHOOSE_ANSWER)

        async def deed(unit: UnitOfWork, edition: int) -> StoredComplaint:
            return await answer_complaint(unit, sent.actor, sent.case_id, DeskAnswer(chosen), text, expected=edition)

        return await page.done(sent, deed, _("Answered: the case has ended here."))

    @router.post("/withdrawal")
    async def withdraw(sent: SentAtTheDesk) -> Response:
        repeated = sent.form.text("reason") == WithdrawalReason.DUPLICATE
        reason = WithdrawalReason.DUPLICATE if repeated else WithdrawalReason.TAKEN_BACK
        other = await _other_case(house, sent) if repeated else None

        async def deed(unit: UnitOfWork, edition: int) -> StoredComplaint:
            return await withdraw_complaint(
                unit, sent.actor, sent.case_id, reason, duplicate_of=other, expected=edition
            )

        return await page.done(sent, deed, _("The case is withdrawn."))

    @router.post("/reopening")
    async def reopen(sent: SentAtTheDesk) -> Response:
        why = words(sent.form, "why_not")
        if not why:
            sent.form.refuse("why_not", SAY_WHY)

        async def deed(unit: UnitOfWork, edition: int) -> StoredComplaint:
            return await reopen_complaint(unit, sent.actor, sent.case_id, why, expected=edition)

        return await page.done(sent, deed, _("Reopened: the district handles it again."))

    @router.post("/confirmation")
    async def confirm(sent: SentAtTheDesk) -> Response:
        async def deed(unit: UnitOfWork, edition: int) -> StoredComplaint:
            return await confirm_complaint(unit, sent.actor, sent.case_id, expected=edition)

        return await page.done(sent, deed, _("Closed as solved, as the citizen says."))

    return router


def words(form: Form, name: str) -> str:
    """What was written in a long field; refused when it is too long to keep."""
    said = form.text(name)
    if len(said) > LONGEST_STORY:
        form.refuse(name, TOO_LONG)
    return said


async def _other_case(house: House, sent: Sent) -> str | None:
    try:
        number = CaseNumber.parse(sent.form.text("duplicate_of"))
    except WrongCaseNumber:
        sent.form.refuse("duplicate_of", NUMBER_OF_OTHER)
        return None
    other = await complaint_by_number(house.store, scope_of(sent.actor), str(number))
    if other is None:
        show_in(sent.form, UnknownCase())
        return None
    if other.id == sent.case_id:
        sent.form.refuse("duplicate_of", OWN_NUMBER)
        return None
    return other.id
