"""The worker that tells citizens: asks for the contact, writes the letter, sends it, records what became of it."""

import asyncio
from datetime import timedelta

from chassis.area import COUNTRY, Scope
from chassis.store import Store, Task
from chassis.workers import Worker, must_be_ours
from contracts.vocabulary import DeliveryFailure, MessageChannel
from services.notification import commands
from services.notification.contacts import Contact, Contacts
from services.notification.domain.case import reason_to_skip, waits_for
from services.notification.domain.delivery import Delivery
from services.notification.handlers import SEND_MESSAGE
from services.notification.letters import Letters
from services.notification.outcomes import NotNow, Undeliverable
from services.notification.post import Post
from services.notification.settings import NotificationSettings
from services.notification.store import CASES, StoredCase

OUTSIDE_SECONDS = 40.0
"""For everything done outside in one attempt: neither intake nor a mail server may hold a message for ever."""
TURN_FIRST_SECONDS = 1.0
TURN_LIMIT_SECONDS = 60.0
NO_CHANNEL = "none"


class Sending:
    """Sends planned messages, those of one case in the order in which things happened."""

    def __init__(self, store: Store, contacts: Contacts, letters: Letters, post: Post) -> None:
        self._store = store
        self._contacts = contacts
        self._letters = letters
        self._post = post

    def worker(self, settings: NotificationSettings) -> Worker:
        return Worker(
            SEND_MESSAGE,
            self.perform,
            give_up=self.give_up,
            attempts_limit=settings.send_attempts_limit,
            backoff_first_seconds=settings.send_backoff_first_seconds,
            backoff_limit_seconds=settings.send_backoff_limit_seconds,
        )

    async def perform(self, task: Task) -> None:
        """One attempt. Raises NotNow; whatever else becomes of the message is recorded with the row's end.

        A crash after the mail server took the letter, before it is recorded, sends it again under its Message-ID.
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

    async def _tell(self, task: Task, case: StoredCase, delivery: Delivery) -> MessageChannel:
        try:
            async with asyncio.timeout(OUTSIDE_SECONDS):
                contact = await self._contacts.of(case.id, delivery.about)
                return await self._send(task, case, delivery, contact)
        except TimeoutError as fault:
            # By its own type: the chassis takes a bare TimeoutError for the database's, and would never give up.
            raise NotNow("intake and the mail server together took too long") from fault

    async def _send(self, task: Task, case: StoredCase, delivery: Delivery, contact: Contact) -> MessageChannel:
        if contact.email is None or contact.channel == NO_CHANNEL:
            raise Undeliverable(DeliveryFailure.NO_CHANNEL)
        letter = self._letters.write(
            delivery.message,
            addressee=contact.addressee,
            case_number=contact.case_number,
            language=contact.spoken,
            area=case.area,
        )
        await must_be_ours(self._store, task)  # else whoever took it over sends it, or has
        return await self._post.send(
            letter,
            to=contact.email,
            name=contact.addressee,
            delivery_id=delivery.id,
            case_id=case.id,
            now=self._store.clock.now(),
        )

    def _pause(self, earlier: Delivery) -> timedelta:
        """A tenth of the time the earlier message has waited: prompt in the ordinary case, calm in an outage."""
        waited = (self._store.clock.now() - earlier.planned_at).total_seconds()
        return timedelta(seconds=min(max(waited / 10, TURN_FIRST_SECONDS), TURN_LIMIT_SECONDS))
