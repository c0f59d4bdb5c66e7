"""Areas: Kemendagri region codes (province.district.sub-district.village, digits 2.2.2.4) and scopes over them."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import StringConstraints

AREA_PATTERN = r"^([0-9]{2}(\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?)?)?$"
AreaCode = Annotated[str, StringConstraints(pattern=AREA_PATTERN)]


class Tier(StrEnum):
    """How far up an area stands."""

    COUNTRY = "country"
    PROVINCE = "province"
    DISTRICT = "district"
    SUB_DISTRICT = "sub_district"
    VILLAGE = "village"


_TIERS = (Tier.PROVINCE, Tier.DISTRICT, Tier.SUB_DISTRICT, Tier.VILLAGE)


def tier_of(area: str) -> Tier:
    """The tier of an area code; the empty code is the country."""
    return _TIERS[area.count(".")] if area else Tier.COUNTRY


def district_of(area: str) -> str:
    """The district an area lies in; an area above the districts is returned as it is."""
    return ".".join(area.split(".")[:2])


@dataclass(frozen=True)
class Scope:
    """What a person may see: one area and everything below it. `Scope("")` is the whole country."""

    area: str

    def __post_init__(self) -> None:
        if not re.fullmatch(AREA_PATTERN, self.area):
            raise ValueError("An area is a region code such as 32.03.02.2002, a prefix of one, or empty.")

    def covers(self, area: str) -> bool:
        return not self.area or area == self.area or area.startswith(self.area + ".")


COUNTRY = Scope("")
