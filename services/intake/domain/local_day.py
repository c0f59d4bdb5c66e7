"""The day it is in a village: Indonesia has three zones and no summer time."""

from datetime import date, datetime, timedelta

WIT_PROVINCES = frozenset({"81", "82", "91", "92", "93", "94", "95", "96"})
WITA_PROVINCES = frozenset({"51", "52", "53", "63", "64", "65", "71", "72", "73", "74", "75", "76"})
"""Keputusan Presiden 41/1987; provinces made since keep their parent's zone. All others are WIB."""


def local_day(area: str, now: datetime) -> date:
    """The date in the area at a moment (UTC): an age, a year of case numbers and an expiry are counted by it."""
    province = area[:2]
    ahead_hours = 9 if province in WIT_PROVINCES else 8 if province in WITA_PROVINCES else 7
    return (now + timedelta(hours=ahead_hours)).date()
