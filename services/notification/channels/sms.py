"""Short messages by a provider with Twilio's API (2010-04-01), which several others speak too."""

import httpx
from opentelemetry.trace import Tracer
from pydantic import BaseModel

from contracts.vocabulary import MessageChannel
from services.notification.channels.port import Parcel
from services.notification.channels.provider import Provider
from services.notification.channels.sms_reports import reports_of
from services.notification.contacts import Contact
from services.notification.settings import SmsSettings
from services.notification.short_texts import ShortTexts

RECIPIENT_CODES = frozenset({21211, 21214, 21217, 21219, 21265, 21610, 21612, 21614, 21635})
"""What is wrong with this recipient for good: no such number, no mobile, asked not to be written to, a landline.
Everything else (our account, our sender, the rate, their outage) is mended in time.
Source: twilio.com/docs/api/errors."""


class _Problem(BaseModel):
    code: int | None = None


class Sms:
    """The provider of this installation. Repetitions carry the same Idempotency-Key, for those who know it."""

    kind = MessageChannel.SMS

    def __init__(
        self,
        settings: SmsSettings,
        texts: ShortTexts,
        tracer: Tracer,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._texts = texts
        self._sender = settings.sender
        self._reported_to = settings.reported_to
        self._path = f"/2010-04-01/Accounts/{settings.account}/Messages.json"
        auth = httpx.BasicAuth(settings.account, settings.token.get_secret_value())
        self._provider = Provider("sms", settings.url, tracer, auth=auth, transport=transport)

    def reaches(self, contact: Contact) -> bool:
        return contact.phone is not None

    async def send(self, parcel: Parcel) -> None:
        """Raises NotNow, Refused."""
        text = self._texts.write(
            parcel.message, case_number=parcel.to.case_number, language=parcel.to.spoken, area=parcel.area
        )
        reports = {"StatusCallback": reports_of(parcel.delivery_id, self._reported_to)} if self._reported_to else {}
        answer = await self._provider.post(
            self._path,
            parcel.case_id,
            data={"To": parcel.to.phone, "From": self._sender, "Body": text.text, **reports},
            headers={"Idempotency-Key": parcel.delivery_id},
        )
        self._provider.accept(answer, _code, RECIPIENT_CODES)

    async def close(self) -> None:
        await self._provider.close()


def _code(answer: bytes) -> int | None:
    return _Problem.model_validate_json(answer).code
