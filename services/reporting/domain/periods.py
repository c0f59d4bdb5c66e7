"""Periods that figures are asked for: a month, a quarter, a year, or from one day to another."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

MONTHS_BY_DEFAULT = 12
_CODE = re.compile(r"([0-9]{4})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?", re.ASCII)


@dataclass(frozen=True)
class Period:
    """From the day `start` to the day `end`, both included."""

    start: date
    end: date

    @property
    def whole_months(self) -> int | None:
        """How many months it consists of; None when it begins or ends within one."""
        if self.start.day != 1 or self.end.day != monthrange(self.end.year, self.end.month)[1]:
            return None
        return _number(self.end) - _number(self.start) + 1

    @property
    def before(self) -> "Period":
        """As many months just before it, or as many days where it does not consist of months."""
        months = self.whole_months
        if months is not None:
            return _months(_number(self.start) - months, months)
        days = self.end - self.start + timedelta(days=1)
        return Period(self.start - days, self.end - days)


def period_of(code: str) -> Period | None:
    """The period that a code names: 2026, 2026-Q4 or 2026-11. None for anything else."""
    found = _CODE.fullmatch(code)
    if found is None or int(found[1]) < 2:
        return None
    january = int(found[1]) * 12
    if found[2]:
        return _months(january + 3 * (int(found[2]) - 1), 3)
    if found[3]:
        return _months(january + int(found[3]) - 1, 1)
    return _months(january, 12)


def month_before(code: str) -> str:
    """2026-01 gives 2025-12."""
    return months_up_to(date(int(code[:4]), int(code[5:7]), 1), 2)[1]


def last_months(today: date, count: int) -> Period:
    """The last so many months, the present one whole."""
    return _months(_number(today) - count + 1, count)


def months_up_to(today: date, count: int) -> list[str]:
    """Codes of the last months, the present one first."""
    return [f"{number // 12:04}-{number % 12 + 1:02}" for number in range(_number(today), _number(today) - count, -1)]


def quarters_up_to(today: date, count: int) -> list[str]:
    last = _number(today) // 3
    return [f"{number // 4:04}-Q{number % 4 + 1}" for number in range(last, last - count, -1)]


def years_up_to(today: date, count: int) -> list[str]:
    return [f"{year:04}" for year in range(today.year, today.year - count, -1)]


def _number(day: date) -> int:
    return day.year * 12 + day.month - 1


def _months(first: int, count: int) -> Period:
    year, month = divmod(first + count - 1, 12)
    return Period(date(first // 12, first % 12 + 1, 1), date(year, month + 1, monthrange(year, month + 1)[1]))
