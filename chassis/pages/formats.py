"""Days, moments, numbers and money as people of a language read them. Zones are names such as "Asia/Makassar"."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal
from babel.units import format_unit

from chassis.pages.language import Language

WESTERN = "Asia/Jakarta"
ZONE_LABELS = {"Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
STEPS = ((86400, "duration-day"), (3600, "duration-hour"), (60, "duration-minute"), (1, "duration-second"))


def _local(moment: datetime, zone: str | ZoneInfo | None) -> datetime:
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return aware.astimezone(zone if isinstance(zone, ZoneInfo) else ZoneInfo(zone or WESTERN))


class Formats:
    """The filters of one language's templates."""

    def __init__(self, language: Language) -> None:
        self._locale = language.locale
        self._between = "." if language is Language.INDONESIAN else ":"

    def day(self, when: date | datetime, zone: str | ZoneInfo | None = None, *, weekday: bool = False) -> str:
        """3 Agustus 2026; a moment's day is the day in the zone (WIB when none is given)."""
        day = _local(when, zone) if isinstance(when, datetime) else when
        if weekday:
            return format_date(day, "EEEE, d MMMM y", locale=self._locale)
        return format_date(day, "d MMMM y", locale=self._locale)

    def moment(self, when: datetime, zone: str | ZoneInfo | None = None) -> str:
        """3 Agustus 2026, 14.05 WIB."""
        local = _local(when, zone)
        label = ZONE_LABELS.get(str(local.tzinfo), str(local.tzinfo))
        return f"{self.day(when, zone)}, {self.clock(when, zone)} {label}"

    def instant(self, when: datetime) -> str:
        """2026-08-03 07:05:20 UTC: as logs and traces write it, for whoever compares them."""
        return f"{_local(when, 'UTC'):%Y-%m-%d %H:%M:%S} UTC"

    def clock(self, when: datetime, zone: str | ZoneInfo | None = None) -> str:
        """14.05"""
        local = _local(when, zone)
        return f"{local:%H}{self._between}{local:%M}"

    def month(self, when: date) -> str:
        """Agustus 2026."""
        return format_skeleton("yMMMM", datetime(when.year, when.month, 1, tzinfo=UTC), locale=self._locale)

    def number(self, number: float, decimals: int | None = None) -> str:
        """1.234,5; with `decimals` exactly that many."""
        pattern = "#,##0.###" if decimals is None else "#,##0" + ("." + "0" * decimals if decimals else "")
        return format_decimal(number, format=pattern, locale=self._locale)

    def rupiah(self, amount: int) -> str:
        """Rp1.500.000."""
        sign = "-" if amount < 0 else ""
        return f"{sign}Rp{self.number(abs(amount), 0)}"

    def duration(self, length: timedelta | float) -> str:
        """In the two largest units: 3 jam 20 menit."""
        rest = round(length.total_seconds() if isinstance(length, timedelta) else length)
        parts: list[str] = []
        for seconds, unit in STEPS:
            count, rest = divmod(rest, seconds)
            if count or (seconds == 1 and not parts):
                parts.append(format_unit(count, unit, length="long", locale=self._locale))
        return " ".join(parts[:2])

    def filters(self) -> Mapping[str, Callable[..., str]]:
        return {
            "day": self.day,
            "moment": self.moment,
            "instant": self.instant,
            "clock": self.clock,
            "month": self.month,
            "number": self.number,
            "rupiah": self.rupiah,
            "duration": self.duration,
        }
