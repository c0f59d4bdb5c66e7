"""Two services as small as can be, for testing the chassis: a desk that records, and a ledger that hears.

They carry the names of real services because the manifest says who publishes and who reads.
"""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel

from chassis.area import AreaCode
from chassis.bus import Handlers, Reaction
from chassis.http.access import acting_as, scope_of
from chassis.http.editing import ExpectedEdition, tag
from chassis.http.idempotency import OnceKey, create_once
from chassis.http.paging import Cursor, Limit, PageOf
from chassis.identity import Actor, Role
from chassis.outbox.outgoing import Outgoing
from chassis.service import Platform, Service, ServiceDefinition
from chassis.settings import ServiceSettings
from chassis.store import Collection, Document, Index, Order, UnitOfWork
from contracts import Event
from contracts.events import ComplaintAmended, ComplaintCreated, ComplaintState
from contracts.vocabulary import Amendment
from tests.harness.builders import a_complaint_state


class Entry(Document):
    """What the desk keeps."""

    title: str
    made_at: datetime


class NewEntry(BaseModel):
    id: str
    area: AreaCode
    title: str


class EntryView(BaseModel):
    id: str
    title: str


ENTRIES = Collection("entries", Entry, (Index.on("within", "made_at"),))

Writer = Annotated[Actor, Depends(acting_as(Role.FRONT_OFFICE))]


def _view(entry: Entry) -> EntryView:
    return EntryView(id=entry.id, title=entry.title)


def _desk_routes(platform: Platform[ServiceSettings]) -> APIRouter:
    router = APIRouter()
    store = platform.store

    @router.post("/entries", status_code=201)
    async def record(new: NewEntry, actor: Writer, key: OnceKey, response: Response) -> EntryView:
        scope = scope_of(actor)

        async def deed(unit: UnitOfWork) -> str:
            entry = Entry(id=new.id, area=new.area, title=new.title, made_at=unit.now)
            await unit.of(ENTRIES).add(entry, [Outgoing(ComplaintCreated(complaint=a_complaint_state()))])
            return entry.id

        created, _ = await create_once(store, scope, key, new.area, deed)
        entry = await store.reading(scope, ENTRIES).get(created)
        tag(response, entry)
        return _view(entry)

    @router.get("/entries/{key}")
    async def read(key: str, actor: Writer, response: Response) -> EntryView:
        entry = await store.reading(scope_of(actor), ENTRIES).get(key)
        tag(response, entry)
        return _view(entry)

    @router.get("/entries")
    async def browse(actor: Writer, cursor: Cursor = None, limit: Limit = 50) -> PageOf[EntryView]:
        found = await store.reading(scope_of(actor), ENTRIES).page(order=Order("made_at"), cursor=cursor, limit=limit)
        return PageOf[EntryView].showing(found, _view)

    @router.put("/entries/{key}")
    async def retitle(key: str, new: NewEntry, actor: Writer, expected: ExpectedEdition) -> EntryView:
        async def deed(unit: UnitOfWork) -> Entry:
            entry = await unit.of(ENTRIES).get(key)
            amended = ComplaintAmended(change=Amendment.FACTS_CORRECTED, complaint=a_complaint_state())
            return await unit.of(ENTRIES).save(
                entry.model_copy(update={"title": new.title}), [Outgoing(amended)], expected
            )

        return _view(await store.transact(scope_of(actor), deed))

    @router.get("/broken")
    async def broken() -> None:
        raise RuntimeError("a message with a name in it: Siti Aminah")

    return router


DESK: ServiceDefinition[ServiceSettings] = ServiceDefinition(
    name="intake",
    summary="A desk.",
    settings=ServiceSettings,
    collections=(ENTRIES,),
    wire=lambda platform: Service(routers=(_desk_routes(platform),)),
)


class Account(Document):
    """What the ledger knows of one case."""

    heard_events: tuple[str, ...] = ()
    latest: ComplaintState | None = None


ACCOUNTS = Collection("accounts", Account)
POISON_AREA = "99.99.99.9999"


class HandlerBroke(Exception):
    """What the ledger's handler raises on poison."""


def ledger_handlers() -> Handlers[Account]:
    handlers = Handlers(ACCOUNTS)

    @handlers.on(ComplaintCreated, ComplaintAmended)
    def note(stored: Account | None, event: Event[Any], now: datetime) -> Reaction[Account]:
        if event.area == POISON_AREA:
            raise HandlerBroke
        account = stored or Account(id=event.correlationid, area=event.area)
        return Reaction(
            account.model_copy(
                update={"heard_events": (*account.heard_events, event.id), "latest": event.data.complaint}
            )
        )

    return handlers


LEDGER: ServiceDefinition[ServiceSettings] = ServiceDefinition(
    name="referral",
    summary="A ledger.",
    settings=ServiceSettings,
    collections=(ACCOUNTS,),
    wire=lambda platform: Service(routers=(), handlers=ledger_handlers()),
)
