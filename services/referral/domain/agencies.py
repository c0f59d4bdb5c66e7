"""The directory of partner agencies: who takes what, where, and who is asked first."""

from collections.abc import Collection

from contracts.fields import Area, Code
from contracts.vocabulary import Tier
from services.referral.domain.areas import lies_in, tier_of
from services.referral.domain.value import Value


class Agency(Value):
    code: Code
    name: str
    area: Area
    """Where it works: a district, a province, or "" for the whole country."""
    programmes: tuple[Code, ...]
    preference: int
    """Among agencies of the same area the smaller is asked first."""

    @property
    def tier(self) -> Tier:
        return tier_of(self.area)


class Directory(Value):
    agencies: tuple[Agency, ...]

    def agency(self, code: str) -> Agency | None:
        return next((agency for agency in self.agencies if agency.code == code), None)

    def next_agency(self, programme: str, area: str, tried: Collection[str]) -> Agency | None:
        """Whom to ask next about a need of a family in `area`; None when everybody suitable was asked.

        The nearest agencies first (district, then province, then national): what can be done near the family
        is, and a case climbs only when it cannot.
        """
        suitable = [
            agency
            for agency in self.agencies
            if programme in agency.programmes and lies_in(area, agency.area) and agency.code not in tried
        ]
        return min(suitable, key=lambda agency: (-len(agency.area), agency.preference, agency.code), default=None)
