"""One attempt at telling a citizen: asks for the contact, chooses the channel, hands the message over."""

import asyncio
from collections.abc import Awaitable, Sequence
from datetime import timedelta
from typing import TypeVar

from chassis.area import Scope
from chassis.store import Store, Task
from chassis.workers import must_be_ours
from contracts.vocabulary import DeliveryFailure, MessageChannel
from services.notification import commands
from services.notification.channels import Channel, Parcel
from services.notification.contacts import Contact, Contacts
from services.notification.domain.delivery import Delivery
from services.notification.domain.moments import Zone
from services.notification.domain.quiet import QuietHours
from services.notification.domain.routing import TryState, next_channel
from services.notification.outcomes import Held, NotNow, Refused, Undeliverable
from services.notification.store import StoredCase

OUTSIDE_SECONDS = 20.0
"""For each thing done outside in one attempt: neither intake nor a provider may hold a message for ever."""

T = TypeVar("T")


class Carrying:
    """Takes messages to citizens, by their channels in their order, and never one message by two channels."""

    def __init__(
        self, store: Store, contacts: Contacts, channels: Sequence[Channel], quiet: QuietHours, patience: timedelta
    ) -> None:
        self._store = store
        self._contacts = contacts
        self._channels = {channel.kind: channel for channel in channels}
        self._quiet = quiet
        self._patience = patience

    async def tell(self, task: Task, case: StoredCase, delivery: Delivery) -> MessageChannel:
        """The channel that took the message. Raises NotNow, Held, Undeliverable."""
        contact = await _in_time(self._contacts.of(case.id, delivery.about), "intake", maybe_taken=False)
        order = [kind for kind in contact.order if kind in self._channels and self._channels[kind].reaches(contact)]
        reason = DeliveryFailure.NO_CHANNEL if not order else DeliveryFailure.REJECTED_BY_PROVIDER
        now = self._store.clock.now()
        while (kind := next_channel(order, delivery.tries, now, self._patience)) is not None:
            urgent = case.village is not None and case.village.fast_track
            until = self._quiet.until(now, Zone.of(case.area), kind, urgent=urgent)
            if until is not None:
                raise Held(until)
            noting = len(order) > 1
            doubted = any(one.channel is kind and one.state is TryState.IN_DOUBT for one in delivery.tries)
            if noting:
                # Before, not after: a crash in between must not let the message go out by another channel too.
                delivery = await self._note(task, case, delivery, kind, TryState.IN_DOUBT)
            try:
                await self._hand_over(task, case, delivery, contact, kind)
            except Refused as refused:
                reason = refused.reason
                if doubted or not noting:
                    # Refused now, but perhaps taken before: nobody but the village can find out.
                    raise Undeliverable(reason, _of_provider(reason, kind)) from None
                delivery = await self._note(task, case, delivery, kind, TryState.REFUSED)
            except NotNow as fault:
                if noting and not (doubted or fault.maybe_taken):
                    await self._note(task, case, delivery, kind, TryState.NOT_NOW)
                raise
            else:
                return kind
        raise Undeliverable(reason, _of_provider(reason, order[-1]) if order else None)

    async def _hand_over(
        self, task: Task, case: StoredCase, delivery: Delivery, contact: Contact, kind: MessageChannel
    ) -> None:
        parcel = Parcel(
            delivery.message,
            contact,
            delivery_id=delivery.id,
            case_id=case.id,
            area=case.area,
            now=self._store.clock.now(),
        )
        await must_be_ours(self._store, task)  # else whoever took it over sends it, or has
        await _in_time(self._channels[kind].send(parcel), f"the provider of {kind.value}", maybe_taken=True)

    async def _note(
        self, task: Task, case: StoredCase, delivery: Delivery, kind: MessageChannel, state: TryState
    ) -> Delivery:
        await self._store.transact(Scope(case.area), lambda unit: commands.note_try(unit, task, kind, state))
        return delivery.tried(kind, state, self._store.clock.now())


def _of_provider(reason: DeliveryFailure, kind: MessageChannel) -> MessageChannel | None:
    """The channel to name: none for an address that is none."""
    return kind if reason is DeliveryFailure.REJECTED_BY_PROVIDER else None


async def _in_time(asked: Awaitable[T], whom: str, *, maybe_taken: bool) -> T:
    try:
        async with asyncio.timeout(OUTSIDE_SECONDS):
            return await asked
    except TimeoutError as fault:
        # By its own type: the chassis takes a bare TimeoutError for the database's, and would never give up.
        raise NotNow(f"{whom} took too long", maybe_taken=maybe_taken) from fault
