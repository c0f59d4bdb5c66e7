"""The ways in which a message does not go out, by what is done about it."""

from datetime import datetime

from contracts.vocabulary import DeliveryFailure, MessageChannel


class NotNow(Exception):
    """Somebody we need does not do their part at the moment: try again later. The message never names a person.

    `maybe_taken`: the message was handed over and no clear answer came. It may be on its way, so it must not go out by
    another channel too.
    """

    def __init__(self, why: str, *, maybe_taken: bool = False) -> None:
        super().__init__(why)
        self.maybe_taken = maybe_taken


class Refused(Exception):
    """This channel will never take this message, however often it is asked: try the next one."""

    def __init__(self, reason: DeliveryFailure = DeliveryFailure.REJECTED_BY_PROVIDER) -> None:
        super().__init__(reason.value)
        self.reason = reason


class Undeliverable(Exception):
    """This message will never go out, however often it is tried: record why, so that somebody can reach the citizen."""

    def __init__(self, reason: DeliveryFailure, channel: MessageChannel | None = None) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.channel = channel


class Held(Exception):
    """It would ring at night: send it at `until`. Costs no attempt."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"quiet hours until {until:%H:%M} UTC")
        self.until = until
