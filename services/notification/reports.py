"""Where providers report that a message did not arrive, and what is done on hearing it: tell it by another channel."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import PlainTextResponse, Response

from chassis.area import COUNTRY, Scope
from chassis.http.problems import Problem
from chassis.store import NotFound, Store, Task, UnitOfWork, Work
from contracts.vocabulary import MessageChannel
from services.notification import commands, queries
from services.notification.channels.reports import Forged, Reports, Told
from services.notification.channels.whatsapp_reports import WhatsAppReports
from services.notification.outcomes import NotNow
from services.notification.store import CASES

HEAR_REPORT = "hear-report"


def report_routes(store: Store, heard: Sequence[Reports], reported_to: str) -> APIRouter:
    """`reported_to` is the address of this service as providers know it: their signatures are over it."""
    router = APIRouter(prefix="/reports", include_in_schema=False)
    by_channel = {reports.kind.value: reports for reports in heard}

    @router.get(f"/{MessageChannel.WHATSAPP.value}")
    async def show_it_is_ours(
        mode: Annotated[str, Query(alias="hub.mode")] = "",
        token: Annotated[str, Query(alias="hub.verify_token")] = "",
        challenge: Annotated[str, Query(alias="hub.challenge", max_length=100)] = "",
    ) -> Response:
        reports = by_channel.get(MessageChannel.WHATSAPP.value)
        if not isinstance(reports, WhatsAppReports) or not reports.challenged(mode, token):
            raise _forged()
        return PlainTextResponse(challenge)

    @router.post("/{channel}")
    async def hear(channel: str, request: Request) -> Response:
        reports = by_channel.get(channel)
        if reports is None:
            raise Problem(404, "no-such-reports", "No provider reports here. Look at the settings of this service.")
        query = f"?{request.url.query}" if request.url.query else ""
        told = Told(f"{reported_to}{request.url.path}{query}", request.headers, await request.body())
        try:
            lost = reports.lost(told)
        except Forged:
            raise _forged() from None
        for delivery_id in lost:
            await _note(store, delivery_id, reports.kind)
        return Response(status_code=200)

    return router


async def _note(store: Store, delivery_id: str, channel: MessageChannel) -> None:
    """A row of work, since the report may be here before our own record that the message was taken."""
    try:
        found = await queries.delivery(store, COUNTRY, delivery_id)
    except NotFound:
        return  # of a message that another installation sent by the same account

    async def deed(unit: UnitOfWork) -> None:
        unit.schedule(
            Work(
                kind=HEAR_REPORT,
                key=delivery_id,
                area=found.case.area,
                due_at=unit.now,
                subject=found.case.id,
                detail=channel.value,
            )
        )

    await store.transact(Scope(found.case.area), deed)


class Hearing:
    """Has a message told again that was taken and did not arrive."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def perform(self, task: Task) -> None:
        """Raises NotNow while the message is still on its way out."""
        case = await self._store.reading(COUNTRY, CASES).find(task.work.subject)
        delivery = case.delivery(task.work.key) if case is not None else None
        if delivery is not None and delivery.planned:
            raise NotNow("a report on a message that is not recorded as taken yet")
        await self._store.transact(
            COUNTRY,
            lambda unit: commands.tell_again(unit, task),
            causation=delivery.about if delivery is not None else None,
        )

    async def give_up(self, task: Task) -> None:
        """The message never was recorded as taken: its own end says what became of it."""
        await self._store.transact(COUNTRY, lambda unit: unit.finish(task))


def _forged() -> Problem:
    return Problem(
        403, "forged-report", "This is not signed by the provider: look at the secrets it and this service have."
    )
