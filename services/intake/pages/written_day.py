"""A day as people write it on a form: the day first, as on Indonesian cards; or as machines do, the year first."""

import re
from datetime import date

_DAY_FIRST = re.compile(r"(?P<day>\d{1,2})[-/. ](?P<month>\d{1,2})[-/. ](?P<year>\d{4})", re.ASCII)
_DIGITS_ONLY = re.compile(r"(?P<day>\d{2})(?P<month>\d{2})(?P<year>\d{4})", re.ASCII)
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})", re.ASCII)


class NotADay(ValueError):
    """It is not written as a day is."""


class NoSuchDay(ValueError):
    """It is written as a day is, and no calendar has it: 31-02-1990."""


def written_day(typed: str) -> date:
    """The day that was typed. Raises NotADay, NoSuchDay."""
    written = next(
        (found for shape in (_DAY_FIRST, _DIGITS_ONLY, _YEAR_FIRST) if (found := shape.fullmatch(typed))), None
    )
    if written is None:
        raise NotADay
    try:
        return date(int(written["year"]), int(written["month"]), int(written["day"]))
    except ValueError:
        raise NoSuchDay from None
