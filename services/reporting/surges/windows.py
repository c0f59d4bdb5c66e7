"""The hours that cases are counted by: hopping windows, of which one begins every ten minutes.

What is stored is their common part: a case counts once, in its ten minutes, and an hour is the sum of six of them.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from faust import HoppingWindow, TumblingWindow

HOUR = timedelta(hours=1)
STEP = timedelta(minutes=10)

_HOURS = HoppingWindow(HOUR.total_seconds(), STEP.total_seconds())
_STEPS = TumblingWindow(STEP.total_seconds())


def step_of(moment: datetime) -> datetime:
    """The beginning of the ten minutes that a moment lies in."""
    return _at(_STEPS.current(moment.timestamp())[0])


def hours_around(moment: datetime) -> tuple[datetime, ...]:
    """The beginnings of the six hours that a moment lies in, the earliest first."""
    return tuple(_at(start) for start, _ in _HOURS.ranges(moment.timestamp()))


def runs(beginnings: Iterable[datetime]) -> list[tuple[datetime, datetime]]:
    """Windows that follow one another without a gap, as (first, last) beginnings, in order of time."""
    found: list[tuple[datetime, datetime]] = []
    for begins in sorted(beginnings):
        if found and begins - found[-1][1] <= STEP:
            found[-1] = (found[-1][0], begins)
        else:
            found.append((begins, begins))
    return found


def _at(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
