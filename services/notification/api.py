"""The API: what became of the messages about a case. It shows no contact, because this service has none."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel, Field

from chassis.http.access import acting_as, scope_of
from chassis.http.paging import Cursor, Limit, PageOf
from chassis.identity import Actor, Role
from chassis.store import Store
from contracts.vocabulary import DeliveryFailure, MessageChannel
from services.notification import queries
from services.notification.domain.delivery import DeliveryStatus, SkipReason
from services.notification.queries import DeliveryOfCase

Reader = Annotated[
    Actor,
    Depends(
        acting_as(
            Role.FRONT_OFFICE,
            Role.FACILITATOR,
            Role.BACK_OFFICE,
            Role.SUPERVISOR,
            Role.MANAGER,
            Role.OPERATOR,
            Role.AUDITOR,
        )
    ),
]
_UUID = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
_CASE = "01a1e220-c1c0-7001-8001-000001f3e4c6"
_DELIVERY = "6f2c1f0e-7f4b-5d38-9c55-0d6a2f1b7e10"
CaseId = Annotated[str, Query(pattern=_UUID, description="The case whose messages are wanted", examples=[_CASE])]
DeliveryId = Annotated[str, Path(pattern=_UUID, examples=[_DELIVERY])]


class DeliveryView(BaseModel):
    """One message about one fact: what it was about, and what became of it."""

    id: str = Field(examples=[_DELIVERY])
    case_id: str = Field(examples=[_CASE])
    about: str = Field(description="The event that caused it", examples=["01a211ee-fe08-701a-801a-000001f6ea1d"])
    about_type: str = Field(examples=["puskesos.referral.answered.v1"])
    template: str = Field(description="Which text told it", examples=["referral_accepted"])
    round: int = Field(description="Of the case: counts reopenings", examples=[0])
    status: DeliveryStatus = Field(
        description="planned: will be sent · delivered: a provider took it · failed: nobody could be told, reach the "
        "citizen another way · skipped: overtaken, nobody has to be told any more"
    )
    channel: MessageChannel | None = Field(description="How it went out, or was tried")
    reason: DeliveryFailure | SkipReason | None = Field(description="Why it failed or was skipped")
    happened_at: datetime = Field(description="When the fact happened (UTC)")
    planned_at: datetime = Field(description="When this service heard of it (UTC)")
    ended_at: datetime | None = Field(description="When it was delivered, failed or skipped (UTC)")
    lost_at: datetime | None = Field(
        description="When the provider that had taken it reported that it did not arrive (UTC): another one follows"
    )

    @staticmethod
    def of(found: DeliveryOfCase) -> "DeliveryView":
        delivery = found.delivery
        return DeliveryView(
            id=delivery.id,
            case_id=found.case.id,
            about=delivery.about,
            about_type=delivery.about_type,
            template=delivery.message.template,
            round=delivery.round,
            status=delivery.status,
            channel=delivery.channel,
            reason=delivery.skipped or delivery.failure,
            happened_at=delivery.happened_at,
            planned_at=delivery.planned_at,
            ended_at=delivery.ended_at,
            lost_at=delivery.lost_at,
        )


def delivery_routes(store: Store) -> APIRouter:
    router = APIRouter(prefix="/v1", tags=["deliveries"])

    @router.get(
        "/deliveries",
        operation_id="listDeliveries",
        summary="What the citizen of a case was told",
        description="Every message about the case, in the order in which things happened. 404 for a case outside your "
        "area, or one that nothing was heard of yet.",
    )
    async def list_deliveries(
        actor: Reader, case_id: CaseId, cursor: Cursor = None, limit: Limit = 50
    ) -> PageOf[DeliveryView]:
        page = await queries.deliveries_of_case(store, scope_of(actor), case_id, cursor, limit)
        return PageOf[DeliveryView](items=[DeliveryView.of(item) for item in page.items], next_cursor=page.next_cursor)

    @router.get("/deliveries/{delivery_id}", operation_id="readDelivery", summary="What became of one message")
    async def read_delivery(actor: Reader, delivery_id: DeliveryId) -> DeliveryView:
        return DeliveryView.of(await queries.delivery(store, scope_of(actor), delivery_id))

    return router
