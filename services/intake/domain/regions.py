"""Areas of the country: Kemendagri codes, and what the domain needs to know about them."""

from typing import Protocol

from services.intake.domain.errors import UnknownArea

LEVEL_OF_VILLAGE = 4


class Regions(Protocol):
    """The list of areas in force. The domain is handed one; it never loads it."""

    def name(self, code: str) -> str | None:
        """The area's name, None when the code is not in the list."""


def level(code: str) -> int:
    """0 the country, 1 province, 2 district, 3 sub-district, 4 village."""
    return len(code.split(".")) if code else 0


def district_of(area: str) -> str:
    """The district (kabupaten or kota) in which an area lies: "32.03" of "32.03.02.2002"."""
    return ".".join(area.split(".")[:2])


def known_village(area: str, regions: Regions) -> str:
    """The code, once it is known to be a village's. Raises UnknownArea."""
    if level(area) != LEVEL_OF_VILLAGE or regions.name(area) is None:
        raise UnknownArea(area)
    return area
