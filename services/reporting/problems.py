"""This service's own refusals, and what to do about them: the one place where they become HTTP."""

from collections.abc import Callable, Mapping
from typing import Any

from chassis.http.problems import Problem
from services.reporting.queries import TooFine


def _too_fine(_error: TooFine) -> Problem:
    return Problem(
        422,
        "figures-too-fine",
        "Above the district figures are told for whole months and for districts or larger areas, because smaller ones "
        "could point at a family. Ask from the first day of a month to the last day of one, for a district at least; a "
        "district is not broken down by area.",
    )


def area_not_found() -> Problem:
    """For an area outside the caller's own, and for one that does not exist: the two are not told apart."""
    return Problem(404, "not-found", "No such area within yours. Check the code, or leave it out for your whole area.")


def period_upside_down() -> Problem:
    return Problem(422, "period-upside-down", "The period ends before it begins. Swap `from` and `to`.")


PROBLEMS: Mapping[type[Exception], Callable[[Any], Problem]] = {TooFine: _too_fine}
