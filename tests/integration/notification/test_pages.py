"""The pages about messages: what became of each, and what each says."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime

import httpx
import pytest
import pytest_asyncio

from chassis.bus import Message
from contracts import encode
from contracts.vocabulary import DeliveryFailure, MessageChannel
from services.notification.domain.message import TEMPLATES
from services.notification.store import CASES
from tests.harness.builders import JAMBUDIPA
from tests.harness.signed_in import browsing
from tests.harness.tokens import Issuer
from tests.integration.notification.conftest import Notification, Notify
from tests.integration.notification.outside import Intake, MailServer
from tests.unit.notification.story import Teller, whole_story

ELSEWHERE = "75.01.24.2001"
MORNING = datetime(2031, 1, 7, tzinfo=UTC)
"""Seven in the morning in Jambudipa."""


@pytest_asyncio.fixture
async def heard(notify: Notify, teller: Teller) -> AsyncIterator[Notification]:
    """A service that knows two cases: of one the first message failed and the second is on its way by SMS."""
    notification = await notify(Intake(), MailServer(), settle_seconds=3600)
    processor = notification.service.runtime.processor
    assert processor is not None
    other = Teller(area=ELSEWHERE, now=teller.now)
    for offset, event in enumerate((*whole_story(teller), *whole_story(other)[:1])):
        await processor.process([Message(event.data.topic, 0, offset, event.subject.encode(), encode(event), None)])
    collection = notification.service.runtime.store.database[CASES.name]
    await collection.update_one(
        {"_id": teller.case},
        {
            "$set": {
                "deliveries.0.status": "failed",
                "deliveries.0.failure": DeliveryFailure.NO_CHANNEL.value,
                "deliveries.1.status": "delivered",
                "deliveries.1.channel": MessageChannel.SMS.value,
                "deliveries.1.ended_at": teller.now,
                "deliveries.2.held_until": MORNING,
            }
        },
    )
    yield notification


def someone(
    heard: Notification, issuer: Issuer, role: str, area: str = ""
) -> AbstractAsyncContextManager[httpx.AsyncClient]:
    return browsing(heard.service, issuer, role, area=area)


async def test_an_operator_sees_what_became_of_every_message_and_whom_none_of_it_was_for(
    heard: Notification, issuer: Issuer, teller: Teller
) -> None:
    async with someone(heard, issuer, "operator") as operator:
        home = await operator.get("/")
        log = await operator.get("/messages")
        failed = await operator.get("/messages", params={"state": "failed"})
        by_sms = await operator.get("/messages", params={"channel": "sms", "case": teller.case})
        none = await operator.get("/messages", params={"channel": "whatsapp"})
        wrong = await operator.get("/messages", params={"case": "my case", "state": "failed"})
        foreign = await operator.get("/messages", params={"cursor": "elsewhere"})

    assert (home.status_code, home.headers["location"]) == (303, "/messages")
    assert log.status_code == 200
    assert "The citizen gave no address" in log.text
    waits = log.text.split("Waits for the end of the quiet hours, at the moment shown.")
    assert len(waits) == 2
    assert "7 January 2031, 07:00 WIB" in waits[1].partition("</tr>")[0]
    assert log.text.index(ELSEWHERE if ELSEWHERE in log.text else "Pilolalenga") < log.text.index(teller.case)
    assert failed.text.count("<tr>") == 2  # the headings, and the one that failed
    assert by_sms.text.count("<tr>") == 2
    assert "No message is like this." in none.text
    assert wrong.status_code == 422
    assert 'value="my case"' in wrong.text
    assert foreign.status_code == 400


async def test_the_log_is_for_operators_and_auditors_within_their_area(
    heard: Notification, issuer: Issuer, teller: Teller
) -> None:
    async with someone(heard, issuer, "auditor", area="32.03") as auditor:
        log = await auditor.get("/messages", headers={"Accept-Language": "id"})
    async with someone(heard, issuer, "front_office", area=JAMBUDIPA) as clerk:
        refused = await clerk.get("/messages")
    async with browsing(heard.service) as nobody:
        sent = await nobody.get("/messages")

    assert log.status_code == 200
    assert log.text.count("<section") == 1
    assert "Pesan kepada warga" in log.text
    assert refused.status_code == 403
    assert (sent.status_code, sent.headers["location"].startswith("/sign-in?")) == (303, True)


@pytest.mark.parametrize(("text", "greeting"), [("id", "Yth. Bapak/Ibu Ibu Contoh,"), ("en", "Dear Ibu Contoh,")])
async def test_every_text_can_be_looked_at_in_every_channel_and_language(
    heard: Notification, issuer: Issuer, text: str, greeting: str
) -> None:
    async with someone(heard, issuer, "manager", area="32.03") as manager:
        page = await manager.get("/messages/templates", params={"text": text})

    assert page.status_code == 200
    assert page.text.count("<details") == 3 * len(TEMPLATES)
    assert page.text.count(greeting) == len(TEMPLATES)
    assert "puskesos_case_decided" in page.text
    assert "not set up here" in page.text
