"""Working days against a slow and obvious reference, and the cases the law names."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.referral.domain.calendar import NaiveMoment, WorkingCalendar, Zone
from services.referral.reference import NationalHolidays, Reference

HOUR = timedelta(hours=1)


def november(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


unhurried = settings(deadline=None)  # the first example loads a year of holidays: slower than the rest
zones = st.sampled_from(Zone)
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
moments = st.integers(0, 350 * 24).map(lambda hours: NEW_YEAR + hours * HOUR)
calendars = zones.map(lambda zone: WorkingCalendar(zone=zone, holidays=NationalHolidays()))


def closings_hour_by_hour(calendar: WorkingCalendar, start: datetime, end: datetime) -> list[datetime]:
    """Every hour between two moments at which the office closes on a working day later than the first."""
    offset = {Zone.WIB: 7, Zone.WITA: 8, Zone.WIT: 9}[calendar.zone]
    first_day = (start + offset * HOUR).date()
    closings = []
    hour = start
    while hour <= end:
        there = hour + offset * HOUR
        if (
            there.hour == 16
            and there.date() != first_day
            and there.strftime("%a") not in ("Sat", "Sun")
            and there.date() not in calendar.holidays
        ):
            closings.append(hour)
        hour += HOUR
    return closings


@unhurried
@given(calendars, moments, st.integers(1, 8))
def test_a_deadline_is_the_nth_closing_after_the_day_it_started(
    calendar: WorkingCalendar, start: datetime, working_days: int
) -> None:
    closings = closings_hour_by_hour(calendar, start, start + timedelta(days=40))
    assert calendar.due_after(start, working_days) == closings[working_days - 1]


@unhurried
@given(calendars, moments, st.integers(0, 30 * 24))
def test_elapsed_working_days_are_the_closings_in_between(
    calendar: WorkingCalendar, start: datetime, hours: int
) -> None:
    end = start + hours * HOUR
    assert calendar.elapsed(start, end) == len(closings_hour_by_hour(calendar, start, end))


@unhurried
@given(calendars, moments, st.integers(1, 30))
def test_at_its_deadline_exactly_the_limit_has_elapsed(
    calendar: WorkingCalendar, start: datetime, working_days: int
) -> None:
    due = calendar.due_after(start, working_days)
    assert calendar.elapsed(start, due) == working_days
    assert calendar.elapsed(start, due - timedelta(microseconds=1)) == working_days - 1


@unhurried
@given(calendars, moments)
def test_a_same_day_deadline_is_at_the_office_and_within_the_next_working_day(
    calendar: WorkingCalendar, start: datetime
) -> None:
    due = calendar.due_same_day(start)
    assert calendar.is_working_day(calendar.local_day(due))
    assert start < due <= calendar.due_after(start, 1)


def test_joint_leave_and_national_holidays_do_not_count() -> None:
    cianjur = Reference.load().rules_for("32.03.02.2002", date(2026, 12, 1)).calendar
    # Thursday 24 December 2026 is joint leave, Friday 25 Christmas.
    due = cianjur.due_after(datetime(2026, 12, 22, 3, tzinfo=UTC), 2)
    assert due == datetime(2026, 12, 28, 9, tzinfo=UTC)


def test_a_deadline_ends_when_the_office_of_the_district_closes_in_its_own_zone() -> None:
    reference = Reference.load()
    day = datetime(2026, 11, 23, 2, tzinfo=UTC)
    due = {
        area: reference.rules_for(area, day.date()).calendar.due_after(day, 1).hour
        for area in ("32.03", "75.01", "81.03", "18.04", "71.73")
    }
    assert due == {"32.03": 9, "75.01": 8, "81.03": 7, "18.04": 9, "71.73": 8}


def test_a_case_recorded_late_in_the_evening_counts_for_the_day_of_the_district() -> None:
    tanimbar = WorkingCalendar(zone=Zone.WIT, holidays=frozenset())
    monday_evening_in_london_is_tuesday_there = datetime(2026, 11, 23, 20, tzinfo=UTC)
    assert tanimbar.due_after(monday_evening_in_london_is_tuesday_there, 1) == datetime(2026, 11, 25, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("recorded", "due"),
    [
        pytest.param(november(23, 7, 0), november(23, 9), id="at 14:00 sharp: today"),
        pytest.param(november(23, 7, 1), november(24, 5), id="at 14:01: tomorrow noon"),
        pytest.param(november(27, 8, 0), november(30, 5), id="Friday at 15:00: Monday"),
        pytest.param(november(28, 2, 0), november(30, 5), id="Saturday: Monday noon"),
    ],
)
def test_a_fast_track_case_is_answered_the_same_working_day_or_the_next_morning(
    recorded: datetime, due: datetime
) -> None:
    calendar = WorkingCalendar(zone=Zone.WIB, holidays=frozenset())
    assert calendar.due_same_day(recorded) == due


def test_a_limit_of_no_days_ends_when_the_office_next_closes() -> None:
    calendar = WorkingCalendar(zone=Zone.WIB, holidays=frozenset())
    assert calendar.due_after(datetime(2026, 11, 23, 9, 0, tzinfo=UTC), 0) == datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert calendar.due_after(datetime(2026, 11, 23, 9, 1, tzinfo=UTC), 0) == datetime(2026, 11, 24, 9, tzinfo=UTC)


def test_a_moment_without_a_zone_is_refused_and_not_guessed() -> None:
    calendar = WorkingCalendar(zone=Zone.WIB, holidays=frozenset())
    with pytest.raises(NaiveMoment):
        calendar.due_after(november(23, 9).replace(tzinfo=None), 1)
