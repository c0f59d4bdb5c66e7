"""Recording a case in one page that keeps what was typed."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from chassis.area import Scope
from chassis.http.access import scope_of
from chassis.identity import Actor, Role
from chassis.outbox.outgoing import new_id
from chassis.pages import Form, WrongInput
from chassis.pages import lazy as _
from chassis.store import UnitOfWork
from contracts.vocabulary import ComplaintKind, IntakeChannel
from services.intake.commands.contact import want_messages
from services.intake.commands.recording import record_complaint
from services.intake.domain.errors import IntakeRefusal
from services.intake.domain.local_day import local_day
from services.intake.domain.nik import ImpossibleNik
from services.intake.pages.access import AtTheDesk
from services.intake.pages.filling import row_count, with_known, with_values
from services.intake.pages.house import House, own_village
from services.intake.pages.how_told import has_agreed
from services.intake.pages.recording_form import DECILES, Reading
from services.intake.pages.recording_reasons import REASONS
from services.intake.pages.refusals import NIK_FAULTS, show_in
from services.intake.searching import KnownFamily, known_family

NOT_KNOWN = _("Nobody with this NIK is known in this village yet: go on with the name.")
KNOWN = _("Known here: what is kept of the person and the family was filled in. Correct what is different.")
RECORDED = _("The case is recorded. Now give the citizen the receipt.")
RECORDABLE = (
    ComplaintKind.PARTICIPATION,
    ComplaintKind.ENQUIRY,
    ComplaintKind.GRIEVANCE,
    ComplaintKind.DATA_CORRECTION,
    ComplaintKind.SUGGESTION,
)
"""The most frequent first. A complaint about an officer goes to the inspectorate, as the page says."""
BY_PHONE_OR_POST = (IntakeChannel.DESK, IntakeChannel.HOME_VISIT, IntakeChannel.TELEPHONE, IntakeChannel.MESSAGE)


def recording_routes(house: House) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    def page(request: Request, actor: Actor, form: Form | None, status: int = 200, said: str = "") -> Response:
        usual = IntakeChannel.HOME_VISIT if actor.has(Role.FACILITATOR) else IntakeChannel.DESK
        return house.show(
            request,
            "new.html",
            status,
            form=form,
            said=said,
            rows=row_count,
            village=own_village(actor),
            villages=house.villages(actor),
            kinds=RECORDABLE,
            channels=BY_PHONE_OR_POST,
            usual_channel=usual,
            registry_deciles=[(decile, decile) for decile in DECILES],
            new_id=new_id,
        )

    @router.get("/village/new")
    async def blank(request: Request, actor: AtTheDesk) -> Response:
        return page(request, actor, None)

    @router.post("/village/new")
    async def record(request: Request, actor: AtTheDesk) -> Response:
        form = await Form.read(request)
        area = _area(house, actor, form)
        match form.text("step"):
            case "add_member":
                return page(request, actor, with_values(form, rows=str(row_count(form) + 1)))
            case "look_up":
                form, said = await _recognised(house, actor, form, area)
                return page(request, actor, form, 422 if form.errors else 200, said)
        today = local_day(area or scope_of(actor).area, house.store.clock.now())
        reading = Reading(form, house.desk, area or "", today, await _may_notify(house, actor, form, area))
        try:
            if area is None:
                form.refuse("area", REASONS["area"])
            told = reading.told()

            async def deed(unit: UnitOfWork) -> str:
                recorded = await record_complaint(unit, actor, house.desk, told)
                if reading.wants_messages is not None:
                    recorded = await want_messages(unit, actor, recorded, reading.wants_messages)
                return recorded.id

            case_id = await house.do_once(request, actor, form, told.area, deed)
        except WrongInput:
            return page(request, actor, form, 422)
        except IntakeRefusal as refusal:
            show_in(form, refusal)
            return page(request, actor, form, 422)
        return house.pages.see(f"/village/cases/{case_id}", notice=RECORDED)

    return router


def _area(house: House, actor: Actor, form: Form) -> str | None:
    """The village to record in; None when none of the actor's was chosen."""
    chosen = own_village(actor) or form.text("area")
    return chosen if chosen in dict(house.villages(actor)) else None


async def _known(house: House, actor: Actor, form: Form, area: str | None) -> KnownFamily | None:
    """Whoever has the NIK of the person who came, in this village only. Raises ImpossibleNik."""
    nik = house.desk.nik(form.text("m0_nik"), local_day(area or "", house.store.clock.now()))
    if area is None or not scope_of(actor).covers(area):
        return None
    return await known_family(house.store, Scope(area), nik.digits)


async def _recognised(house: House, actor: Actor, form: Form, area: str | None) -> tuple[Form, str]:
    try:
        known = await _known(house, actor, form, area)
    except ImpossibleNik as impossible:
        form.refuse("m0_nik", NIK_FAULTS[impossible.fault])
        return form, ""
    return (with_values(form, m0_id=""), NOT_KNOWN) if known is None else (with_known(form, known), KNOWN)


async def _may_notify(house: House, actor: Actor, form: Form, area: str | None) -> bool:
    """Whether messages to the person who came rest on something noted before."""
    try:
        known = await _known(house, actor, form, area)
    except ImpossibleNik:
        return False
    return known is not None and has_agreed(house, known.person)
