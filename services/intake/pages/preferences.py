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
from services.intake.commands.contact import choose_contact_preferences
from services.intake.domain.consent import ConsentProof
from services.intake.domain.contacting import ContactPreferences
from services.intake.domain.errors import IntakeRefusal
from services.intake.domain.timeline import CITIZEN
from services.intake.pages.case import CHANGED_MEANWHILE, edition_of
from services.intake.pages.citizen import CitizenPage, Number
from services.intake.pages.house import House
from services.intake.pages.how_told import NO, YES, channels_in, has_agreed, language_in, reachable
from services.intake.pages.refusals import words_of
from services.intake.store import PERSONS, StoredComplaint, StoredPerson

WISHES = {YES: _("Tell me how my case goes"), NO: _("Send me no messages")}
CHOOSE_WISH = _("Choose whether you want messages.")
TOLD_AS_CHOSEN = _("From now on you are told as you chose.")
TOLD_NO_MORE = _("You get no messages any more. Here you still see how your case goes, and may choose again.")


def preference_routes(house: House) -> APIRouter:
    router = APIRouter(include_in_schema=False, prefix="/case", dependencies=[Depends(same_origin)])
    own = CitizenPage(house)

    async def shown(request: Request, stored: StoredComplaint, form: Form | None = None, status: int = 200) -> Response:
        reporter = await _reporter_of(house, stored)
        contact = reporter.person.contact if reporter is not None else None
        agreed = reporter is not None and has_agreed(house, reporter)
        return house.show(
            request,
            "citizen_messages.html",
            status,
            form=form,
            stored=stored,
            contact=contact,
            agreed=agreed,
            wants=YES if agreed and reporter is not None and reporter.person.wants_messages else NO,
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
        reporter = await _reporter_of(house, stored)
        try:
            chosen = _chosen_in(form, agreed=reporter is not None and has_agreed(house, reporter))

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
        return house.pages.see(f"/case/{number}", notice=TOLD_AS_CHOSEN if chosen.wants_messages else TOLD_NO_MORE)

    return router


async def _reporter_of(house: House, stored: StoredComplaint) -> StoredPerson | None:
    """Who is told how the case goes."""
    reporter_id = stored.complaint.reporter_id
    return None if reporter_id is None else await house.store.reading(Scope(stored.area), PERSONS).find(reporter_id)


def _chosen_in(form: Form, *, agreed: bool) -> ContactPreferences:
    """What was chosen; whoever wants messages and had not agreed to them does so by it. Raises WrongInput."""
    channels, wants = channels_in(form), form.text("wants") == YES
    if form.text("wants") not in WISHES:
        form.refuse("wants", CHOOSE_WISH)  # else silence would be taken for an agreement
    form.check()
    return ContactPreferences(
        wants_messages=wants,
        channels=channels,
        language=language_in(form),
        consent=ConsentProof.ONLINE_TICK if wants and not agreed else None,
    )
