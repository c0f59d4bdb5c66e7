"""The papers that citizens bring to the window, and which programme asks for which."""

from collections.abc import Iterable
from enum import StrEnum


class Paper(StrEnum):
    """A paper that can be looked at on the desk."""

    FAMILY_CARD = "family_card"
    ID_CARD = "id_card"
    BIRTH_CERTIFICATE = "birth_certificate"
    SCHOOL_LETTER = "school_letter"
    HEALTH_LETTER = "health_letter"
    POVERTY_LETTER = "poverty_letter"
    BUSINESS_LETTER = "business_letter"


ALWAYS = (Paper.FAMILY_CARD, Paper.ID_CARD)
BESIDE: dict[str, tuple[Paper, ...]] = {
    "kip": (Paper.SCHOOL_LETTER,),
    "pbi_jk": (Paper.HEALTH_LETTER,),
    "kur": (Paper.BUSINESS_LETTER,),
}
"""Usual practice; an office may ask for more, and notes it when it waits for the citizen."""


def missing(needs: Iterable[str], brought: Iterable[str]) -> tuple[Paper, ...]:
    """What the programmes asked for need and is not on the desk, in the order it is asked for."""
    wanted = list(needs)
    if not wanted:
        return ()
    asked = dict.fromkeys([*ALWAYS, *(paper for need in wanted for paper in BESIDE.get(need, ()))])
    seen = set(brought)
    return tuple(paper for paper in asked if paper not in seen)
