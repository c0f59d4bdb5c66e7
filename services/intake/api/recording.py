"""Recording and finding cases."""

from typing import Annotated

from fastapi import APIRouter, Body, Query, Response

from chassis.http.access import scope_of
from chassis.http.editing import tag
from chassis.http.idempotency import OnceKey, create_once
from chassis.http.paging import Cursor, Limit, PageOf
from chassis.store import Store, UnitOfWork
from contracts.vocabulary import ComplaintKind, ComplaintStatus
from services.intake.api.access import AtTheDesk, OfTheVillage
from services.intake.api.examples import RECORDING
from services.intake.api.views import ComplaintSummary, ComplaintView, summary_of, view_of
from services.intake.commands.desk import Desk
from services.intake.commands.recording import record_complaint
from services.intake.domain.regions import known_village
from services.intake.problems import area_outside_yours
from services.intake.queries import QueueOrder, page_of_complaints, read_case
from services.intake.told import ToldComplaint


def recording_routes(store: Store, desk: Desk) -> APIRouter:
    router = APIRouter(tags=["complaints"])

    @router.post(
        "/complaints",
        status_code=201,
        operation_id="recordComplaint",
        summary="Record a case with its people",
        description="A person known by the same NIK in the village is linked, never doubled; one without a NIK is "
        "recorded with the reason and gets a suggestion. The answer has the case number and, as ETag, what If-Match "
        "needs. Complaints about an officer's conduct are refused here: they go to the district inspectorate.",
    )
    async def record(
        told: Annotated[ToldComplaint, Body(openapi_examples=RECORDING)],
        actor: AtTheDesk,
        key: OnceKey,
        response: Response,
    ) -> ComplaintView:
        known_village(told.area, desk.regions)
        if not scope_of(actor).covers(told.area):
            raise area_outside_yours()

        async def deed(unit: UnitOfWork) -> str:
            return (await record_complaint(unit, actor, desk, told)).id

        case_id, _ = await create_once(store, scope_of(actor), key, told.area, deed)
        case = await read_case(store, scope_of(actor), case_id)
        tag(response, case.stored)
        response.headers["Location"] = f"/v1/complaints/{case.stored.id}"
        return view_of(case)

    @router.get(
        "/complaints",
        operation_id="listComplaints",
        summary="The cases of your area, or the one with a case number",
    )
    async def queue(
        actor: OfTheVillage,
        *,
        status: ComplaintStatus | None = None,
        kind: ComplaintKind | None = None,
        case_number: Annotated[
            str | None, Query(max_length=40, description="As the citizen reads it; spaces and hyphens are read over")
        ] = None,
        order: QueueOrder = "newest",
        cursor: Cursor = None,
        limit: Limit = 50,
    ) -> PageOf[ComplaintSummary]:
        page = await page_of_complaints(
            store,
            scope_of(actor),
            status=status,
            kind=kind,
            case_number=case_number,
            order=order,
            cursor=cursor,
            limit=limit,
        )
        return PageOf[ComplaintSummary].showing(page, summary_of)

    @router.get("/complaints/{case_id}", operation_id="readComplaint", summary="A case with its people")
    async def read(case_id: str, actor: OfTheVillage, response: Response) -> ComplaintView:
        case = await read_case(store, scope_of(actor), case_id)
        tag(response, case.stored)
        return view_of(case)

    return router
