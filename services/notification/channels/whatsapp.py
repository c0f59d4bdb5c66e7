"""WhatsApp by Meta's Cloud API. Whoever is written to first must be written to by an approved template: each of our
texts is one, named puskesos_<event>, with our placeholders as its named parameters (docs/operating.md)."""

import httpx
from opentelemetry.trace import Tracer
from pydantic import BaseModel

from contracts.vocabulary import MessageChannel
from services.notification.channels.port import Parcel
from services.notification.channels.provider import Provider
from services.notification.contacts import Contact
from services.notification.settings import WhatsAppSettings
from services.notification.short_texts import ShortText, ShortTexts

TEMPLATE_PREFIX = "puskesos_"
RECIPIENT_CODES = frozenset({131021, 131026, 131030, 131050})
"""What is wrong with this recipient for good: our own number, no WhatsApp there, not on a test account's list, asked
not to be written to. Everything else (token, template, rate, their outage) is mended in time.
Source: Meta, WhatsApp Business Platform, error codes."""


class _Error(BaseModel):
    code: int | None = None


class _Problem(BaseModel):
    error: _Error = _Error()


class _Parameter(BaseModel):
    type: str = "text"
    parameter_name: str
    text: str


class _Component(BaseModel):
    type: str = "body"
    parameters: list[_Parameter]


class _Language(BaseModel):
    code: str


class _Template(BaseModel):
    name: str
    language: _Language
    components: list[_Component]


class _Request(BaseModel):
    """POST /<phone number id>/messages. `biz_opaque_callback_data` comes back with each report on the message."""

    messaging_product: str = "whatsapp"
    recipient_type: str = "individual"
    to: str
    type: str = "template"
    template: _Template
    biz_opaque_callback_data: str


class WhatsApp:
    """This installation's number. The API knows no idempotency: a message whose answer was lost may come twice."""

    kind = MessageChannel.WHATSAPP

    def __init__(
        self,
        settings: WhatsAppSettings,
        texts: ShortTexts,
        tracer: Tracer,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._texts = texts
        self._path = f"/{settings.sender_id}/messages"
        headers = {
            "Authorization": f"Bearer {settings.token.get_secret_value()}",
            "Content-Type": "application/json",
        }
        self._provider = Provider("whatsapp", settings.url, tracer, headers=headers, transport=transport)

    def reaches(self, contact: Contact) -> bool:
        return contact.phone is not None

    async def send(self, parcel: Parcel) -> None:
        """Raises NotNow, Refused."""
        text = self._texts.write(
            parcel.message, case_number=parcel.to.case_number, language=parcel.to.spoken, area=parcel.area
        )
        answer = await self._provider.post(self._path, parcel.case_id, content=_request(parcel, text))
        self._provider.accept(answer, _code, RECIPIENT_CODES)

    async def close(self) -> None:
        await self._provider.close()


def _request(parcel: Parcel, text: ShortText) -> str:
    parameters = [_Parameter(parameter_name=name, text=value) for name, value in text.values.items()]
    return _Request(
        to=(parcel.to.phone or "").removeprefix("+"),
        template=_Template(
            name=f"{TEMPLATE_PREFIX}{parcel.message.template}",
            language=_Language(code=text.language.value),
            components=[_Component(parameters=parameters)],
        ),
        biz_opaque_callback_data=parcel.delivery_id,
    ).model_dump_json()


def _code(answer: bytes) -> int | None:
    return _Problem.model_validate_json(answer).error.code
