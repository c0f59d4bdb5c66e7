"""Providers report to the running service; who is no provider is refused."""

import hmac
import json
from base64 import b64encode
from hashlib import sha1, sha256
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from contracts.events import ComplaintCreated, NotificationDelivered
from contracts.vocabulary import MessageChannel
from tests.harness.builders import a_complaint_state
from tests.integration.notification.conftest import Notification, Notify
from tests.integration.notification.outside import Contact, Intake, MailServer, SmsProvider
from tests.unit.notification.story import Teller

PUBLIC = "https://puskesos.example/messages"
SMS, EMAIL = MessageChannel.SMS, MessageChannel.EMAIL
WHATSAPP: dict[str, Any] = {
    "whatsapp_url": "http://127.0.0.1:1",
    "whatsapp_sender_id": "1065",
    "whatsapp_token": "token",
    "whatsapp_app_secret": "app-secret",
    "whatsapp_verify_token": "agreed upon",
}


def sms_settings(provider: SmsProvider) -> dict[str, Any]:
    return {
        "sms_url": provider.url,
        "sms_account": "AC0",
        "sms_token": "sms-token",
        "sms_sender": "PUSKESOS",
        "reports_url": PUBLIC,
    }


async def report(
    notification: Notification, address: str, status: str = "undelivered", key: bytes = b"sms-token"
) -> httpx.Response:
    """As the provider of short messages reports to the address it was given."""
    form = {"MessageStatus": status, "To": "+6281200000000"}
    signed = address + "".join(f"{name}{form[name]}" for name in sorted(form))
    signature = b64encode(hmac.new(key, signed.encode(), sha1).digest()).decode()
    return await notification.service.api.post(
        address.removeprefix(PUBLIC),
        content=urlencode(form),
        headers={"X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded"},
    )


async def test_a_short_message_that_did_not_arrive_is_told_by_letter_once_however_often_it_is_reported(
    notify: Notify, intake: Intake, mail: MailServer, teller: Teller
) -> None:
    provider = SmsProvider()
    intake.contact = Contact(channels=("sms", "email"))
    async with provider.answering():
        notification = await notify(intake, mail, **sms_settings(provider))
        # Urgent, or it would wait for the morning when the test runs at night.
        await notification.hears(teller.tells(ComplaintCreated(complaint=a_complaint_state(fast_track=True))))
        (taken,) = await notification.ended(teller.case)
        address = provider.taken[0]["StatusCallback"]
        for status in ("sent", "delivered"):
            assert (await report(notification, address, status)).status_code == 200
        assert (await report(notification, address, key=b"another")).status_code == 403
        assert mail.letters == []
        for _ in range(2):
            assert (await report(notification, address)).status_code == 200
        again = await notification.ended(teller.case, 2)
        assert (await report(notification, address)).status_code == 200
        told = await notification.told(2)

    assert [one.channel for one in sorted(again, key=lambda one: one.planned_at)] == [SMS, EMAIL]
    ends = [fact.data for fact in told if isinstance(fact.data, NotificationDelivered)]
    assert [(one.channel, one.about) for one in sorted(ends, key=lambda one: one.delivered_at)] == [
        (SMS, taken.about),
        (EMAIL, taken.about),
    ]
    assert (len(provider.taken), len(mail.letters)) == (1, 1)


async def test_only_who_signs_as_the_provider_is_heard_and_the_word_agreed_upon_shows_that_the_address_is_ours(
    notify: Notify, intake: Intake, mail: MailServer
) -> None:
    notification = await notify(intake, mail, **WHATSAPP)
    api = notification.service.api
    body = json.dumps({"entry": []}).encode()
    signature = "sha256=" + hmac.new(b"app-secret", body, sha256).hexdigest()
    for headers, status in (({}, 403), ({"X-Hub-Signature-256": "sha256=0"}, 403)):
        assert (await api.post("/reports/whatsapp", content=body, headers=headers)).status_code == status
    heard = await api.post("/reports/whatsapp", content=body, headers={"X-Hub-Signature-256": signature})
    assert heard.status_code == 200

    asked = {"hub.mode": "subscribe", "hub.verify_token": "agreed upon", "hub.challenge": "1158201444"}
    ours = await api.get("/reports/whatsapp", params=asked)
    assert (ours.status_code, ours.text) == (200, "1158201444")
    assert ours.headers["content-type"].startswith("text/plain")
    assert (await api.get("/reports/whatsapp", params=asked | {"hub.verify_token": "another"})).status_code == 403


@pytest.mark.parametrize("channel", ["sms", "email", "pigeon"])
async def test_where_no_provider_reports_there_is_nothing(
    notify: Notify, intake: Intake, mail: MailServer, channel: str
) -> None:
    notification = await notify(intake, mail)
    assert (await notification.service.api.post(f"/reports/{channel}", content=b"")).status_code == 404
    assert (await notification.service.api.get("/reports/whatsapp")).status_code == 403
