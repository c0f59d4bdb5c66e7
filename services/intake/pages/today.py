"""The window's day, and finding a case or a person."""

import re
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from chassis.http.access import scope_of
from chassis.pages import Form
from chassis.pages import lazy as _
from services.intake.domain.case_number import DIGITS, CaseNumber, WrongCaseNumber
from services.intake.pages.access import OfTheVillage
from services.intake.pages.house import House, may_act
from services.intake.pages.refusals import words_of
from services.intake.queries import complaint_by_number
from services.intake.searching import SHORTEST_PREFIX, Found, people_named, people_with_nik, the_day

TOO_SHORT = _("Write at least two letters of the name, a NIK or a case number.")
NO_SUCH_CASE = _("There is no case with this number in your area. Read the number once more.")
NIK_DIGITS = 16


def today_routes(house: House) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/village")
    async def today(
        request: Request, actor: OfTheVillage, cursor: Annotated[str | None, Query(max_length=500)] = None
    ) -> Response:
        day = await the_day(house.store, scope_of(actor), cursor=cursor)
        return house.show(
            request,
            "today.html",
            day=day,
            cursor=cursor,
            place=house.place(actor),
            area=scope_of(actor).area,
            may_act=may_act(actor),
        )

    @router.get("/village/find")
    async def find(request: Request, actor: OfTheVillage) -> Response:
        return house.show(request, "find.html", found=None, may_act=may_act(actor))

    @router.post("/village/find")
    async def found(request: Request, actor: OfTheVillage) -> Response:
        # Posted, so that what identifies a person is in no address, no history and no log.
        form = await Form.read(request)
        answer = await _looked_up(house, form, actor)
        if isinstance(answer, str):
            return _led(request, answer)
        if form.errors:
            return house.show(request, _template(request), 422, form=form, found=None, may_act=may_act(actor))
        return house.show(request, _template(request), form=form, found=answer, may_act=may_act(actor))

    return router


async def _looked_up(house: House, form: Form, actor: OfTheVillage) -> tuple[Found, ...] | str:
    """People found, or the address of the case whose number was typed."""
    scope, typed = scope_of(actor), form.text("sought")
    digits = re.sub(r"[\s.\-]", "", typed)
    if digits.isdecimal() and len(digits) == NIK_DIGITS:
        return await people_with_nik(house.store, scope, digits)
    if digits.isdecimal():
        try:
            number = CaseNumber.parse(digits)
        except WrongCaseNumber as wrong:
            form.refuse("sought", words_of(wrong) if len(digits) == DIGITS else TOO_SHORT)
            return ()
        case = await complaint_by_number(house.store, scope, str(number))
        if case is None:
            form.refuse("sought", NO_SUCH_CASE)
            return ()
        return f"/village/cases/{case.id}"
    if len(typed) < SHORTEST_PREFIX:
        form.refuse("sought", TOO_SHORT)
        return ()
    return await people_named(house.store, scope, typed)


def _template(request: Request) -> str:
    return "found.html" if "hx-request" in request.headers else "find.html"


def _led(request: Request, address: str) -> Response:
    if "hx-request" in request.headers:
        return Response(status_code=204, headers={"HX-Redirect": address})
    return RedirectResponse(address, 303)
