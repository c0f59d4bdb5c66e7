"""The day it is in a village: Indonesia has three zones and no summer time."""

from datetime import UTC, date, datetime, time, timedelta

WIT_PROVINCES = frozenset({"81", "82", "91", "92", "93", "94", "95", "96"})
WITA_PROVINCES = frozenset({"51", "52", "53", "63", "64", "65", "71", "72", "73", "74", "75", "76"})
"""Keputusan Presiden 41/1987; provinces made since keep their parent's zone. All others are WIB."""


WESTERN, CENTRAL, EASTERN = "Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"


def zone_of(area: str) -> str:
    """The name of the area's zone."""
    province = area[:2]
    return EASTERN if province in WIT_PROVINCES else CENTRAL if province in WITA_PROVINCES else WESTERN


def local_day(area: str, now: datetime) -> date:
    """The date in the area at a moment (UTC): an age, a year of case numbers and an expiry are counted by it."""
    return (now + _ahead(area)).date()


def start_of_day(area: str, now: datetime) -> datetime:
    """The moment (UTC) at which the area's day began."""
    return datetime.combine(local_day(area, now), time(), UTC) - _ahead(area)


def _ahead(area: str) -> timedelta:
    return timedelta(hours={WESTERN: 7, CENTRAL: 8, EASTERN: 9}[zone_of(area)])
