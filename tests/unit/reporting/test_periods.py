"""Periods by code, and the one before."""

from datetime import date

import pytest

from services.reporting.domain.periods import (
    Period,
    last_months,
    months_up_to,
    period_of,
    quarters_up_to,
    years_up_to,
)

TODAY = date(2026, 2, 14)


@pytest.mark.parametrize(
    ("code", "start", "end"),
    [
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_code_names_a_month_a_quarter_or_a_year(code: str, start: date, end: date) -> None:
    assert period_of(code) == Period(start, end)


@pytest.mark.parametrize("code", ["", "2026-13", "2026-Q5", "2026-1", "26", "0000", "2026-02-01", "٢٠٢٦"])
def test_nothing_else_is_a_code(code: str) -> None:
    assert period_of(code) is None


@pytest.mark.parametrize(
    ("period", "before"),
    [
        (Period(date(2026, 3, 1), date(2026, 3, 31)), Period(date(2026, 2, 1), date(2026, 2, 28))),
        (Period(date(2026, 1, 1), date(2026, 3, 31)), Period(date(2025, 10, 1), date(2025, 12, 31))),
        (Period(date(2026, 1, 1), date(2026, 12, 31)), Period(date(2025, 1, 1), date(2025, 12, 31))),
        (Period(date(2026, 3, 9), date(2026, 3, 15)), Period(date(2026, 3, 2), date(2026, 3, 8))),
    ],
)
def test_the_period_before_is_as_long(period: Period, before: Period) -> None:
    assert period.before == before


def test_the_last_twelve_months_hold_the_present_one_whole() -> None:
    assert last_months(TODAY, 12) == Period(date(2025, 3, 1), date(2026, 2, 28))


def test_codes_are_offered_from_the_present_backwards() -> None:
    assert months_up_to(TODAY, 3) == ["2026-02", "2026-01", "2025-12"]
    assert quarters_up_to(TODAY, 2) == ["2026-Q1", "2025-Q4"]
    assert years_up_to(TODAY, 2) == ["2026", "2025"]
