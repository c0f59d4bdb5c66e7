"""A delivery: one message about one fact, from plan to end. Who it goes to is not known here and never stored."""

import uuid
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from contracts.events import NotificationFailed
from contracts.fields import EventType, Id, UtcTime
from contracts.vocabulary import DeliveryFailure, MessageChannel
from services.notification.domain.message import Message
from services.notification.domain.routing import Try, TryState, with_try

STALE_AFTER = timedelta(days=7)
"""A fact older than this when it is heard is no news: it reaches us by a replay or a long outage, and telling it now
would worry more than it informs. The village is told that it was not sent, and can judge who still has to know."""

_NAMESPACE = uuid.UUID("5d7a3c52-7d0f-5c3e-9a53-2b1f6b0a7a11")


class DeliveryStatus(StrEnum):
    """Where a message stands."""

    PLANNED = "planned"
    DELIVERED = "delivered"
    FAILED = "failed"
    SKIPPED = "skipped"


class SkipReason(StrEnum):
    """Why a message was not sent although it could have been. Being too old counts as a failure, the others end it."""

    TOO_OLD = "too_old"  # the fact was a week old when it was heard
    ROUND_SUPERSEDED = "round_superseded"  # the case has been reopened since
    END_ALREADY_TOLD = "end_already_told"  # heard late: the citizen knows already how it ended
    CASE_ENDED = "case_ended"  # the district went on after the citizen had ended it


def delivery_id(cause: str) -> str:
    """Of the message about an event, or of the one that follows a lost message.

    One cause, one id: planning the same twice, by a replay or after a repair, cannot make two messages.
    """
    return str(uuid.uuid5(_NAMESPACE, cause))


class Delivery(BaseModel):
    """What became of telling one fact. Immutable; `but` gives the next value."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Id
    about: Id
    """The event that told us the fact."""
    about_type: EventType
    message: Message
    round: int
    happened_at: UtcTime
    sequence: int
    """Of the event: orders facts of one moment."""
    planned_at: UtcTime
    tries: tuple[Try, ...] = ()
    """What is known of each channel, while there is a choice of channels."""
    held_until: UtcTime | None = None
    """Waits for the end of the quiet hours."""
    status: DeliveryStatus = DeliveryStatus.PLANNED
    channel: MessageChannel | None = None
    failure: DeliveryFailure | None = None
    skipped: SkipReason | None = None
    ended_at: UtcTime | None = None
    lost_at: UtcTime | None = None
    """When its provider, who had taken it, reported that it did not arrive. It is told again: see `told_again`."""

    @property
    def place(self) -> tuple[datetime, int, str]:
        """Sorts a case's messages as things happened, however they were heard."""
        return (self.happened_at, self.sequence, self.about)

    @property
    def planned(self) -> bool:
        return self.status is DeliveryStatus.PLANNED

    def tried(self, channel: MessageChannel, state: TryState, now: datetime) -> "Delivery":
        return self.model_copy(update={"tries": with_try(self.tries, channel, state, now)})

    def held(self, until: datetime) -> "Delivery":
        return self.model_copy(update={"held_until": until})

    def delivered(self, channel: MessageChannel, now: datetime) -> "Delivery":
        return self.model_copy(update={"status": DeliveryStatus.DELIVERED, "channel": channel, "ended_at": now})

    def failed(self, reason: DeliveryFailure, channel: MessageChannel | None, now: datetime) -> "Delivery":
        return self.model_copy(
            update={"status": DeliveryStatus.FAILED, "failure": reason, "channel": channel, "ended_at": now}
        )

    def lost(self, now: datetime) -> "Delivery":
        return self.model_copy(update={"lost_at": now})

    def told_again(self, now: datetime) -> "Delivery":
        """The message that follows one that was lost: about the same fact, by the channels that are left.

        One that was lost has one that follows, however often that is reported.
        """
        if self.channel is None:
            raise ValueError("only what went out by a channel can be lost")
        return Delivery(
            id=delivery_id(self.id),
            about=self.about,
            about_type=self.about_type,
            message=self.message,
            round=self.round,
            happened_at=self.happened_at,
            sequence=self.sequence,
            planned_at=now,
            tries=with_try(self.tries, self.channel, TryState.REFUSED, now),
        )

    def too_old(self, now: datetime) -> "Delivery":
        """Heard of too late to be news: nobody is told, and somebody has to know that."""
        given_up = self.failed(DeliveryFailure.GAVE_UP, None, now)
        return given_up.model_copy(update={"skipped": SkipReason.TOO_OLD})

    def skip(self, reason: SkipReason, now: datetime) -> "Delivery":
        return self.model_copy(update={"status": DeliveryStatus.SKIPPED, "skipped": reason, "ended_at": now})


def failure_of(delivery: Delivery, reason: DeliveryFailure, now: datetime) -> NotificationFailed:
    """The fact that a message failed, by which the village can reach the citizen another way."""
    return NotificationFailed(
        delivery_id=delivery.id,
        about=delivery.about,
        about_type=delivery.about_type,
        template=delivery.message.template,
        channel=delivery.channel,
        reason=reason,
        failed_at=now,
    )


def stale(happened_at: datetime, heard_at: datetime) -> bool:
    return heard_at - happened_at > STALE_AFTER
