"""The office's moves on a case: recommend, review, decide. Each is read on its own page first, and sent from it."""

from fastapi import APIRouter, Request, Response

from chassis.pages import Form, WrongInput
from chassis.pages import lazy as _
from chassis.store import UnitOfWork
from services.referral.commands import decide_handling, recommend_handling, review_handling
from services.referral.domain.deciding import OfficeMove, Ruling
from services.referral.pages import PAGES
from services.referral.pages.drafting import choices_of, drafted
from services.referral.pages.moving import QUEUE, Moving
from services.referral.pages.office import Deciding, Drafting, Office, Reviewing
from services.referral.pages.ruling import ruled
from services.referral.store import StoredHandling

DRAFTED = _("The draft was passed on to the supervisor.")
REVIEWED = _("Approved, and passed on to the manager.")
DECIDED = _("Decided. What was recommended is being carried out.")
RETURNED = _("Returned. The back office sees your reason and drafts again.")


def move_routes(office: Office) -> APIRouter:
    router = APIRouter(prefix="/district/cases/{case_id}", include_in_schema=False)

    @router.get("/recommendation")
    async def draft(request: Request, case_id: str, actor: Drafting) -> Response:
        return await Moving(office, request, actor, case_id, OfficeMove.RECOMMENDATION).open()

    @router.post("/recommendation")
    async def recommend(request: Request, case_id: str, actor: Drafting) -> Response:
        moving = Moving(office, request, actor, case_id, OfficeMove.RECOMMENDATION)
        form, stored = await Form.read(request), await moving.stored()
        rules = office.reference.rules_at(stored.area, office.clock.now())
        try:
            decisions = drafted(form, choices_of(stored.handling, rules))
        except WrongInput:
            return await moving.again(form)

        async def deed(unit: UnitOfWork, edition: int) -> StoredHandling:
            return await recommend_handling(unit, actor, office.reference, case_id, decisions, expected=edition)

        return await moving.make(form, deed, PAGES.see(moving.case_page, notice=DRAFTED))

    @router.get("/review")
    async def read_draft(request: Request, case_id: str, actor: Reviewing) -> Response:
        return await Moving(office, request, actor, case_id, OfficeMove.REVIEW).open()

    @router.post("/review")
    async def review(request: Request, case_id: str, actor: Reviewing) -> Response:
        moving, form = Moving(office, request, actor, case_id, OfficeMove.REVIEW), await Form.read(request)
        try:
            chosen = ruled(form)
        except WrongInput:
            return await moving.again(form)

        async def deed(unit: UnitOfWork, edition: int) -> StoredHandling:
            return await review_handling(unit, actor, case_id, chosen.ruling, reason=chosen.reason, expected=edition)

        # Not to the case: a supervisor sees what waits for a review, and only that.
        return await moving.make(form, deed, PAGES.see(QUEUE, notice=_done(chosen.ruling, REVIEWED)))

    @router.get("/decision")
    async def read_review(request: Request, case_id: str, actor: Deciding) -> Response:
        return await Moving(office, request, actor, case_id, OfficeMove.DECISION).open()

    @router.post("/decision")
    async def decide(request: Request, case_id: str, actor: Deciding) -> Response:
        moving, form = Moving(office, request, actor, case_id, OfficeMove.DECISION), await Form.read(request)
        try:
            chosen = ruled(form)
        except WrongInput:
            return await moving.again(form)

        async def deed(unit: UnitOfWork, edition: int) -> StoredHandling:
            return await decide_handling(
                unit, actor, office.reference, case_id, chosen.ruling, reason=chosen.reason, expected=edition
            )

        return await moving.make(form, deed, PAGES.see(moving.case_page, notice=_done(chosen.ruling, DECIDED)))

    return router


def _done(ruling: Ruling, approved: str) -> str:
    return approved if ruling is Ruling.APPROVE else RETURNED
