"""Days and hours as a citizen reads them: in the zone of the district, in words.

The zones have had no daylight saving since 1964, so a fixed offset is exact.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from enum import Enum
from string import Template

_WITA = frozenset({"51", "52", "53", "63", "64", "65", "71", "72", "73", "74", "75", "76"})
_WIT = frozenset({"81", "82", "91", "92", "93", "94", "95", "96"})


class Zone(Enum):
    """Indonesia's time zones, by hours from UTC. Source: Keppres 41/1987; provinces made since keep their parent's."""

    WIB = 7
    WITA = 8
    WIT = 9

    @property
    def offset(self) -> timezone:
        return timezone(timedelta(hours=self.value), self.name)

    @classmethod
    def of(cls, area: str) -> "Zone":
        """The zone of an area (Kemendagri code), by its province."""
        province = area.split(".", maxsplit=1)[0]
        if province in _WITA:
            return cls.WITA
        return cls.WIT if province in _WIT else cls.WIB


@dataclass(frozen=True)
class Calendar:
    """How a language says a day and a moment. `weekdays` begin with Monday, `months` with January."""

    weekdays: Sequence[str]
    months: Sequence[str]
    day: Template
    moment: Template

    def say_day(self, day: date) -> str:
        return self.day.substitute(
            weekday=self.weekdays[day.weekday()], day=day.day, month=self.months[day.month - 1], year=day.year
        )

    def say_moment(self, moment: datetime, zone: Zone) -> str:
        local = moment.astimezone(zone.offset)
        return self.moment.substitute(
            date=self.say_day(local.date()), hour=f"{local.hour:02d}", minute=f"{local.minute:02d}", zone=zone.name
        )
