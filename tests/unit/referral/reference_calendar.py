"""The working calendar as slowly and plainly as it can be said: an office that opens and shuts its door day by day.

Nothing is clever here: a list of every closing of four years in each zone, and counting in it.
"""

from bisect import bisect_left, bisect_right
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

import holidays

from services.referral.domain.calendar import WorkingCalendar, Zone
from services.referral.domain.clocks import Pause

FIRST, LAST = date(2023, 12, 1), date(2028, 3, 31)
"""Somewhat more than 2024 to 2027, so that a deadline of the last day lies in the table."""
HOURS_AHEAD = {Zone.WIB: 7, Zone.WITA: 8, Zone.WIT: 9}


@cache
def days_off() -> frozenset[date]:
    """National holidays and joint leave, by the package; weekends besides."""
    off = holidays.country_holidays("ID", years=range(2023, 2029), categories=("public", "government"))
    return frozenset(off)


@cache
def closings(zone: Zone, closes: time) -> list[datetime]:
    """Every moment (UTC) at which an office of the zone shuts its door after a working day."""
    found, day = [], FIRST
    while day <= LAST:
        if day.strftime("%a") not in ("Sat", "Sun") and day not in days_off():
            shut = datetime(day.year, day.month, day.day, closes.hour, closes.minute, tzinfo=UTC)
            found.append(shut - timedelta(hours=HOURS_AHEAD[zone]))
        day += timedelta(days=1)
    return found


def midnight_after(moment: datetime, zone: Zone) -> datetime:
    """The end of the day on which something happened where it happened."""
    there = moment + timedelta(hours=HOURS_AHEAD[zone])
    next_day = datetime(there.year, there.month, there.day, tzinfo=UTC) + timedelta(days=1)
    return next_day - timedelta(hours=HOURS_AHEAD[zone])


def closings_that_count(start: datetime, calendar: WorkingCalendar, pauses: tuple[Pause, ...] = ()) -> list[datetime]:
    """Closings of the days after that of `start`, but those during which the citizen was waited for."""
    all_of_them = closings(calendar.zone, calendar.hours.closes)
    later = all_of_them[bisect_left(all_of_them, midnight_after(start, calendar.zone)) :]
    return [shut for shut in later if not any(waited(shut, pause) for pause in pauses)]


def waited(moment: datetime, pause: Pause) -> bool:
    return pause.since <= moment and (pause.until is None or moment < pause.until)


def due(start: datetime, limit: int, calendar: WorkingCalendar, pauses: tuple[Pause, ...] = ()) -> datetime:
    """The `limit`-th closing that counts; of a wait that lasts nobody knows yet what it will cost."""
    over = tuple(pause for pause in pauses if pause.until is not None)
    return closings_that_count(start, calendar, over)[limit - 1]


def passed(start: datetime, end: datetime, calendar: WorkingCalendar, pauses: tuple[Pause, ...] = ()) -> int:
    return bisect_right(closings_that_count(start, calendar, pauses), end)


def due_same_day(start: datetime, calendar: WorkingCalendar) -> datetime:
    """This day's closing, if it is a working day and not too late in it; else the next working day's late morning."""
    ahead = timedelta(hours=HOURS_AHEAD[calendar.zone])
    all_of_them = closings(calendar.zone, calendar.hours.closes)
    today = [shut for shut in all_of_them if (shut + ahead).date() == (start + ahead).date()]
    if today and (start + ahead).time() <= calendar.hours.same_day_until:
        return today[0]
    next_day = closings_that_count(start, calendar)[0] + ahead
    morning = calendar.hours.morning_ends
    return next_day.replace(hour=morning.hour, minute=morning.minute) - ahead
