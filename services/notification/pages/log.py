"""/messages: what became of every message, the latest first."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from chassis.http.access import scope_of
from chassis.identity import Actor
from chassis.pages import Form
from chassis.pages import lazy as _
from chassis.regions import KemendagriRegions
from chassis.signin import signed_in_as
from chassis.store import Store
from contracts.vocabulary import MessageChannel
from services.notification.domain.delivery import DeliveryStatus
from services.notification.domain.moments import Zone
from services.notification.pages import LOG_READERS, PAGES, words
from services.notification.queries import CaseLog, Wanted, log_of_messages

ZONES = {Zone.WIB: "Asia/Jakarta", Zone.WITA: "Asia/Makassar", Zone.WIT: "Asia/Jayapura"}
CASE_ID_LETTERS = 36
ALL = "all"

Reader = Annotated[Actor, Depends(signed_in_as(*LOG_READERS))]


def wanted_of(form: Form) -> Wanted:
    """What the filters ask for; what they do not know is refused in the form and left out."""
    case = form.text("case")
    if len(case) not in (0, CASE_ID_LETTERS):
        form.refuse("case", _("Write the whole id of the case, as the log shows it."))
        case = ""
    channel, state = form.text("channel"), form.text("state")
    return Wanted(
        case_id=case or None,
        channel=MessageChannel(channel) if channel in words.CHANNELS else None,
        state=DeliveryStatus(state) if state in words.STATES else None,
    )


def log_routes(store: Store, regions: KemendagriRegions) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/messages")
    async def browse(request: Request, actor: Reader, cursor: str | None = None) -> Response:
        asked = {"channel": [ALL], "state": [ALL]}
        asked |= {name: [value.strip()] for name, value in request.query_params.items() if value.strip()}
        form = Form(asked, posted=True)
        wanted = wanted_of(form)
        found = await log_of_messages(store, scope_of(actor), wanted, cursor)
        return PAGES.show(
            request,
            "log.html",
            422 if form.errors else 200,
            form=form,
            found=found,
            filtered=wanted != Wanted(),
            cursor=cursor,
            words=words,
            now=store.clock.now(),
            place=lambda log: regions.name(log.case.area) or log.case.area,
            zone=zone,
        )

    return router


def zone(log: CaseLog) -> str:
    return ZONES[Zone.of(log.case.area)]
