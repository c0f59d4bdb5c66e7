"""The citizen's own page: how the case goes, by number and code from the receipt, without an account."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from starlette.responses import RedirectResponse, Response

from chassis.area import Scope
from chassis.http.idempotency import create_once, key_of_form
from chassis.identity import Actor
from chassis.pages import Form, WrongInput
from chassis.pages import lazy as _
from chassis.signin.origin import same_origin
from chassis.store import StaleEdit, UnitOfWork
from services.intake.commands.closing import confirm_complaint, rate_complaint, reopen_complaint
from services.intake.commands.receipts import begin_visit, visited_case
from services.intake.domain.citizen_code import VISIT
from services.intake.domain.errors import IntakeRefusal
from services.intake.domain.rating import may_rate
from services.intake.domain.timeline import CITIZEN
from services.intake.domain.tries import TooManyTries, WrongCode
from services.intake.pages.case import CHANGED_MEANWHILE, edition_of
from services.intake.pages.endings import SAY_WHY, words
from services.intake.pages.house import House
from services.intake.pages.labels import STARS
from services.intake.pages.refusals import show_in, words_of
from services.intake.pages.telling import happened
from services.intake.store import StoredComplaint

COOKIE = "citizen_case"
ASKED_FOR = {
    "case_number": _("Type the case number from the receipt."),
    "code": _("Type the code from the receipt."),
}
CHOOSE_STARS = _("Choose how satisfied you are.")
CitizensDeed = Callable[[UnitOfWork, Actor, str, int], Awaitable[StoredComplaint]]
Number = Annotated[str, Path(pattern=r"^[0-9-]{18,30}$")]


@dataclass(frozen=True)
class CitizenPage:
    """Shows a citizen their case, or the door to it, and does what a form of the page says."""

    house: House

    async def visited(self, request: Request, number: str) -> StoredComplaint | None:
        """The case of this number, if this browser may look at it."""
        stored = await visited_case(self.house.store, self.house.desk, request.cookies.get(COOKIE, ""))
        return stored if stored is not None and stored.complaint.case_number == number else None

    def door(self, request: Request, form: Form | None = None, status: int = 200, number: str = "") -> Response:
        return self.house.show(request, "citizen_door.html", status, form=form, number=number)

    def show(self, request: Request, stored: StoredComplaint, form: Form | None = None, status: int = 200) -> Response:
        return self.house.show(
            request,
            "citizen.html",
            status,
            form=form,
            stored=stored,
            complaint=stored.complaint,
            happened=happened(stored.timeline, partial(self.house.pages.text, request)),
            may_rate=may_rate(stored.complaint),
            place=self.house.regions.name(stored.area) or stored.area,
        )

    async def enter(self, request: Request, form: Form) -> Response:
        """Through the door, by number and code."""
        for name, reason in ASKED_FOR.items():
            if not form.text(name):
                form.refuse(name, reason)
        if form.errors:
            return self.door(request, form, 422)
        address = request.client.host if request.client else ""
        try:
            stored, carried = await begin_visit(
                self.house.store,
                self.house.desk,
                number=form.text("case_number"),
                code=form.text("code"),
                address=address,
            )
        except (WrongCode, TooManyTries) as refusal:
            show_in(form, refusal)
            return self.door(request, form, 429 if isinstance(refusal, TooManyTries) else 422)
        if form.text("why_not"):
            # Their page had been open for too long when they sent this: it is shown again, and not lost.
            response = self.show(request, stored, form)
        else:
            response = RedirectResponse(f"/case/{stored.complaint.case_number}", 303)
        secure = request.url.scheme == "https" or (self.house.public_url or "").startswith("https:")
        response.set_cookie(
            COOKIE,
            carried,
            max_age=int(VISIT.total_seconds()),
            path="/case",
            httponly=True,
            samesite="lax",
            secure=secure,
        )
        return response

    async def done(self, request: Request, number: str, form: Form, deed: CitizensDeed, notice: str) -> Response:
        """Do what the citizen says, once; and show the case after it, or why not."""
        stored = await self.visited(request, number)
        if stored is None:
            return self.door(request, form, 403, number)
        scope = Scope(stored.area)
        citizen = Actor(CITIZEN, frozenset(), scope)
        key = key_of_form(request, citizen, form.values)

        async def once(unit: UnitOfWork) -> str:
            return (await deed(unit, citizen, stored.id, edition_of(form))).id

        try:
            form.check()
            await create_once(self.house.store, scope, key, stored.area, once)
        except WrongInput:
            return self.show(request, stored, form, 422)
        except StaleEdit:
            form.refuse("", CHANGED_MEANWHILE)
            return self.show(request, stored, form, 412)
        except IntakeRefusal as refusal:
            form.refuse("", words_of(refusal))
            return self.show(request, stored, form, 422)
        return self.house.pages.see(f"/case/{number}", notice=notice)


def citizen_routes(house: House) -> APIRouter:
    router = APIRouter(include_in_schema=False, prefix="/case", dependencies=[Depends(same_origin)])
    own = CitizenPage(house)

    @router.get("")
    async def ask(request: Request) -> Response:
        return own.door(request)

    @router.post("")
    async def enter(request: Request) -> Response:
        return await own.enter(request, await Form.read(request))

    @router.post("/leave")
    async def leave() -> Response:
        response = RedirectResponse("/case", 303)
        response.delete_cookie(COOKIE, path="/case")
        return response

    @router.get("/{number}")
    async def show(request: Request, number: Number) -> Response:
        stored = await own.visited(request, number)
        return own.door(request, number=number) if stored is None else own.show(request, stored)

    @router.post("/{number}/rating")
    async def rate(request: Request, number: Number) -> Response:
        form = await Form.read(request)
        stars = form.text("stars")
        if stars not in STARS:
            form.refuse("stars", CHOOSE_STARS)

        async def deed(unit: UnitOfWork, citizen: Actor, case_id: str, edition: int) -> StoredComplaint:
            return await rate_complaint(unit, citizen, case_id, int(stars), expected=edition)

        return await own.done(request, number, form, deed, _("Thank you for your opinion."))

    @router.post("/{number}/reopening")
    async def reopen(request: Request, number: Number) -> Response:
        form = await Form.read(request)
        why = words(form, "why_not")
        if not why:
            form.refuse("why_not", SAY_WHY)

        async def deed(unit: UnitOfWork, citizen: Actor, case_id: str, edition: int) -> StoredComplaint:
            return await reopen_complaint(unit, citizen, case_id, why, expected=edition)

        return await own.done(request, number, form, deed, _("Your case is open again; the district handles it."))

    @router.post("/{number}/confirmation")
    async def confirm(request: Request, number: Number) -> Response:
        async def deed(unit: UnitOfWork, citizen: Actor, case_id: str, edition: int) -> StoredComplaint:
            return await confirm_complaint(unit, citizen, case_id, expected=edition)

        form = await Form.read(request)
        return await own.done(request, number, form, deed, _("Thank you. Your case is closed as solved."))

    return router
