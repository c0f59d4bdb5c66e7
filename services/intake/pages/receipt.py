"""The receipt: what a citizen takes home. Its code is kept nowhere; a reload of the page shows the same."""

import segno
from fastapi import APIRouter, Request
from markupsafe import Markup
from starlette.responses import Response

from chassis.http.access import scope_of
from chassis.http.idempotency import FIELD
from chassis.outbox.outgoing import new_id
from chassis.pages import Form
from chassis.store import UnitOfWork
from services.intake.commands.receipts import issue_code
from services.intake.pages.access import AtTheDesk
from services.intake.pages.case import CaseId
from services.intake.pages.house import House
from services.intake.queries import read_case

PAPERS = ("80", "58", "a4")
"""Widths of receipt printers in millimetres, and a sheet."""


def receipt_routes(house: House) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.post("/village/cases/{case_id}/receipt")
    async def issue(request: Request, case_id: CaseId, actor: AtTheDesk) -> Response:
        # Shown in the answer itself: led to a page of its own, the code would have to be kept or be in an address.
        receipt = (await Form.read(request)).text(FIELD) or new_id()

        async def deed(unit: UnitOfWork) -> str:
            return await issue_code(unit, house.desk, case_id, receipt)

        code = await house.store.transact(scope_of(actor), deed)
        case = await read_case(house.store, scope_of(actor), case_id)
        number = case.stored.complaint.case_number
        site = (house.public_url or str(request.base_url)).rstrip("/")
        return house.show(
            request,
            "receipt.html",
            case=case,
            complaint=case.stored.complaint,
            code=code,
            site=f"{site}/case",
            # Behind the #, the code is sent to no server and stands in no log.
            qr=_qr(f"{site}/case/{number}#{code}"),
            place=house.regions.name(case.stored.area) or case.stored.area,
            papers=PAPERS,
        )

    return router


def _qr(address: str) -> Markup:
    drawn = segno.make(address, error="m").svg_inline(scale=1, border=2, omitsize=True, svgclass="qr", lineclass=None)
    return Markup(drawn)  # noqa: S704 - drawn here; the address is in it as squares only
