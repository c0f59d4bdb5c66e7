"""What areas, agencies and programmes are called: codes of the reference data in people's words."""

from dataclasses import dataclass

from chassis.regions import KemendagriRegions
from services.referral.domain.calendar import Zone
from services.referral.reference import Reference

ZONE_NAMES = {Zone.WIB: "Asia/Jakarta", Zone.WITA: "Asia/Makassar", Zone.WIT: "Asia/Jayapura"}


@dataclass(frozen=True)
class Names:
    """Names by code; a code that nothing is known of is shown as it is."""

    reference: Reference
    regions: KemendagriRegions

    def area(self, code: str) -> str:
        return self.regions.name(code) or code

    def village(self, code: str) -> str:
        """A village with its sub-district: two of a district may have the same name."""
        sub_district = code.rpartition(".")[0]
        return f"{self.area(code)}, {self.area(sub_district)}" if sub_district else self.area(code)

    def agency(self, code: str) -> str:
        agency = self.reference.directory.agency(code)
        return agency.name if agency else code

    def programme(self, code: str) -> str:
        """By its latest entry: a name serves the reader of today, also for a case decided under an earlier one."""
        entries = [programme for programme in self.reference.programmes if programme.code == code]
        return max(entries, key=lambda entry: entry.valid_from).name if entries else code

    def short_programme(self, code: str) -> str:
        """As offices call it among themselves: PKH, PBI-JK."""
        return code.upper().replace("_", "-")

    def zone(self, area: str) -> str:
        """The name of the zone that the times of an area are shown in."""
        return ZONE_NAMES[self.reference.zone_of(area)]
