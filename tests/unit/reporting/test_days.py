"""Local days, and how long cases took."""

import statistics
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reporting.domain.days import bucket_of, local_day, median_days, whole_days

MORNING = datetime(2026, 11, 16, 2, tzinfo=UTC)


@pytest.mark.parametrize(("area", "hour_utc"), [("32.03.02.2002", 17), ("75.01.24.2001", 16), ("81.03.01.1001", 15)])
def test_a_day_begins_at_midnight_where_the_case_was_recorded(area: str, hour_utc: int) -> None:
    midnight = datetime(2026, 11, 16, hour_utc, tzinfo=UTC)
    assert local_day(midnight, area) == date(2026, 11, 17)
    assert local_day(midnight - timedelta(seconds=1), area) == date(2026, 11, 16)


def test_days_are_full_days_of_24_hours() -> None:
    assert whole_days(MORNING, MORNING + timedelta(hours=23, minutes=59)) == 0
    assert whole_days(MORNING, MORNING + timedelta(hours=48)) == 2


def test_clocks_of_two_offices_that_disagree_make_no_negative_duration() -> None:
    assert whole_days(MORNING, MORNING - timedelta(seconds=3)) == 0


@pytest.mark.parametrize(
    ("days", "bucket"), [(0, "days_0"), (1, "days_1"), (2, "days_3"), (120, "days_120"), (121, "days_more")]
)
def test_a_bucket_holds_the_days_up_to_its_limit(days: int, bucket: str) -> None:
    assert bucket_of(days) == bucket


@given(st.lists(st.integers(0, 120), min_size=1))
def test_the_median_lies_in_the_bucket_of_the_true_one(days: list[int]) -> None:
    approximate = median_days(Counter(bucket_of(number) for number in days))
    assert approximate is not None
    true = statistics.median_low(days)
    lower = {"days_0": 0, "days_1": 0, "days_3": 1, "days_7": 3, "days_14": 7, "days_30": 14, "days_60": 30}
    upper = int(bucket_of(true).removeprefix("days_"))
    assert lower.get(bucket_of(true), 60) <= approximate <= upper


def test_there_is_no_median_of_nothing_nor_in_the_open_bucket() -> None:
    assert median_days({}) is None
    assert median_days({"days_more": 3, "days_1": 1}) is None
