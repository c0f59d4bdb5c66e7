"""How a citizen wants to be told: chosen on their own page, by number and code from the receipt."""

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from chassis.area import Scope
from chassis.http.idempotency import create_once, key_of_form
from chassis.identity import Actor
from chassis.pages import Form, WrongInput
from chassis.pages import lazy as _
from chassis.signin.origin import same_origin
from chassis.store import StaleEdit, UnitOfWork
from contracts.vocabulary import MessageChannel
from services.intake.commands.contact import choose_contact_preferences
from services.intake.domain.contacting import ContactPreferences
from services.intake.domain.errors import IntakeRefusal
from services.intake.domain.people import TRIED_OTHERWISE, Contact, Language, Person
from services.intake.domain.timeline import CITIZEN
from services.intake.pages.case import CHANGED_MEANWHILE, edition_of
from services.intake.pages.citizen import CitizenPage, Number
from services.intake.pages.house import House
from services.intake.pages.refusals import words_of
from services.intake.store import PERSONS, StoredComplaint

YES, NO = "yes", "no"
WISHES = {YES: _("Tell me how my case goes"), NO: _("Send me no messages")}
CHOOSE_FIRST = _("Choose how you want to be told first.")


async def reporter_of(house: House, stored: StoredComplaint) -> Person | None:
    """Who is told how the case goes."""
    reporter_id = stored.complaint.reporter_id
    if reporter_id is None:
        return None
    found = await house.store.reading(Scope(stored.area), PERSONS).find(reporter_id)
    return found.person if found is not None else None


def reachable(contact: Contact) -> tuple[MessageChannel, ...]:
    """Every channel there is an address for, the citizen's own order first."""
    all_there_are = contact.but(otherwise=None).channels
    return (*contact.channels, *(channel for channel in all_there_are if channel not in contact.channels))


def chosen_in(form: Form) -> ContactPreferences:
    """What was chosen. Raises WrongInput with the form's errors filled."""
    first = form.text("first")
    if first not in TRIED_OTHERWISE:
        form.refuse("first", CHOOSE_FIRST)
        raise WrongInput
    others = [channel for channel in TRIED_OTHERWISE if channel in form.texts("otherwise") and channel != first]
    language = Language.ENGLISH if form.text("language") == Language.ENGLISH else Language.INDONESIAN
    return ContactPreferences(
        wants_messages=form.text("wants") != NO, channels=(MessageChannel(first), *others), language=language
    )


def preference_routes(house: House) -> APIRouter:
    router = APIRouter(include_in_schema=False, prefix="/case", dependencies=[Depends(same_origin)])
    own = CitizenPage(house)

    async def shown(request: Request, stored: StoredComplaint, form: Form | None = None, status: int = 200) -> Response:
        person = await reporter_of(house, stored)
        contact = person.contact if person is not None else None
        return house.show(
            request,
            "citizen_messages.html",
            status,
            form=form,
            stored=stored,
            contact=contact,
            wants=YES if person is None or person.wants_messages else NO,
            wishes=WISHES,
            reachable=() if contact is None else reachable(contact),
        )

    @router.get("/{number}/messages")
    async def show(request: Request, number: Number) -> Response:
        stored = await own.visited(request, number)
        return own.door(request, number=number) if stored is None else await shown(request, stored)

    @router.post("/{number}/messages")
    async def choose(request: Request, number: Number) -> Response:
        form = await Form.read(request)
        stored = await own.visited(request, number)
        if stored is None:
            return own.door(request, form, 403, number)
        scope = Scope(stored.area)
        citizen = Actor(CITIZEN, frozenset(), scope)
        try:
            chosen = chosen_in(form)

            async def once(unit: UnitOfWork) -> str:
                after = await choose_contact_preferences(unit, citizen, stored.id, chosen, expected=edition_of(form))
                return after.id

            await create_once(house.store, scope, key_of_form(request, citizen, form.values), stored.area, once)
        except WrongInput:
            return await shown(request, stored, form, 422)
        except StaleEdit:
            form.refuse("", CHANGED_MEANWHILE)
            return await shown(request, stored, form, 412)
        except IntakeRefusal as refusal:
            form.refuse("", words_of(refusal))
            return await shown(request, stored, form, 422)
        return house.pages.see(f"/case/{number}", notice=_("From now on you are told as you chose."))

    return router
