"""The two ways in which a message does not go out, by what the worker does about it."""

from contracts.vocabulary import DeliveryFailure, MessageChannel


class NotNow(Exception):
    """Somebody we need does not do their part at the moment: try again later. The message never names a person."""


class Undeliverable(Exception):
    """This message will never go out, however often it is tried: record why, so that somebody can reach the citizen."""

    def __init__(self, reason: DeliveryFailure, channel: MessageChannel | None = None) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.channel = channel
