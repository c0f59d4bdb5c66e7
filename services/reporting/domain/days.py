"""Days of a district's calendar, and how many of them a case took."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone

# Keppres 41/1987 on the time zones, by province code; provinces made since then keep their parent's zone. No daylight
# saving since 1964, so a fixed offset is exact.
_WITA = frozenset({"51", "52", "53", "63", "64", "65", "71", "72", "73", "74", "75", "76"})
_WIT = frozenset({"81", "82", "91", "92", "93", "94", "95", "96"})

DAY_LIMITS = (0, 1, 3, 7, 14, 30, 60, 120)
"""Whole days up to which a case falls into a bucket; the last bucket, `more`, is open."""

BUCKETS = (*(f"days_{limit}" for limit in DAY_LIMITS), "days_more")


def zone_of(area: str) -> timezone:
    """The zone of an area: WIB (UTC+7), WITA (+8) or WIT (+9)."""
    province = area[:2]
    hours, name = (9, "WIT") if province in _WIT else (8, "WITA") if province in _WITA else (7, "WIB")
    return timezone(timedelta(hours=hours), name)


def local_day(moment: datetime, area: str) -> date:
    """The day on which something happened where it happened."""
    return moment.astimezone(zone_of(area)).date()


def whole_days(start: datetime, end: datetime) -> int:
    """Full days of 24 hours from start to end; 0 when the clocks of two offices disagree about the order."""
    return max((end.astimezone(UTC) - start.astimezone(UTC)) // timedelta(days=1), 0)


def bucket_of(days: int) -> str:
    return next((f"days_{limit}" for limit in DAY_LIMITS if days <= limit), "days_more")


def days_within(buckets: Mapping[str, int], share: float) -> float | None:
    """The days within which this share (0 to 1) of the cases was answered: 0.5 is the median, 0.9 nine of ten.

    Interpolated within the bucket it falls into; None without cases or in the open last bucket. An approximation:
    within a bucket cases are taken as evenly spread. It is exact for 0 and 1 days.
    """
    wanted = share * sum(buckets.get(name, 0) for name in BUCKETS)
    passed, low = 0, -1
    for limit in DAY_LIMITS:
        count = buckets.get(f"days_{limit}", 0)
        if count and passed + count >= wanted:
            return round(low + 1 + (limit - low - 1) * (wanted - passed) / count, 1)
        passed, low = passed + count, limit
    return None


def median_days(buckets: Mapping[str, int]) -> float | None:
    return days_within(buckets, 0.5)


def most_days(buckets: Mapping[str, int]) -> float | None:
    """Within how many days nine of ten cases were answered."""
    return days_within(buckets, 0.9)
