"""Reference data of the district: data/*.yaml and the national holidays, as what the domain goes by."""

from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TypeVar

import holidays
import yaml
from pydantic import TypeAdapter, ValidationError

from services.referral.domain.agencies import Agency, Directory
from services.referral.domain.areas import lies_in
from services.referral.domain.calendar import OfficeHours, WorkingCalendar, Zone
from services.referral.domain.clocks import Limits
from services.referral.domain.periods import PeriodRule, Periods
from services.referral.domain.programmes import Catalogue, Programme
from services.referral.domain.rules import DistrictRules
from services.referral.domain.value import Value

DATA = Path(__file__).parent / "data"


class BadReferenceData(Exception):
    """A data file cannot be used. Found at start, so that no case is handled by half a rule book."""

    def __init__(self, file: Path, fault: str) -> None:
        super().__init__(f"{file.name}: {fault}")


class LimitsEntry(Value):
    """One entry of limits.yaml: the limits and office hours of an area from a date."""

    limits: Limits
    office: OfficeHours


class Reference(Value):
    """All entries, of every area and date. `rules_for` picks what is in force."""

    zones: tuple[tuple[str, Zone], ...]
    limits: tuple[LimitsEntry, ...]
    programmes: tuple[Programme, ...]
    periods: tuple[PeriodRule, ...]
    directory: Directory

    @classmethod
    def load(cls, folder: Path = DATA) -> "Reference":
        """Reads and checks every file. Raises BadReferenceData with the file and the fault."""
        return cls(
            zones=_zones(folder / "zones.yaml"),
            limits=_limits(folder / "limits.yaml"),
            programmes=read_checked(folder / "programmes.yaml", _PROGRAMMES_FILE),
            periods=read_checked(folder / "periods.yaml", _PERIODS_FILE),
            directory=Directory(agencies=read_checked(folder / "agencies.yaml", _AGENCIES_FILE)),
        )

    def rules_for(self, area: str, on: date) -> DistrictRules:
        """What the district of `area` goes by on a day."""
        entry = max(
            (entry for entry in self.limits if lies_in(area, entry.limits.area) and entry.limits.valid_from <= on),
            key=lambda entry: (len(entry.limits.area), entry.limits.valid_from),
            default=None,
        )
        if entry is None:
            raise BadReferenceData(DATA / "limits.yaml", f"no limits in force for area {area!r} on {on}")
        return DistrictRules(
            calendar=WorkingCalendar(zone=self.zone_of(area), holidays=NationalHolidays(), hours=entry.office),
            limits=entry.limits,
            catalogue=Catalogue.on(on, self.programmes),
            directory=self.directory,
            periods=Periods.on(on, self.periods),
        )

    def rules_at(self, area: str, now: datetime) -> DistrictRules:
        """What the district of `area` goes by at a moment: on the day that it is there."""
        return self.rules_for(area, now.astimezone(self.zone_of(area).offset).date())

    def zone_of(self, area: str) -> Zone:
        """The zone of the longest region that holds the area; the country has its capital's."""
        zones = [(region, zone) for region, zone in self.zones if lies_in(area, region)]
        return max(zones, key=lambda entry: len(entry[0]), default=("", Zone.WIB))[1]


class NationalHolidays:
    """National holidays and joint leave, as the joint decree of three ministers names them each year.

    The source is the package `holidays`; a year whose decree is not out yet is estimated by it (2027's
    Eid), so a deadline far ahead can move when the package is updated.
    """

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and day in _holidays_of(day.year)


@cache
def _holidays_of(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("ID", years=year, categories=("public", "government")))


def _zones(file: Path) -> tuple[tuple[str, Zone], ...]:
    zones = read_checked(file, _ZONES_FILE).zones
    return tuple((region, zone) for zone, regions in zones.items() for region in regions)


def _limits(file: Path) -> tuple[LimitsEntry, ...]:
    return tuple(
        LimitsEntry(
            limits=Limits(
                area=raw.area,
                valid_from=raw.valid_from,
                source=raw.source,
                verified=raw.verified,
                **raw.limits,
            ),
            office=raw.office,
        )
        for raw in read_checked(file, _LIMITS_FILE)
    )


class _ZonesFile(Value):
    source: str
    zones: dict[Zone, tuple[str, ...]]


class _LimitsInFile(Value):
    area: str
    valid_from: date
    source: str
    verified: bool
    office: OfficeHours
    limits: dict[str, int]


_ZONES_FILE = TypeAdapter(_ZonesFile)
_LIMITS_FILE = TypeAdapter(tuple[_LimitsInFile, ...])
_PROGRAMMES_FILE = TypeAdapter(tuple[Programme, ...])
_PERIODS_FILE = TypeAdapter(tuple[PeriodRule, ...])
_AGENCIES_FILE = TypeAdapter(tuple[Agency, ...])
_Shape = TypeVar("_Shape")


def read_checked(file: Path, shape: type[_Shape] | TypeAdapter[_Shape]) -> _Shape:
    """A YAML file as `shape`. Raises BadReferenceData with the file and the fault."""
    adapter = shape if isinstance(shape, TypeAdapter) else TypeAdapter(shape)
    try:
        return adapter.validate_python(yaml.safe_load(file.read_text("utf-8")))
    except ValidationError as fault:
        places = (f"{'.'.join(str(part) for part in error['loc'])}: {error['msg']}" for error in fault.errors())
        raise BadReferenceData(file, "; ".join(places)) from fault
    except (OSError, yaml.YAMLError) as fault:
        raise BadReferenceData(file, str(fault)) from fault
