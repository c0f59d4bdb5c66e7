"""How to reach the citizen of a case: what they tell the window, at any time after the case was recorded."""

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.responses import Response

from chassis.http.access import scope_of
from chassis.identity import Actor
from chassis.pages import Form, WrongInput
from chassis.pages import lazy as _
from chassis.store import UnitOfWork
from services.intake.commands.contact import choose_contact_preferences
from services.intake.domain.contacting import Addresses, ContactPreferences
from services.intake.domain.people import TRIED_OTHERWISE
from services.intake.pages.access import AtTheDesk
from services.intake.pages.case import CaseId, CasePage, Sent
from services.intake.pages.deeds import SentAtTheDesk
from services.intake.pages.house import House
from services.intake.pages.how_told import (
    EMAIL,
    NO,
    NO_CONSENT,
    YES,
    channels_in,
    email_in,
    has_agreed,
    language_in,
    phone_in,
)
from services.intake.queries import read_case
from services.intake.store import StoredComplaint

WISHES = {YES: _("Wants to be told how the case goes"), NO: _("Wants no messages")}
TOLD_AS_CHOSEN = _("Noted. The next message goes this way, for every case of this person.")
TOLD_NO_MORE = _(
    "Noted: no messages any more. The citizen asks here or looks online, and may choose again at any time."
)


def reaching_routes(house: House) -> APIRouter:
    router = APIRouter(include_in_schema=False, prefix="/village/cases/{case_id}/reaching")
    page = CasePage(house)

    async def shown(
        request: Request, actor: Actor, case_id: str, form: Form | None = None, status: int = 200
    ) -> Response:
        case = await read_case(house.store, scope_of(actor), case_id)
        person = case.reporter.person if case.reporter is not None else None
        return house.show(
            request,
            "reaching.html",
            status,
            form=form,
            case=case,
            contact=person.contact if person is not None else None,
            agreed=case.reporter is not None and has_agreed(house, case.reporter),
            wants=YES if person is None or person.wants_messages else NO,
            wishes=WISHES,
            ways=TRIED_OTHERWISE,
        )

    async def again(sent: Sent, status: int) -> Response:
        return await shown(sent.request, sent.actor, sent.case_id, sent.form, status)

    @router.get("")
    async def show(request: Request, case_id: CaseId, actor: AtTheDesk) -> Response:
        return await shown(request, actor, case_id)

    @router.post("")
    async def choose(sent: SentAtTheDesk) -> Response:
        reporter = (await read_case(house.store, scope_of(sent.actor), sent.case_id)).reporter
        try:
            chosen = _chosen_in(sent.form, agreed=reporter is not None and has_agreed(house, reporter))
        except WrongInput:
            return await again(sent, 422)

        async def deed(unit: UnitOfWork, edition: int) -> StoredComplaint:
            return await choose_contact_preferences(unit, sent.actor, sent.case_id, chosen, expected=edition)

        return await page.done(sent, deed, TOLD_AS_CHOSEN if chosen.wants_messages else TOLD_NO_MORE, again)

    return router


def _chosen_in(form: Form, *, agreed: bool) -> ContactPreferences:
    """What was chosen. Raises WrongInput."""
    channels, wants = channels_in(form), form.text("wants") != NO
    phone, email = phone_in(form, channels), email_in(form, channels)
    consent = form.text("consent") or None
    if wants and not agreed and consent is None:
        form.refuse("consent", NO_CONSENT)
    form.check()
    try:
        addresses = Addresses(phone=phone, email=email)
    except ValidationError:
        form.refuse("email", EMAIL)
        raise WrongInput from None
    try:
        return ContactPreferences.model_validate(
            {
                "wants_messages": wants,
                "channels": channels,
                "language": language_in(form),
                "addresses": addresses,
                "consent": consent if wants else None,
            }
        )
    except ValidationError:
        form.refuse("consent", NO_CONSENT)
        raise WrongInput from None
