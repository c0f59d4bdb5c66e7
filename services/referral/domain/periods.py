"""Periods of the national programmes: until when a proposal must be in, and when its result is expected."""

from calendar import monthrange
from datetime import date
from enum import StrEnum

from pydantic import Field

from contracts.fields import Code, ProposalPeriod
from services.referral.domain.errors import NoPeriod
from services.referral.domain.value import Value


class Every(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"

    @property
    def months(self) -> int:
        return 1 if self is Every.MONTH else 3


class Period(Value):
    """One period of one programme. Days are days of the district's calendar."""

    code: ProposalPeriod
    cut_off: date
    result_expected: date
    verified: bool
    """False: the usual days, not yet announced ones; whoever tells the citizen says so."""


class PeriodRule(Value):
    """The usual calendar of a programme: the data is cut off in the last month of each period, the result
    comes in the first month after it.
    """

    programme: Code
    valid_from: date
    every: Every
    cut_off_day: int = Field(ge=1, le=31)
    result_day: int = Field(ge=1, le=31)
    source: str
    verified: bool

    def next_period(self, today: date) -> Period:
        """The first period whose cut-off is today or later."""
        year, month = today.year, _last_month_of_period(today.month, self.every.months)
        while _day(year, month, self.cut_off_day) < today:
            year, month = _add_months(year, month, self.every.months)
        return Period(
            code=f"{year}-{month:02d}" if self.every is Every.MONTH else f"{year}-Q{month // 3}",
            cut_off=_day(year, month, self.cut_off_day),
            result_expected=_day(*_add_months(year, month, 1), self.result_day),
            verified=self.verified,
        )


class Periods(Value):
    """The rules in force on one day, one a programme."""

    rules: tuple[PeriodRule, ...]

    @classmethod
    def on(cls, day: date, entries: tuple[PeriodRule, ...]) -> "Periods":
        in_force: dict[str, PeriodRule] = {}
        for entry in sorted(entries, key=lambda entry: entry.valid_from):
            if entry.valid_from <= day:
                in_force[entry.programme] = entry
        return cls(rules=tuple(in_force.values()))

    def rule_of(self, programme: str) -> PeriodRule:
        """Raises NoPeriod."""
        for rule in self.rules:
            if rule.programme == programme:
                return rule
        raise NoPeriod(programme)

    def next_period(self, programme: str, today: date) -> Period:
        """The period a proposal drafted today is counted in. Raises NoPeriod."""
        return self.rule_of(programme).next_period(today)


def _last_month_of_period(month: int, months: int) -> int:
    return (month + months - 1) // months * months


def _add_months(year: int, month: int, months: int) -> tuple[int, int]:
    index = year * 12 + month - 1 + months
    return index // 12, index % 12 + 1


def _day(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, monthrange(year, month)[1]))
