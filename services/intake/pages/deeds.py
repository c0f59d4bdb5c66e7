"""What may be done with a case at the window while it goes on: documents, waiting, messages."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from chassis.http.access import scope_of
from chassis.pages import Form
from chassis.pages import lazy as _
from chassis.store import UnitOfWork
from services.intake.commands.amending import have_citizen_awaited, have_documents_completed, have_waiting_stopped
from services.intake.commands.consents import take_consent_back
from services.intake.documents import Paper
from services.intake.domain.consent import Purpose
from services.intake.pages.access import AtTheDesk
from services.intake.pages.case import CaseId, CasePage, Sent
from services.intake.pages.house import House
from services.intake.queries import read_complaint
from services.intake.store import StoredComplaint

CHOOSE_PAPERS = _("Choose what the citizen has to bring.")


async def _sent(request: Request, case_id: CaseId, actor: AtTheDesk) -> Sent:
    return Sent(request, actor, case_id, await Form.read(request))


SentAtTheDesk = Annotated[Sent, Depends(_sent)]
"""A form of the case's page, sent by somebody who may act."""


def deed_routes(house: House) -> APIRouter:
    router = APIRouter(include_in_schema=False, prefix="/village/cases/{case_id}")
    page = CasePage(house)

    @router.post("/documents")
    async def complete(sent: SentAtTheDesk) -> Response:
        async def deed(unit: UnitOfWork, edition: int) -> StoredComplaint:
            return await have_documents_completed(unit, sent.actor, sent.case_id, expected=edition)

        return await page.done(sent, deed, _("Noted: all documents are there."))

    @router.post("/waiting")
    async def wait(sent: SentAtTheDesk) -> Response:
        papers = tuple(one for one in sent.form.texts("papers") if one in set(Paper))
        if not papers:
            sent.form.refuse("papers", CHOOSE_PAPERS)

        async def deed(unit: UnitOfWork, edition: int) -> StoredComplaint:
            return await have_citizen_awaited(unit, sent.actor, sent.case_id, papers, expected=edition)

        return await page.done(sent, deed, _("Noted: the case waits for the citizen."))

    @router.post("/going-on")
    async def go_on(sent: SentAtTheDesk) -> Response:
        async def deed(unit: UnitOfWork, edition: int) -> StoredComplaint:
            return await have_waiting_stopped(unit, sent.actor, sent.case_id, expected=edition)

        return await page.done(sent, deed, _("Noted: handling goes on."))

    @router.post("/no-messages")
    async def no_messages(sent: SentAtTheDesk) -> Response:
        stored = await read_complaint(house.store, scope_of(sent.actor), sent.case_id)
        reporter = stored.complaint.reporter_id or ""

        async def deed(unit: UnitOfWork, edition: int) -> StoredComplaint:
            purposes = frozenset({Purpose.NOTIFY})
            return await take_consent_back(
                unit, sent.actor, sent.case_id, reporter, purposes=purposes, expected=edition
            )

        return await page.done(sent, deed, _("Noted: no more messages to this person."))

    return router
