"""The time of day, always injected: no rule of the system reads a clock of its own."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from pydantic import BaseModel


class Clock(Protocol):
    """Tells the present moment: aware, UTC, whole milliseconds (what the database keeps)."""

    def now(self) -> datetime: ...


def to_milliseconds(moment: datetime) -> datetime:
    """Cut to whole milliseconds: a moment must be the same before and after it was stored."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return to_milliseconds(datetime.now(UTC))


class DemoOffset(BaseModel):
    """What the demonstration's clock file holds."""

    offset_seconds: float = 0


class DemoClock:
    """The machine's clock moved by an offset kept in a file, so that a demonstration need not wait for days.

    The file is read anew when it changed; a missing or half-written file means the offset last known.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._changed_ns = -1
        self._offset = timedelta()

    def now(self) -> datetime:
        try:
            changed_ns = self._file.stat().st_mtime_ns
            if changed_ns != self._changed_ns:
                content = DemoOffset.model_validate(json.loads(self._file.read_text()))
                self._offset = timedelta(seconds=content.offset_seconds)
                self._changed_ns = changed_ns
        except (OSError, ValueError):
            pass
        return to_milliseconds(datetime.now(UTC) + self._offset)


class SettableClock:
    """A clock that stands until it is moved; for tests."""

    def __init__(self, moment: datetime) -> None:
        self._moment = to_milliseconds(moment.astimezone(UTC))

    def now(self) -> datetime:
        return self._moment

    def move_to(self, moment: datetime) -> None:
        self._moment = to_milliseconds(moment.astimezone(UTC))
