"""What becomes of a message: each deed ends the message's row of work in the transaction that records the outcome."""

from datetime import datetime, timedelta

from chassis.outbox.outgoing import Outgoing
from chassis.store import Task, UnitOfWork, Work
from contracts import EventData
from contracts.events import NotificationDelivered
from contracts.vocabulary import DeliveryFailure, MessageChannel
from services.notification.domain.delivery import Delivery, DeliveryStatus, SkipReason, failure_of, stale
from services.notification.domain.routing import TryState
from services.notification.handlers import SEND_MESSAGE
from services.notification.store import CASES, StoredCase


async def record_delivered(unit: UnitOfWork, task: Task, channel: MessageChannel) -> None:
    """A provider took the message: tells NotificationDelivered."""
    case, delivery = await _planned(unit, task)
    if case is None or delivery is None:
        return
    fact = NotificationDelivered(
        delivery_id=delivery.id,
        about=delivery.about,
        about_type=delivery.about_type,
        template=delivery.message.template,
        channel=channel,
        delivered_at=unit.now,
    )
    await _save(unit, case, delivery.delivered(channel, unit.now), fact)


async def record_failed(
    unit: UnitOfWork, task: Task, reason: DeliveryFailure, channel: MessageChannel | None = None
) -> None:
    """Nobody could be told: tells NotificationFailed, so that the village can reach the citizen another way."""
    case, delivery = await _planned(unit, task)
    if case is None or delivery is None:
        return
    failed = delivery.failed(reason, channel, unit.now)
    await _save(unit, case, failed, failure_of(failed, reason, unit.now))


async def record_skipped(unit: UnitOfWork, task: Task, reason: SkipReason) -> None:
    """The message was overtaken. Tells nothing: nobody has to make up for it."""
    case, delivery = await _planned(unit, task)
    if case is not None and delivery is not None:
        await _save(unit, case, delivery.skip(reason, unit.now))


async def wait_for_turn(unit: UnitOfWork, task: Task, pause: timedelta) -> None:
    """An earlier message of the case has to go first: look again after `pause`. Costs no attempt."""
    await unit.finish(task)
    unit.schedule(task.work.model_copy(update={"due_at": unit.now + pause}))


async def hold(unit: UnitOfWork, task: Task, until: datetime) -> None:
    """It would ring at night: send it at `until`. Costs no attempt."""
    case, delivery = await _planned(unit, task)
    if case is not None and delivery is not None:
        await _save(unit, case, delivery.held(until))
        unit.schedule(task.work.model_copy(update={"due_at": until}))


async def note_try(unit: UnitOfWork, task: Task, channel: MessageChannel, state: TryState) -> None:
    """How far the message came on a channel; its row of work stays."""
    case = await unit.of(CASES).find(task.work.subject)
    delivery = case.delivery(task.work.key) if case is not None else None
    if case is not None and delivery is not None and delivery.planned:
        await _save(unit, case, delivery.tried(channel, state, unit.now))


async def tell_again(unit: UnitOfWork, task: Task) -> None:
    """The provider that had taken a message reports that it did not arrive: the next channel tells it.

    What was told of the first stays told. A report repeated, or on a message that did not go out by this channel,
    changes nothing; of a fact that is no news any more the failure is told.
    """
    await unit.finish(task)
    case = await unit.of(CASES).find(task.work.subject)
    lost = case.delivery(task.work.key) if case is not None else None
    if case is None or lost is None or lost.status is not DeliveryStatus.DELIVERED or lost.lost_at is not None:
        return
    if lost.channel != task.work.detail:
        return
    again = lost.told_again(unit.now)
    case = case.with_delivery(lost.lost(unit.now))
    if stale(lost.happened_at, unit.now):
        untold = again.too_old(unit.now)
        await _save(unit, case, untold, failure_of(untold, DeliveryFailure.GAVE_UP, unit.now))
        return
    unit.schedule(Work(kind=SEND_MESSAGE, key=again.id, area=case.area, due_at=unit.now, subject=case.id))
    await _save(unit, case, again)


async def _planned(unit: UnitOfWork, task: Task) -> tuple[StoredCase | None, Delivery | None]:
    """The message a row of work is about, and the row ended; nothing when the message has come to its end already."""
    await unit.finish(task)
    case = await unit.of(CASES).find(task.work.subject)
    delivery = case.delivery(task.work.key) if case is not None else None
    return (case, delivery) if delivery is not None and delivery.planned else (case, None)


async def _save(unit: UnitOfWork, case: StoredCase, ended: Delivery, *facts: EventData) -> None:
    told = [Outgoing(fact, subject=ended.id) for fact in facts]
    await unit.of(CASES).save(case.with_delivery(ended), told)
