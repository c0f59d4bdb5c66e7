"""Neighbours that are away, refuse, or come back: nothing is lost, nothing is tried for ever."""

import asyncio
from collections import deque

import pytest
from fastapi import Response

from contracts.events import NotificationFailed
from contracts.vocabulary import DeliveryFailure, MessageChannel
from services.notification import carrying
from services.notification.domain.delivery import DeliveryStatus
from tests.harness.waiting import eventually
from tests.integration.notification.conftest import Notification, Notify, OwnProcess
from tests.integration.notification.outside import Intake, MailServer, problem
from tests.unit.notification import story
from tests.unit.notification.story import Teller


async def attempts(notification: Notification) -> int:
    row = await notification.service.runtime.store.database["work"].find_one({})
    return int(row["attempts"]) if row else 0


async def test_while_intake_is_away_the_message_waits_and_goes_out_when_it_is_back(
    notify: Notify, mail: MailServer, teller: Teller
) -> None:
    intake = Intake()
    notification = await notify(intake, mail)

    await notification.hears(teller.tells(story.accepted()))
    await eventually(lambda: attempts(notification), lambda made: made >= 2)
    assert mail.letters == []
    async with intake.answering():
        delivery = (await notification.ended(teller.case))[0]

    assert delivery.status is DeliveryStatus.DELIVERED
    assert len(mail.letters) == 1


async def test_while_the_mail_server_is_away_the_message_waits_and_goes_out_when_it_is_back(
    notify: Notify, intake: Intake, teller: Teller
) -> None:
    mail = MailServer()
    notification = await notify(intake, mail)

    await notification.hears(teller.tells(story.accepted()))
    await eventually(lambda: attempts(notification), lambda made: made >= 2)
    async with mail.taking_letters():
        delivery = (await notification.ended(teller.case))[0]

    assert delivery.status is DeliveryStatus.DELIVERED
    assert len(mail.letters) == 1
    assert len(await notification.told()) == 1


async def test_a_mail_server_that_stays_away_ends_in_a_failure_that_is_told(
    notify: Notify, intake: Intake, teller: Teller
) -> None:
    notification = await notify(intake, MailServer(), send_attempts_limit=3)

    await notification.hears(teller.tells(story.accepted()))
    delivery = (await notification.ended(teller.case))[0]
    told = (await notification.told())[0]

    assert delivery.failure is DeliveryFailure.GAVE_UP
    assert isinstance(told.data, NotificationFailed)
    assert told.data.reason is DeliveryFailure.GAVE_UP
    assert len(intake.asked) == 3
    assert await notification.rows_of_work() == 0


async def test_an_intake_that_stays_away_ends_in_a_failure_too(
    notify: Notify, mail: MailServer, teller: Teller
) -> None:
    notification = await notify(Intake(), mail, send_attempts_limit=2)

    await notification.hears(teller.tells(story.accepted()))

    assert (await notification.ended(teller.case))[0].failure is DeliveryFailure.GAVE_UP


async def test_a_mail_server_that_never_answers_takes_too_long_and_is_given_up(
    notify: Notify, intake: Intake, mail: MailServer, teller: Teller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carrying, "OUTSIDE_SECONDS", 0.5)
    mail.hold = asyncio.Event()
    notification = await notify(intake, mail, send_attempts_limit=2)

    await notification.hears(teller.tells(story.accepted()))
    delivery = (await notification.ended(teller.case))[0]
    mail.hold.set()

    assert delivery.failure is DeliveryFailure.GAVE_UP
    assert {letter["Message-ID"] for letter in mail.letters} == {f"<{delivery.id}@puskesos>"}


@pytest.mark.parametrize("step", ["refuse_sender", "refuse_recipient", "refuse_data"])
async def test_a_not_now_of_the_mail_server_is_tried_again(
    notify: Notify, intake: Intake, mail: MailServer, teller: Teller, step: str
) -> None:
    refusals: deque[str] = getattr(mail, step)
    refusals.extend(["450 4.2.0 not now", "421 4.3.2 not now"])
    notification = await notify(intake, mail)

    await notification.hears(teller.tells(story.accepted()))

    assert (await notification.ended(teller.case))[0].status is DeliveryStatus.DELIVERED
    assert mail.tries == 3
    assert len(mail.letters) == 1


