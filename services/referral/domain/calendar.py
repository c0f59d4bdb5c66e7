"""Working days of a district's office: which days count, and when a deadline of so many working days ends."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from enum import StrEnum

SATURDAY = 5


class Zone(StrEnum):
    """Indonesia's three time zones. They have had no daylight saving since 1964, so a fixed offset is exact
    and needs no time-zone database on the machine."""

    WIB = "WIB"
    WITA = "WITA"
    WIT = "WIT"

    @property
    def offset(self) -> timezone:
        return timezone(timedelta(hours={"WIB": 7, "WITA": 8, "WIT": 9}[self.value]), self.value)


@dataclass(frozen=True)
class OfficeHours:
    """A district's office hours, in its own zone (data: they differ between districts and in Ramadan)."""

    closes: time = time(16)
    morning_ends: time = time(12)
    """When an answer promised for "the next morning" is due."""
    same_day_until: time = time(14)
    """Recorded later than this, a fast-track case is answered the next morning instead of the same day."""


class NaiveMoment(ValueError):
    """A moment without a zone was given: deadlines computed from it would be hours off."""

    def __init__(self) -> None:
        super().__init__("give the moment with its zone (UTC)")


@dataclass(frozen=True)
class WorkingCalendar:
    """Which days a district works. `holidays` holds national holidays and days of joint leave.

    All moments taken and given are aware; those given are UTC. Source of the rules: domain.md section 6
    ("working days, national holidays and joint leave excluded"; "a deadline is the end of that working day
    at the office").
    """

    zone: Zone
    holidays: Container[date]
    hours: OfficeHours = OfficeHours()

    def is_working_day(self, day: date) -> bool:
        return day.weekday() < SATURDAY and day not in self.holidays

    def first_working_day_after(self, day: date) -> date:
        day += timedelta(days=1)
        while not self.is_working_day(day):
            day += timedelta(days=1)
        return day

    def local_day(self, moment: datetime) -> date:
        return self._local(moment).date()

    def closing(self, day: date) -> datetime:
        """The end of that day at the office."""
        return self._at(day, self.hours.closes)

    def due_after(self, start: datetime, working_days: int) -> datetime:
        """The end of the `working_days`-th working day after the day of `start`.

        The day of `start` itself never counts, whatever the hour. With 0: the next end of a working day,
        today's if the office is still open.
        """
        day = self.local_day(start)
        if working_days <= 0:
            open_today = self.is_working_day(day) and start <= self.closing(day)
            return self.closing(day if open_today else self.first_working_day_after(day))
        for _ in range(working_days):
            day = self.first_working_day_after(day)
        return self.closing(day)

    def due_same_day(self, start: datetime) -> datetime:
        """The deadline of a fast-track first answer: the same working day; recorded after 14:00 or on a day
        off, the next working morning (domain.md section 6)."""
        local = self._local(start)
        if self.is_working_day(local.date()) and local.time() <= self.hours.same_day_until:
            return self.closing(local.date())
        return self._at(self.first_working_day_after(local.date()), self.hours.morning_ends)

    def elapsed(self, start: datetime, end: datetime) -> int:
        """How many working days ended between the two moments, the day of `start` not counted.

        The counterpart of `due_after`: elapsed(start, due_after(start, n)) == n for every n >= 1.
        """
        last = self.local_day(end)
        days = 0
        day = self.first_working_day_after(self.local_day(start))
        while day < last or (day == last and self.closing(day) <= end):
            days += 1
            day = self.first_working_day_after(day)
        return days

    def _local(self, moment: datetime) -> datetime:
        if moment.tzinfo is None:
            raise NaiveMoment
        return moment.astimezone(self.zone.offset)

    def _at(self, day: date, hour: time) -> datetime:
        return datetime.combine(day, hour, self.zone.offset).astimezone(UTC)
