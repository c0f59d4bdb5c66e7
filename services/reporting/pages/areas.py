"""Areas on pages: their names, the way down to them, and the clock they go by."""

from dataclasses import dataclass

from chassis.area import Scope
from chassis.pages import lazy as _
from chassis.regions import KemendagriRegions
from chassis.store.documents import areas_around
from services.reporting.domain.days import zone_of

COUNTRY_NAME = _("Indonesia")
_ZONES = {"WIB": "Asia/Jakarta", "WITA": "Asia/Makassar", "WIT": "Asia/Jayapura"}


@dataclass(frozen=True)
class NamedArea:
    code: str
    name: str


class Areas:
    """Names by the list in force; an area the list does not have is shown by its code."""

    def __init__(self, regions: KemendagriRegions) -> None:
        self._regions = regions

    def name(self, code: str) -> str:
        if not code:
            return COUNTRY_NAME
        return self._regions.name(code) or code

    def full_name(self, code: str) -> str:
        """With the area around it, for lists of areas from all over."""
        around = areas_around(code)
        return f"{self.name(code)}, {self.name(around[-2])}" if len(around) > 2 else self.name(code)

    def way_to(self, code: str, scope: Scope) -> tuple[NamedArea, ...]:
        """The areas from the reader's own down to this one."""
        return tuple(NamedArea(area, self.name(area)) for area in areas_around(code) if scope.covers(area))


def zone_name(area: str) -> str:
    """The zone that moments in an area are shown in; WIB for the whole country."""
    return _ZONES[zone_of(area).tzname(None) or "WIB"]