@pytest.mark.parametrize("step", ["refuse_recipient", "refuse_data"])
async def test_a_never_of_the_mail_server_is_a_failure_at_once(
    notify: Notify, intake: Intake, mail: MailServer, teller: Teller, step: str
) -> None:
    refusals: deque[str] = getattr(mail, step)
    refusals.append("550 5.1.1 never")
    notification = await notify(intake, mail)

    await notification.hears(teller.tells(story.accepted()))
    delivery = (await notification.ended(teller.case))[0]

    assert (delivery.failure, delivery.channel) == (DeliveryFailure.REJECTED_BY_PROVIDER, MessageChannel.EMAIL)
    assert mail.tries == 1
    assert await notification.rows_of_work() == 0


async def test_a_refused_sender_is_ours_to_mend_and_no_citizens_failure(
    notify: Notify, intake: Intake, mail: MailServer, teller: Teller
) -> None:
    mail.refuse_sender.append("550 5.7.1 sender not allowed")
    notification = await notify(intake, mail)

    await notification.hears(teller.tells(story.accepted()))

    assert (await notification.ended(teller.case))[0].status is DeliveryStatus.DELIVERED


@pytest.mark.parametrize(
    "answer",
    [
        problem(500, "internal-error"),
        problem(503, "outbox-full"),
        problem(403, "role-needed"),
        Response("<html>no such page</html>", 404, media_type="text/html"),
        Response('{"half": ', 200, media_type="application/json"),
    ],
    ids=["500", "503", "403", "a-proxys-404", "unreadable"],
)
async def test_an_answer_that_says_nothing_about_the_citizen_is_asked_again(
    notify: Notify, intake: Intake, mail: MailServer, teller: Teller, answer: Response
) -> None:
    intake.first.append(answer)
    notification = await notify(intake, mail)

    await notification.hears(teller.tells(story.accepted()))

    assert (await notification.ended(teller.case))[0].status is DeliveryStatus.DELIVERED
    assert len(intake.asked) == 2


async def test_a_token_that_intake_does_not_take_is_replaced(
    notify: Notify, intake: Intake, mail: MailServer, teller: Teller
) -> None:
    intake.first.append(problem(401, "invalid-token"))
    notification = await notify(intake, mail)

    await notification.hears(teller.tells(story.accepted()))
    await notification.ended(teller.case)

    assert [asked.headers["authorization"] for asked in intake.asked] == ["Bearer token-1", "Bearer token-2"]


async def test_killed_between_sending_and_recording_it_sends_again_under_the_same_message_id(
    notify: Notify, intake: Intake, mail: MailServer, teller: Teller, own_process: OwnProcess
) -> None:
    mail.hold = asyncio.Event()
    async with own_process(intake, mail) as process:
        await process.hears(teller.tells(story.accepted()))
        await eventually(lambda: _count(mail), lambda taken: taken == 1, patience=60)
        process.kill()
    mail.hold.set()

    notification = await notify(intake, mail)
    planned = await notification.deliveries(teller.case)
    assert [delivery.status for delivery in planned] == [DeliveryStatus.PLANNED]
    # What the end of the dead process' lease would do in a minute.
    await notification.service.runtime.store.database["work"].update_many({}, {"$set": {"leased_until": None}})
    delivery = (await notification.ended(teller.case))[0]

    assert delivery.status is DeliveryStatus.DELIVERED
    assert [letter["Message-ID"] for letter in mail.letters] == [f"<{delivery.id}@puskesos>"] * 2
    assert len(await notification.told()) == 1


async def test_a_worker_that_wakes_after_another_took_its_message_over_sends_nothing(
    notify: Notify, intake: Intake, mail: MailServer, teller: Teller
) -> None:
    intake.hold = asyncio.Event()
    notification = await notify(intake, mail)
    await notification.hears(teller.tells(story.accepted()))
    await eventually(lambda: asyncio.sleep(0, len(intake.asked)), lambda asked: asked == 1)
    taken = {"lease": "another's", "leased_until": None}
    await notification.service.runtime.store.database["work"].update_many({}, {"$set": taken})
    intake.hold.set()

    delivery = (await notification.ended(teller.case))[0]

    assert delivery.status is DeliveryStatus.DELIVERED
    assert (len(intake.asked), len(mail.letters)) == (2, 1)


async def _count(mail: MailServer) -> int:
    return len(mail.letters)
