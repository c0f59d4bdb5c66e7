"""The demonstration's clock: the machine's, moved forward by an offset that every service reads from a file."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator

from deploy.embedded.atomic import write_atomically
from services.referral.domain.calendar import WorkingCalendar, Zone
from services.referral.reference import NationalHolidays

# The western zone's offices close last, so what is due on a day has passed everywhere in the country.
CALENDAR = WorkingCalendar(zone=Zone.WIB, holidays=NationalHolidays())
AFTER_CLOSING = timedelta(minutes=1)
YEAR_SECONDS = 366 * 24 * 3600


class ClockOffset(BaseModel):
    """Content of the file (setting PUSKESOS_DEMO_CLOCK_FILE of the services)."""

    model_config = ConfigDict(frozen=True)

    offset_seconds: float = Field(default=0, ge=0)


class ClockReading(BaseModel):
    model_config = ConfigDict(frozen=True)

    offset_seconds: float
    now: AwareDatetime = Field(description="the moment the services see, UTC")


class Forward(BaseModel):
    """How far to move. The clock never goes back: what was recorded would lie in the future."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    forward_seconds: float | None = Field(default=None, gt=0, le=YEAR_SECONDS)
    forward_working_days: int | None = Field(
        default=None, ge=1, le=250, description="to just after the end of that working day, holidays left out"
    )

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.forward_seconds is None) == (self.forward_working_days is None):
            raise ValueError("give forward_seconds or forward_working_days")
        return self


class DemoClockFile:
    def __init__(self, file: Path) -> None:
        self._file = file

    def read(self) -> ClockReading:
        offset = self._offset_seconds()
        return ClockReading(offset_seconds=offset, now=datetime.now(UTC) + timedelta(seconds=offset))

    def move(self, forward: Forward) -> ClockReading:
        before = self.read()
        if forward.forward_working_days is not None:
            target = CALENDAR.due_after(before.now, forward.forward_working_days) + AFTER_CLOSING
            step = (target - before.now).total_seconds()
        else:
            step = forward.forward_seconds or 0
        offset = ClockOffset(offset_seconds=before.offset_seconds + step)
        write_atomically(self._file, offset.model_dump_json().encode())
        return self.read()

    def _offset_seconds(self) -> float:
        try:
            return ClockOffset.model_validate_json(self._file.read_bytes()).offset_seconds
        except (FileNotFoundError, ValidationError):
            return 0


def clock_routes(clock: DemoClockFile) -> APIRouter:
    routes = APIRouter(tags=["clock"])

    @routes.get("/clock")
    def read_clock() -> ClockReading:
        return clock.read()

    @routes.post("/clock")
    def move_clock(forward: Forward) -> ClockReading:
        return clock.move(forward)

    return routes
