"""By which channel a message goes: in the citizen's order, and never by two channels."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from contracts.fields import UtcTime
from contracts.vocabulary import MessageChannel


class TryState(StrEnum):
    """How far the message came on one channel."""

    IN_DOUBT = "in_doubt"  # handed over without a clear answer: it may be on its way
    NOT_NOW = "not_now"  # clearly not taken; the channel may work again
    REFUSED = "refused"  # never on this channel


class Try(BaseModel):
    """What is known of one channel. Immutable."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    channel: MessageChannel
    state: TryState
    first_at: UtcTime
    last_at: UtcTime


def with_try(tries: tuple[Try, ...], channel: MessageChannel, state: TryState, now: datetime) -> tuple[Try, ...]:
    """The tries after one more on `channel`."""
    earlier = next((one for one in tries if one.channel is channel), None)
    latest = Try(channel=channel, state=state, first_at=earlier.first_at if earlier else now, last_at=now)
    return (*(one for one in tries if one.channel is not channel), latest)


def next_channel(
    order: Sequence[MessageChannel], tries: Sequence[Try], now: datetime, patience: timedelta
) -> MessageChannel | None:
    """Where to try now; None when every channel of the order has refused for good.

    - Where it may have been taken already it stays: two channels would tell the citizen one fact twice.
    - Else the first in the citizen's order that has not been away for longer than `patience`.
    - When all are away for longer, the one that was left alone longest.
    """
    known = {one.channel: one for one in tries if one.channel in order}
    for one in known.values():
        if one.state is TryState.IN_DOUBT:
            return one.channel
    open_ = [channel for channel in order if channel not in known or known[channel].state is not TryState.REFUSED]
    for channel in open_:
        if channel not in known or now - known[channel].first_at <= patience:
            return channel
    return min(open_, key=lambda channel: known[channel].last_at, default=None)
