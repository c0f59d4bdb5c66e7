"""What we send to each provider, and how we read what it answers: pairs as the providers document them (recorded/)."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from opentelemetry.trace import NoOpTracer
from pydantic import SecretStr

from contracts.vocabulary import MessageChannel
from services.notification.channels import Channel, Parcel
from services.notification.channels.sms import Sms
from services.notification.channels.whatsapp import WhatsApp
from services.notification.contacts import Contact
from services.notification.domain.message import ReferralAccepted
from services.notification.outcomes import NotNow, Refused
from services.notification.settings import SmsSettings, WhatsAppSettings
from services.notification.short_texts import ShortTexts
from tests.harness.builders import JAMBUDIPA, RECORDED_AT

RECORDED = Path(__file__).parent / "recorded"
PARCEL = Parcel(
    ReferralAccepted(programme="pbi_jk", agency="cianjur-health"),
    Contact(addressee="Ibu Rekaan", phone="+6281200000000", case_number="3203022002-26-000147-8"),
    delivery_id="6f2c1f0e-7f4b-5d38-9c55-0d6a2f1b7e10",
    case_id="01a1e220-c1c0-7001-8001-000001f3e4c6",
    area=JAMBUDIPA,
    now=RECORDED_AT,
)

Answering = Callable[[httpx.Request], httpx.Response]


def sms(answer: Answering) -> Channel:
    settings = SmsSettings(
        "https://api.twilio.com", "AC00000000000000000000000000000000", SecretStr("sms-token"), "PUSKESOS"
    )
    return Sms(settings, ShortTexts.load(MessageChannel.SMS), NoOpTracer(), httpx.MockTransport(answer))


def whatsapp(answer: Answering) -> Channel:
    settings = WhatsAppSettings("https://graph.facebook.com/v23.0", "106540352242922", SecretStr("whatsapp-token"))
    return WhatsApp(settings, ShortTexts.load(MessageChannel.WHATSAPP), NoOpTracer(), httpx.MockTransport(answer))


CHANNELS = {"sms": sms, "whatsapp": whatsapp}


async def outcome_of(channel: Channel) -> str:
    try:
        await channel.send(PARCEL)
    except Refused:
        return "refused"
    except NotNow as fault:
        assert "6281200000000" not in str(fault)
        return "in_doubt" if fault.maybe_taken else "not_now"
    finally:
        await channel.close()
    return "taken"


def body_of(request: httpx.Request) -> dict[str, Any]:
    if request.headers["content-type"] == "application/json":
        return {"json": json.loads(request.content)}
    form = parse_qs(request.content.decode(), strict_parsing=True)
    return {"form": {name: value for name, (value,) in form.items()}}


EXCHANGES = [
    pytest.param(file.parent.name, json.loads(file.read_text("utf-8")), id=f"{file.parent.name}-{file.stem}")
    for file in sorted(RECORDED.glob("*/*.json"))
]


@pytest.mark.parametrize(("name", "recorded"), EXCHANGES)
async def test_an_exchange_is_asked_and_understood_as_recorded(name: str, recorded: dict[str, Any]) -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        said = recorded["response"]
        return httpx.Response(said["status"], json=said.get("json"), text=said.get("text"))

    outcome = await outcome_of(CHANNELS[name](answer))

    (request,) = asked
    wanted = recorded["request"]
    headers = {name: request.headers.get(name) for name in wanted["headers"]}
    body = {name: wanted[name] for name in ("json", "form") if name in wanted}
    assert (request.method, request.url.path, headers) == (wanted["method"], wanted["path"], wanted["headers"])
    assert body_of(request) == body
    assert outcome == recorded["outcome"]


async def test_a_provider_of_short_messages_is_asked_to_report_where_it_reaches_us_and_of_which_delivery() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(201)

    settings = SmsSettings("https://sms.example", "AC0", SecretStr("t"), "PUSKESOS", "https://puskesos.example/m")
    await outcome_of(Sms(settings, ShortTexts.load(MessageChannel.SMS), NoOpTracer(), httpx.MockTransport(answer)))
    address = f"https://puskesos.example/m/reports/sms?delivery={PARCEL.delivery_id}"
    assert body_of(asked[0])["form"]["StatusCallback"] == address


@pytest.mark.parametrize("name", CHANNELS)
async def test_a_provider_that_was_not_reached_has_not_taken_the_message(name: str) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    assert await outcome_of(CHANNELS[name](answer)) == "not_now"


@pytest.mark.parametrize("name", CHANNELS)
@pytest.mark.parametrize("fault", [httpx.ReadTimeout("slow"), httpx.RemoteProtocolError("cut off")])
async def test_a_provider_that_was_cut_off_may_have_taken_the_message(name: str, fault: Exception) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise fault

    assert await outcome_of(CHANNELS[name](answer)) == "in_doubt"


@pytest.mark.parametrize("name", CHANNELS)
def test_no_address_says_whom_a_message_is_for(name: str) -> None:
    for file in (RECORDED / name).glob("*.json"):
        assert "6281200000000" not in json.loads(file.read_text("utf-8"))["request"]["path"]


def test_a_provider_reaches_whom_it_has_a_number_of() -> None:
    nobody = Contact(email="ibu@rekaan.example", case_number="3203022002-26-000147-8")

    assert [CHANNELS[name](lambda _: httpx.Response(200)).reaches(nobody) for name in CHANNELS] == [False, False]
