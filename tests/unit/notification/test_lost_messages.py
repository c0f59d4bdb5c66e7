"""A message that its provider took and then reports as not arrived is told by the channel that is left."""

import asyncio
from datetime import timedelta

import pytest

from chassis.store import Work
from contracts import decode
from contracts.events import NotificationDelivered, NotificationFailed
from contracts.vocabulary import DeliveryFailure, MessageChannel
from services.notification import carrying
from services.notification.domain.delivery import Delivery, DeliveryStatus, SkipReason
from services.notification.outcomes import NotNow
from services.notification.reports import HEAR_REPORT, Hearing
from tests.strategies.room import RoomStore, task_of
from tests.unit.notification.test_carrying import EMAIL, SMS, WHATSAPP, Provider, Scene


@pytest.fixture(autouse=True)
def every_lease_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    async def ours(*_: object) -> None:
        return None

    monkeypatch.setattr(carrying, "must_be_ours", ours)


def reported_lost(scene: Scene, delivery: Delivery, channel: MessageChannel) -> None:
    """The worker's look at a report."""
    case = scene.room.kept
    work = Work(
        kind=HEAR_REPORT,
        key=delivery.id,
        area=case.area,
        due_at=scene.now,
        subject=case.id,
        detail=channel.value,
    )
    store = RoomStore(scene.room, lambda: scene.now).as_store()
    asyncio.run(Hearing(store).perform(task_of(work)))


def told(scene: Scene) -> list[tuple[type, MessageChannel | None]]:
    facts = [decode(queued.value).data for queued in scene.room.told]
    return [
        (type(fact), fact.channel) for fact in facts if isinstance(fact, NotificationDelivered | NotificationFailed)
    ]


def test_the_next_channel_tells_it_and_each_message_keeps_its_end() -> None:
    scene = Scene(Provider(WHATSAPP), Provider(SMS))
    scene.tries()
    reported_lost(scene, scene.delivery, WHATSAPP)
    scene.tries()

    first, second = sorted(scene.room.kept.deliveries, key=lambda one: one.planned_at)
    assert (first.status, first.channel, first.lost_at) == (DeliveryStatus.DELIVERED, WHATSAPP, scene.now)
    assert (second.status, second.channel, second.about) == (DeliveryStatus.DELIVERED, SMS, first.about)
    assert told(scene) == [(NotificationDelivered, WHATSAPP), (NotificationDelivered, SMS)]


def test_when_no_channel_is_left_the_village_is_told_so() -> None:
    scene = Scene(Provider(SMS))
    scene.tries()
    reported_lost(scene, scene.delivery, SMS)
    scene.tries()

    assert told(scene) == [(NotificationDelivered, SMS), (NotificationFailed, SMS)]
    (failed,) = (one for one in scene.room.kept.deliveries if one.failure is not None)
    assert failed.failure is DeliveryFailure.REJECTED_BY_PROVIDER
    assert scene.room.work == {}


def test_a_message_lost_by_each_channel_in_turn_tries_none_of_them_again() -> None:
    whatsapp, sms, email = Provider(WHATSAPP), Provider(SMS), Provider(EMAIL)
    scene = Scene(whatsapp, sms, email)
    scene.tries()
    reported_lost(scene, scene.delivery, WHATSAPP)
    scene.tries()
    (second,) = (one for one in scene.room.kept.deliveries if one.channel is SMS)
    reported_lost(scene, second, SMS)
    scene.tries()

    assert scene.taken == [WHATSAPP, SMS, EMAIL]
    assert scene.room.work == {}


def test_a_report_that_comes_again_or_of_another_channel_changes_nothing() -> None:
    scene = Scene(Provider(WHATSAPP), Provider(SMS))
    scene.tries()
    first = scene.delivery
    reported_lost(scene, first, SMS)
    assert scene.room.work == {}
    for _ in range(3):
        reported_lost(scene, first, WHATSAPP)
    assert len(scene.room.work) == 1
    scene.tries()
    reported_lost(scene, first, WHATSAPP)
    assert (len(scene.room.kept.deliveries), scene.room.work) == (2, {})


def test_a_report_that_overtakes_our_own_record_waits_for_it() -> None:
    scene = Scene(Provider(WHATSAPP), Provider(SMS))
    with pytest.raises(NotNow):
        reported_lost(scene, scene.delivery, WHATSAPP)
    scene.tries()
    reported_lost(scene, scene.delivery, WHATSAPP)
    assert len(scene.room.work) == 1


def test_what_is_no_news_any_more_is_left_to_the_village() -> None:
    scene = Scene(Provider(WHATSAPP), Provider(SMS))
    scene.tries()
    scene.now += timedelta(days=8)
    reported_lost(scene, scene.delivery, WHATSAPP)

    (untold,) = (one for one in scene.room.kept.deliveries if one.skipped is SkipReason.TOO_OLD)
    assert untold.failure is DeliveryFailure.GAVE_UP
    assert told(scene) == [(NotificationDelivered, WHATSAPP), (NotificationFailed, None)]
    assert scene.room.work == {}
