"""What became of a message to a citizen (owner: notification; subject: the delivery)."""

from typing import ClassVar

from contracts.envelope import EventData
from contracts.fields import Code, EventType, Id, UtcTime
from contracts.vocabulary import DeliveryFailure, MessageChannel


class NotificationDelivered(EventData):
    """The provider took the message. `about` is the event that caused it."""

    topic: ClassVar[str] = "notification.delivered"
    delivery_id: Id
    about: Id
    about_type: EventType
    template: Code
    channel: MessageChannel
    delivered_at: UtcTime


class NotificationFailed(EventData):
    """Nobody could be told. `channel` is None when none was found."""

    topic: ClassVar[str] = "notification.failed"
    delivery_id: Id
    about: Id
    about_type: EventType
    template: Code
    channel: MessageChannel | None = None
    reason: DeliveryFailure
    failed_at: UtcTime
