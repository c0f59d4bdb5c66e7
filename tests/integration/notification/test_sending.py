"""A citizen is told by mail, and what became of it is recorded and told."""

import json

from contracts.events import ComplaintCreated, NotificationDelivered, NotificationFailed
from contracts.vocabulary import DeliveryFailure, MessageChannel
from services.notification.domain.delivery import DeliveryStatus, SkipReason, delivery_id
from tests.harness.builders import a_complaint_state
from tests.harness.waiting import eventually
from tests.integration.notification.conftest import Notify
from tests.integration.notification.outside import EMAIL, NAME, Contact, Intake, MailServer, problem, text_of
from tests.unit.notification import story
from tests.unit.notification.story import Teller

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


async def test_a_fact_heard_becomes_a_letter_and_its_delivery_is_recorded_and_told(
    notify: Notify, intake: Intake, mail: MailServer, teller: Teller
) -> None:
    notification = await notify(intake, mail)
    event = teller.tells(ComplaintCreated(complaint=a_complaint_state()))

    await notification.hears(event)
    delivery = (await notification.ended(teller.case))[0]
    told = (await notification.told())[0]

    letter = mail.letters[0]
    assert letter["To"] == f"{NAME} <{EMAIL}>"
    assert letter["From"] == "puskesos@demo.invalid"
    assert letter["Message-ID"] == f"<{delivery_id(event.id)}@puskesos>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert "3203022002-26-000147-8" in letter["Subject"]
    assert f"Bapak/Ibu {NAME}" in text_of(letter)
    assert (delivery.status, delivery.channel) == (DeliveryStatus.DELIVERED, MessageChannel.EMAIL)
    assert told.data == NotificationDelivered(
        delivery_id=delivery.id,
        about=event.id,
        about_type=event.type,
        template="complaint_received",
        channel=MessageChannel.EMAIL,
        delivered_at=delivery.ended_at,
    )
    assert (told.subject, told.correlationid, told.causationid, told.sequence) == (
        delivery.id,
        teller.case,
        event.id,
        1,
    )
    assert told.source == "/districts/32.03/notification"
    assert await notification.rows_of_work() == 0


async def test_the_contact_is_asked_for_by_purpose_and_cause_with_our_own_token_in_the_trace_of_the_fact(
    notify: Notify, intake: Intake, mail: MailServer, teller: Teller
) -> None:
    notification = await notify(intake, mail)
    event = teller.tells(story.accepted()).model_copy(update={"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"})

    await notification.hears(event)
    await notification.ended(teller.case)

    asked = intake.asked[0]
    assert asked.case == teller.case
    assert json.loads(asked.body) == {"purpose": "inform_citizen", "causing_event": event.id}
    assert asked.headers["authorization"] == "Bearer token-1"
    assert asked.headers["traceparent"].split("-")[1] == TRACE
    assert (await notification.told())[0].traceparent.split("-")[1] == TRACE  # type: ignore[union-attr]


async def test_a_citizen_who_chose_english_reads_english(
    notify: Notify, intake: Intake, mail: MailServer, teller: Teller
) -> None:
    intake.contact = Contact(language="en")
    notification = await notify(intake, mail)

    await notification.hears(teller.tells(story.accepted()))
    await notification.ended(teller.case)

    assert f"Dear {NAME}" in text_of(mail.letters[0])
    assert mail.letters[0]["Content-Language"] == "en"


async def test_an_event_heard_twice_is_told_once(
    notify: Notify, intake: Intake, mail: MailServer, teller: Teller
) -> None:
    notification = await notify(intake, mail)
    once = teller.tells(story.accepted())

    await notification.hears(once, once)
    await notification.ended(teller.case)
    await notification.hears(once, teller.tells(story.completed()))
    await notification.ended(teller.case, 2)

    assert [letter["Subject"].split()[0] for letter in mail.letters] == ["Laporan", "Hasil"]


