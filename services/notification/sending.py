"""The worker that tells citizens, each what concerns them in its order, and records what became of it."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from chassis.area import COUNTRY, Scope
from chassis.store import Store, Task
from contracts.vocabulary import DeliveryFailure, MessageChannel
from services.notification import commands
from services.notification.domain.case import reason_to_skip, waits_for
from services.notification.domain.delivery import Delivery
from services.notification.outcomes import Held, Undeliverable
from services.notification.store import CASES, StoredCase

TURN_FIRST_SECONDS = 1.0
TURN_LIMIT_SECONDS = 60.0

Tell = Callable[[Task, StoredCase, Delivery], Awaitable[MessageChannel]]
"""One attempt at a message: the channel that took it. Raises NotNow, Held, Undeliverable."""


class Sending:
    """Sends planned messages, those of one case in the order in which things happened."""

    def __init__(self, store: Store, tell: Tell) -> None:
        self._store = store
        self._tell = tell

    async def perform(self, task: Task) -> None:
        """One attempt. Raises NotNow; whatever else becomes of the message is recorded with the row's end.

        A crash after a provider took the message, before it is recorded, hands it over again: to the same provider,
        under the same id.
        """
        case = await self._store.reading(COUNTRY, CASES).find(task.work.subject)
        delivery = case.delivery(task.work.key) if case is not None else None
        if case is None or delivery is None or not delivery.planned:
            # Ended already; only its row was left.
            await self._store.transact(COUNTRY, lambda unit: unit.finish(task))
            return
        scope = Scope(case.area)
        skip = reason_to_skip(delivery, case.deliveries, case.village, case.district)
        if skip is not None:
            await self._store.transact(
                scope, lambda unit: commands.record_skipped(unit, task, skip), causation=delivery.about
            )
            return
        earlier = waits_for(delivery, case.deliveries)
        if earlier is not None:
            pause = self._pause(earlier)
            await self._store.transact(scope, lambda unit: commands.wait_for_turn(unit, task, pause))
            return
        try:
            channel = await self._tell(task, case, delivery)
        except Held as held:
            until = held.until
            await self._store.transact(scope, lambda unit: commands.hold(unit, task, until))
            return
        except Undeliverable as fault:
            reason, tried = fault.reason, fault.channel
            await self._store.transact(
                scope, lambda unit: commands.record_failed(unit, task, reason, tried), causation=delivery.about
            )
            return
        await self._store.transact(
            scope, lambda unit: commands.record_delivered(unit, task, channel), causation=delivery.about
        )

    async def give_up(self, task: Task) -> None:
        """Tried often enough: the citizen has to be reached another way."""
        case = await self._store.reading(COUNTRY, CASES).find(task.work.subject)
        delivery = case.delivery(task.work.key) if case is not None else None
        await self._store.transact(
            COUNTRY,
            lambda unit: commands.record_failed(unit, task, DeliveryFailure.GAVE_UP),
            causation=delivery.about if delivery is not None else None,
        )

    def _pause(self, earlier: Delivery) -> timedelta:
        """A tenth of the time the earlier message has waited: prompt in the ordinary case, calm in an outage.

        Behind one that waits for the morning until then.
        """
        now = self._store.clock.now()
        if earlier.held_until is not None and earlier.held_until > now:
            return earlier.held_until - now
        waited = (now - earlier.planned_at).total_seconds()
        return timedelta(seconds=min(max(waited / 10, TURN_FIRST_SECONDS), TURN_LIMIT_SECONDS))
