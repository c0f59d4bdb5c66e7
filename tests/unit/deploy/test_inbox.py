"""The demonstration's inbox: what would reach each person, by mail, SMS and WhatsApp."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from opentelemetry.trace import NoOpTracer
from pydantic import SecretStr

from chassis.pages.texts import Room, faults
from contracts.vocabulary import MessageChannel
from deploy.embedded.companion import inbox
from deploy.embedded.companion.addresses import SMS_PATH, WHATSAPP_PATH
from deploy.embedded.companion.app import create_app
from deploy.embedded.companion.mail import MailBox
from deploy.embedded.companion.settings import CompanionSettings
from deploy.embedded.ports import any_free_port
from services.notification.channels import Channel
from services.notification.channels.sms import Sms
from services.notification.channels.whatsapp import WhatsApp
from services.notification.outcomes import NotNow, Refused
from services.notification.settings import SmsSettings, WhatsAppSettings
from services.notification.short_texts import ShortTexts
from tests.unit.notification.test_providers import PARCEL

NUMBER = "+6281200000000"
HOME = "http://testserver"


@pytest.fixture
def companion(tmp_path: Path) -> Iterator[TestClient]:
    with TestClient(create_app(CompanionSettings(var=tmp_path, smtp_port=any_free_port()))) as client:
        yield client


class ToCompanion(httpx.AsyncBaseTransport):
    """Brings a provider's request to the companion."""

    def __init__(self, companion: TestClient) -> None:
        self._companion = companion

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = self._companion.request(
            request.method, request.url.raw_path.decode(), content=await request.aread(), headers=request.headers
        )
        return httpx.Response(answer.status_code, content=answer.content)


def channels(companion: TestClient) -> dict[str, Channel]:
    """Notification's own adapters, as `make run` sets them up."""
    transport = ToCompanion(companion)
    sms = SmsSettings(HOME + SMS_PATH, "demo", SecretStr("nobody-asks"), "PUSKESOS")
    whatsapp = WhatsAppSettings(HOME + WHATSAPP_PATH, "demo", SecretStr("nobody-asks"))
    return {
        "sms": Sms(sms, ShortTexts.load(MessageChannel.SMS), NoOpTracer(), transport),
        "whatsapp": WhatsApp(whatsapp, ShortTexts.load(MessageChannel.WHATSAPP), NoOpTracer(), transport),
    }


async def test_what_notification_sends_is_kept_as_its_reader_would_see_it(companion: TestClient) -> None:
    for channel in channels(companion).values():
        await channel.send(PARCEL)
    sms, whatsapp = companion.get("/phones", params={"to": NUMBER}).json()

    assert (sms["channel"], sms["recipient"], sms["reference"]) == ("sms", NUMBER, PARCEL.delivery_id)
    assert (whatsapp["channel"], whatsapp["recipient"]) == ("whatsapp", NUMBER)
    for message in (sms, whatsapp):
        assert PARCEL.to.case_number in message["text"]
        assert "$" not in message["text"]
    assert companion.get("/phones", params={"to": "+6281299999999"}).json() == []


async def test_the_inbox_shows_each_person_what_came_by_every_channel(companion: TestClient, tmp_path: Path) -> None:
    empty = companion.get("/inbox").text
    ways = channels(companion)
    await ways["sms"].send(PARCEL)
    await ways["sms"].send(PARCEL)  # the same message: its sender was cut off
    await ways["whatsapp"].send(PARCEL)
    MailBox(tmp_path / "mail").keep(
        "puskesos@demo.invalid",
        ["Ibu@rekaan.example"],
        b"Subject: Kabar\r\nMessage-ID: <1@puskesos>\r\n\r\nHalo <b>Ibu",
    )
    page = companion.get("/inbox", headers={"Accept-Language": "en"})
    one = companion.get("/inbox", params={"to": NUMBER}, headers={"Accept-Language": "en"}).text

    assert "Belum ada yang menerima apa-apa." in empty
    assert page.status_code == 200
    assert page.text.count("<section") == 2
    assert page.text.count("<details") == 3
    assert "came 2 times" in page.text
    assert "Halo &lt;b&gt;Ibu" in page.text
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert (one.count("<section"), "ibu@rekaan.example" in one) == (1, False)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"name": "puskesos_unknown"}, 404),
        ({"name": "case_closed"}, 404),
        ({"language": {"code": "jv"}}, 404),
        ({"components": []}, 400),
    ],
)
def test_a_template_that_was_not_approved_like_this_is_refused(
    companion: TestClient, change: dict[str, Any], refusal: int
) -> None:
    parameters = [{"type": "text", "parameter_name": "case_number", "text": "3203022002-26-000147-8"}]
    template = {
        "name": "puskesos_referral_accepted",
        "language": {"code": "id"},
        "components": [{"type": "body", "parameters": parameters}],
    }
    body = {"messaging_product": "whatsapp", "to": NUMBER[1:], "type": "template", "template": {**template, **change}}

    assert companion.post(f"{WHATSAPP_PATH}/demo/messages", json=body).status_code == refusal
    assert companion.get("/phones").json() == []


async def test_a_number_that_is_none_is_refused_for_good(companion: TestClient) -> None:
    wrong = PARCEL.to.model_copy(update={"phone": "0812"})
    with pytest.raises(Refused):
        await channels(companion)["sms"].send(replace(PARCEL, to=wrong))
    with pytest.raises(NotNow):
        await channels(companion)["whatsapp"].send(replace(PARCEL, to=wrong))


def test_the_inbox_says_everything_in_indonesian() -> None:
    folder = Path(inbox.__file__).parent

    assert list(faults(Room("inbox", folder, folder / "locale" / "id.po"))) == []
