"""The citizen's contact, handed out by purpose, and who asked for it."""

from datetime import datetime

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from chassis.http.access import scope_of
from chassis.http.editing import ExpectedEdition
from chassis.http.paging import Cursor, Limit, PageOf
from chassis.store import Store, UnitOfWork
from contracts.fields import Id
from contracts.vocabulary import MessageChannel
from services.intake.api.access import AtTheDesk, ContactReader, Overseer
from services.intake.api.changing import changed_case
from services.intake.api.views import ComplaintView
from services.intake.commands.contact import Disclosure, choose_contact_preferences, disclose_contact
from services.intake.domain.contacting import (
    ContactAnswer,
    ContactChannel,
    ContactPreferences,
    ContactPurpose,
    ContactWithheld,
    channel_of,
)
from services.intake.domain.people import Language
from services.intake.queries import page_of_accesses
from services.intake.store import ContactAccess, StoredComplaint


class AskingForContact(BaseModel):
    """Why the contact is needed. Written down with the asker, whatever the answer."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    purpose: ContactPurpose
    causing_event: Id = Field(description="The event that the citizen is to be told of")


class ContactView(BaseModel):
    """How to reach the citizen. For this purpose only, and not to be kept."""

    addressee: str = Field(description="Empty when there is no channel: nobody is to be addressed")
    email: str | None
    phone: str | None
    channel: ContactChannel = Field(description="What the citizen prefers; none: there is no contact")
    channels: tuple[MessageChannel, ...] = Field(description="What to try, in the citizen's order")
    language: Language
    case_number: str


class AccessView(BaseModel):
    """One asking for a contact."""

    access_id: str
    asked_at: datetime
    asked_by: str = Field(description="The issuer's subject of the service")
    purpose: ContactPurpose
    causing_event: str
    answer: ContactAnswer = Field(description="withheld: there was no legal basis; no_contact: there was none to give")


def contact_routes(store: Store) -> APIRouter:
    router = APIRouter(tags=["contact"])

    @router.post(
        "/complaints/{case_id}/contact",
        operation_id="askForContact",
        summary="How to reach the citizen of a case, for a purpose",
        description="For services. Every asking is written down where village and auditor see it. 409 "
        "contact-withheld: no legal basis, or consent was taken back.",
    )
    async def ask(case_id: str, asking: AskingForContact, actor: ContactReader) -> ContactView:
        async def deed(unit: UnitOfWork) -> Disclosure:
            return await disclose_contact(unit, actor, case_id, asking.purpose, asking.causing_event)

        disclosure = await store.transact(scope_of(actor), deed)
        if disclosure.given.answer is ContactAnswer.WITHHELD:
            # Only now: raised within the unit of work it would take the record of the asking away.
            raise ContactWithheld
        return _contact(disclosure)

    @router.put(
        "/complaints/{case_id}/contact-preferences",
        operation_id="chooseContactPreferences",
        summary="How the citizen of a case wants to be told, or that they want no messages",
        description="Counts for all their cases from now on. 409 no-contact-to-prefer: nobody gave a contact. 422 "
        "no-legal-basis: they want messages and have not agreed to them, or no longer: say how they agreed. Needs "
        "If-Match.",
    )
    async def choose(
        case_id: str, chosen: ContactPreferences, actor: AtTheDesk, expected: ExpectedEdition, response: Response
    ) -> ComplaintView:
        async def deed(unit: UnitOfWork) -> StoredComplaint:
            return await choose_contact_preferences(unit, actor, case_id, chosen, expected=expected)

        return await changed_case(store, actor, deed, response)

    @router.get(
        "/complaints/{case_id}/accesses",
        operation_id="listContactAccesses",
        summary="Who asked for the contact of a case, when and why",
    )
    async def accesses(case_id: str, actor: Overseer, cursor: Cursor = None, limit: Limit = 50) -> PageOf[AccessView]:
        page = await page_of_accesses(store, scope_of(actor), case_id, cursor=cursor, limit=limit)
        return PageOf[AccessView].showing(page, _access)

    return router


def _contact(disclosure: Disclosure) -> ContactView:
    person = disclosure.given.person
    if person is None or person.contact is None:
        return ContactView(
            addressee="",
            email=None,
            phone=None,
            channel=ContactChannel.NONE,
            channels=(),
            language=Language.INDONESIAN,
            case_number=disclosure.case_number,
        )
    contact = person.contact
    return ContactView(
        addressee=person.name,
        email=contact.email,
        phone=contact.phone,
        channel=channel_of(contact.preferred),
        channels=contact.channels,
        language=contact.language,
        case_number=disclosure.case_number,
    )


def _access(access: ContactAccess) -> AccessView:
    return AccessView(
        access_id=access.id,
        asked_at=access.asked_at,
        asked_by=access.asked_by,
        purpose=access.purpose,
        causing_event=access.causing_event,
        answer=access.answer,
    )
