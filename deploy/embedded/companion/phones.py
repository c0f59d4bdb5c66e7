"""Providers that deliver to nobody: every SMS and WhatsApp of the demonstration is kept in a folder, to be read.

They stand in for Twilio's API and Meta's Cloud API, as far as notification uses them.
"""

import time
from datetime import UTC, datetime
from pathlib import Path
from string import Template
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Header
from fastapi.responses import JSONResponse
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from contracts.vocabulary import MessageChannel
from deploy.embedded.atomic import write_atomically
from deploy.embedded.companion.addresses import SMS_PATH, WHATSAPP_PATH
from services.notification.channels.whatsapp import TEMPLATE_PREFIX
from services.notification.domain.message import TEMPLATES
from services.notification.short_texts import ShortTexts
from services.notification.words import Language

NO_SUCH_TEMPLATE, WRONG_PARAMETERS, INVALID_NUMBER = 132001, 132000, 21211


class ShortMessage(BaseModel):
    """One message as its reader would see it.

    The same `reference` twice is one message, sent again because the sender was cut off before it knew.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    reference: str
    channel: MessageChannel
    received_at: AwareDatetime
    recipient: str
    text: str


class PhoneBox:
    """Messages as files, oldest first by name: nanoseconds since 1970."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, channel: MessageChannel, recipient: str, text: str, reference: str) -> ShortMessage:
        received_ns = time.time_ns()
        message = ShortMessage(
            id=f"{received_ns:020d}",
            reference=reference,
            channel=channel,
            received_at=datetime.fromtimestamp(received_ns / 1e9, UTC),
            recipient=recipient,
            text=text,
        )
        write_atomically(self._folder / f"{message.id}.json", message.model_dump_json().encode())
        return message

    def messages(self, to: str | None = None) -> list[ShortMessage]:
        """All messages, or those to one number."""
        kept = [ShortMessage.model_validate_json(file.read_bytes()) for file in sorted(self._folder.glob("*.json"))]
        return [message for message in kept if to in (None, message.recipient)]


class Parameter(BaseModel):
    parameter_name: str
    text: str


class Component(BaseModel):
    type: Literal["body"]
    parameters: list[Parameter]


class Spoken(BaseModel):
    code: str


class Approved(BaseModel):
    name: str
    language: Spoken
    components: list[Component]


class WhatsAppRequest(BaseModel):
    """What Meta's API takes, as far as it is asked."""

    messaging_product: Literal["whatsapp"]
    to: str = Field(pattern=r"^[1-9][0-9]{7,14}$")
    type: Literal["template"]
    template: Approved
    biz_opaque_callback_data: str = ""


class ShortMessageForm(BaseModel):
    """What Twilio's API takes, as far as it is asked."""

    recipient: str = Field(alias="To")
    sender: str = Field(alias="From")
    text: str = Field(alias="Body", min_length=1, max_length=1600)


class ApprovedTemplates:
    """The texts that Meta approved: those that notification has. A request names one and fills it in."""

    def __init__(self) -> None:
        self._texts = ShortTexts.load(MessageChannel.WHATSAPP)

    def find(self, approved: Approved) -> Template | None:
        name = approved.name.removeprefix(TEMPLATE_PREFIX)
        known = approved.name.startswith(TEMPLATE_PREFIX) and name in TEMPLATES
        spoken = approved.language.code in {language.value for language in Language}
        return self._texts.body(name, Language(approved.language.code)) if known and spoken else None


def phone_routes(box: PhoneBox) -> APIRouter:
    routes = APIRouter(tags=["phones"])
    templates = ApprovedTemplates()

    @routes.get("/phones")
    def read_messages(to: str | None = None) -> list[ShortMessage]:
        return box.messages(to)

    @routes.post(SMS_PATH + "/2010-04-01/Accounts/{account}/Messages.json")
    def take_sms(
        form: Annotated[ShortMessageForm, Form()], idempotency_key: Annotated[str, Header()] = ""
    ) -> JSONResponse:
        if not form.recipient.startswith("+") or not form.recipient[1:].isdigit():
            problem = {"code": INVALID_NUMBER, "message": "Invalid 'To' Phone Number", "status": 400}
            return JSONResponse(problem, 400)
        kept = box.keep(MessageChannel.SMS, form.recipient, form.text, idempotency_key)
        return JSONResponse({"sid": f"SM{kept.id}", "status": "queued", "to": form.recipient}, 201)

    @routes.post(WHATSAPP_PATH + "/{sender_id}/messages")
    def take_whatsapp(request: WhatsAppRequest) -> JSONResponse:
        text = templates.find(request.template)
        if text is None:
            return _refused(404, NO_SUCH_TEMPLATE, "Template name does not exist in the translation")
        given = {one.parameter_name: one.text for part in request.template.components for one in part.parameters}
        if given.keys() != set(text.get_identifiers()):
            return _refused(400, WRONG_PARAMETERS, "Number of parameters does not match")
        said = text.substitute(given)
        kept = box.keep(MessageChannel.WHATSAPP, f"+{request.to}", said, request.biz_opaque_callback_data)
        contact = {"input": request.to, "wa_id": request.to}
        return JSONResponse(
            {
                "messaging_product": "whatsapp",
                "contacts": [contact],
                "messages": [{"id": f"wamid.{kept.id}", "message_status": "accepted"}],
            }
        )

    return routes


def _refused(status: int, code: int, message: str) -> JSONResponse:
    error = {"message": f"(#{code}) {message}", "type": "OAuthException", "code": code}
    return JSONResponse({"error": error}, status)