async def test_facts_of_one_deed_are_told_in_their_order_whichever_is_heard_first(
    notify: Notify, intake: Intake, mail: MailServer, teller: Teller
) -> None:
    mail.refuse_recipient.extend(["450 later", "451 later"])
    notification = await notify(intake, mail, settle_seconds=1.0)
    expired = teller.tells(story.expired())
    passed_on = teller.tells(story.rerouted(), at=expired.time)

    await notification.hears(passed_on, expired)
    await notification.ended(teller.case, 2)

    assert [letter["Message-ID"] for letter in mail.letters] == [
        f"<{delivery_id(event.id)}@puskesos>" for event in (expired, passed_on)
    ]


async def test_what_a_reopening_has_superseded_is_skipped_and_nobody_is_told_of_a_failure(
    notify: Notify, intake: Intake, mail: MailServer, teller: Teller
) -> None:
    notification = await notify(intake, mail, settle_seconds=1.0)
    resolved, reopened = teller.tells(story.resolved()), teller.tells(story.reopened())

    await notification.hears(reopened, resolved)
    first, second = await notification.ended(teller.case, 2)
    told = await notification.told()

    assert (first.status, first.skipped) == (DeliveryStatus.SKIPPED, SkipReason.ROUND_SUPERSEDED)
    assert second.status is DeliveryStatus.DELIVERED
    assert [event.subject for event in told] == [second.id]
    assert await notification.rows_of_work() == 0
    assert len(mail.letters) == 1


async def test_a_citizen_without_a_channel_cannot_be_told_and_the_village_learns_it(
    notify: Notify, intake: Intake, mail: MailServer, teller: Teller
) -> None:
    intake.contact = Contact(addressee="", email=None, phone=None, channel="none")
    notification = await notify(intake, mail)

    await notification.hears(teller.tells(story.accepted()))
    delivery = (await notification.ended(teller.case))[0]
    told = (await notification.told())[0]

    assert (delivery.status, delivery.failure) == (DeliveryStatus.FAILED, DeliveryFailure.NO_CHANNEL)
    assert isinstance(told.data, NotificationFailed)
    assert (told.data.reason, told.data.channel, told.subject) == (DeliveryFailure.NO_CHANNEL, None, delivery.id)
    assert mail.tries == 0


async def test_an_address_that_is_none_is_no_channel(
    notify: Notify, intake: Intake, mail: MailServer, teller: Teller
) -> None:
    intake.contact = Contact(email="not an address\r\nBcc: all@rekaan.example")
    notification = await notify(intake, mail)

    await notification.hears(teller.tells(story.accepted()))

    assert (await notification.ended(teller.case))[0].failure is DeliveryFailure.NO_CHANNEL
    assert mail.tries == 0


async def test_a_case_intake_does_not_know_has_failed_at_once(
    notify: Notify, intake: Intake, mail: MailServer, teller: Teller
) -> None:
    intake.always = problem(404, "not-found")
    notification = await notify(intake, mail)

    await notification.hears(teller.tells(story.accepted()))

    assert (await notification.ended(teller.case))[0].failure is DeliveryFailure.NO_CONTACT
    assert len(intake.asked) == 1


async def test_a_withheld_contact_is_not_asked_for_again(
    notify: Notify, intake: Intake, mail: MailServer, teller: Teller
) -> None:
    intake.always = problem(409, "contact-withheld")
    notification = await notify(intake, mail)

    await notification.hears(teller.tells(story.accepted()))
    delivery = (await notification.ended(teller.case))[0]
    told = (await notification.told())[0]

    assert delivery.failure is DeliveryFailure.CONTACT_REFUSED
    assert isinstance(told.data, NotificationFailed)
    assert told.data.reason is DeliveryFailure.CONTACT_REFUSED
    assert len(intake.asked) == 1
    assert mail.tries == 0


async def test_an_event_that_contradicts_itself_is_set_aside_and_costs_no_other(
    notify: Notify, intake: Intake, mail: MailServer, teller: Teller
) -> None:
    notification = await notify(intake, mail)
    broken = story.accepted().model_copy(update={"handling": story.a_handling_state(referrals=())})

    await notification.hears(teller.tells(broken), teller.tells(story.completed()))
    await notification.ended(teller.case)
    letters = notification.service.runtime.store.database["dead_letters"]
    dead = await eventually(lambda: letters.find_one({}))

    assert dead is not None
    assert dead["reason"] == "unknown_referral"
    assert [delivery.message.template for delivery in await notification.deliveries(teller.case)] == [
        "referral_completed"
    ]
