"""Quiet hours: when a message would wake people, it waits for the morning of the district."""

from datetime import datetime, time, timedelta
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from contracts.vocabulary import MessageChannel
from services.notification.domain.moments import Zone


class QuietHours(BaseModel):
    """From `begin` to `end` on the district's clocks, usually over midnight.

    `channels` are those that ring; a letter in a mailbox waits by itself. Urgent (fast-track) cases may be exempt.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    begin: time
    end: time
    channels: frozenset[MessageChannel]
    urgent_exempt: bool = Field(description="whether fast-track cases are told at night too")

    @model_validator(mode="after")
    def _last_some_time(self) -> Self:
        if self.begin == self.end:
            raise ValueError("quiet hours that begin when they end never end: leave channels empty for none")
        return self

    def until(self, now: datetime, zone: Zone, channel: MessageChannel, *, urgent: bool) -> datetime | None:
        """When a message for `channel` may go out; None: now."""
        local = now.astimezone(zone.offset)
        if channel not in self.channels or (urgent and self.urgent_exempt) or not self._quiet(local.time()):
            return None
        end = datetime.combine(local.date(), self.end, zone.offset)
        return end if end > local else end + timedelta(days=1)

    def _quiet(self, clock: time) -> bool:
        if self.begin < self.end:
            return self.begin <= clock < self.end
        return clock >= self.begin or clock < self.end
