"""What the API reads: figures by something, cases, one case's timeline. Each answer is of one generation."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from chassis.area import Scope, Tier, tier_of
from chassis.store import Condition, NotFound, Order, Page, Store, equals, one_of
from chassis.store.counters import Sum, sums
from chassis.store.generations import live_generation
from services.reporting.domain.breakdowns import OUTCOMES_TIED_TO_STANDINGS, Cell, Figures, exact, published
from services.reporting.domain.figures import CASE_COUNTS, DURATION_COUNTS, PROGRAMME_COUNTS, Subject
from services.reporting.domain.standing import Standing
from services.reporting.domain.view import EscalatedTo
from services.reporting.store import CASES, FIGURES, StoredCase


class By(StrEnum):
    """What figures are broken down by. `area`: the next tier below the one asked for; `period`: month of recording."""

    AREA = "area"
    KIND = "kind"
    SECTOR = "sector"
    PROGRAMME = "programme"
    OUTCOME = "outcome"
    PERIOD = "period"

    @property
    def subject(self) -> Subject:
        return Subject.PROGRAMMES if self is By.PROGRAMME else Subject.CASES


class TooFine(Exception):
    """Above the district figures are told by whole months, and for districts or larger areas."""


@dataclass(frozen=True)
class FiguresWanted:
    """Which figures: cases recorded in `area` from the day `start` to the day `end`, both included."""

    area: str
    start: date
    end: date
    by: By


COUNTS = {
    Subject.CASES: (*CASE_COUNTS, *DURATION_COUNTS),
    Subject.PROGRAMMES: PROGRAMME_COUNTS,
}
_NEXT_TIER = {
    Tier.COUNTRY: "province",
    Tier.PROVINCE: "district",
    Tier.DISTRICT: "sub_district",
    Tier.SUB_DISTRICT: "area",
    Tier.VILLAGE: "area",
}
ABOVE_DISTRICT = (Tier.COUNTRY, Tier.PROVINCE)
_WHOLE = (By.AREA, By.PERIOD)


def reads_above_district(scope: Scope) -> bool:
    """Whether small cells are kept from whoever has this scope."""
    return tier_of(scope.area) in ABOVE_DISTRICT


async def exact_figures(store: Store, wanted: FiguresWanted) -> Figures:
    """The figures as they are, for readers of the district and below."""
    found = await _sums(store, wanted, (_field(wanted),))
    return exact([Cell("", "", item.group[0], item.counts) for item in found], wanted.by.subject)


async def published_figures(store: Store, wanted: FiguresWanted) -> Figures:
    """The figures without small cells. Raises TooFine."""
    whole_months = wanted.start.day == 1 and wanted.end.day == monthrange(wanted.end.year, wanted.end.month)[1]
    if not whole_months or tier_of(wanted.area) not in (*ABOVE_DISTRICT, Tier.DISTRICT):
        raise TooFine
    if wanted.by is By.AREA and tier_of(wanted.area) is Tier.DISTRICT:
        raise TooFine
    found = await _sums(store, wanted, ("district", "period", _field(wanted)))
    return published(
        [Cell(district, month, group, item.counts) for item in found for district, month, group in [item.group]],
        wanted.by.subject,
        groups_are_whole=wanted.by in _WHOLE,
        tie=OUTCOMES_TIED_TO_STANDINGS if wanted.by is By.OUTCOME else None,
    )


def _field(wanted: FiguresWanted) -> str:
    return _NEXT_TIER[tier_of(wanted.area)] if wanted.by is By.AREA else wanted.by.value


async def _sums(store: Store, wanted: FiguresWanted, by: Sequence[str]) -> tuple[Sum, ...]:
    live = await live_generation(store)
    return await sums(
        store,
        Scope(wanted.area),
        live.of(FIGURES[wanted.by.subject]),
        Condition("day", "$gte", wanted.start.isoformat()),
        Condition("day", "$lte", wanted.end.isoformat()),
        by=by,
        counts=COUNTS[wanted.by.subject],
    )


async def case(store: Store, scope: Scope, key: str) -> StoredCase:
    """One case within the scope. Raises NotFound."""
    found = await store.reading(scope, (await live_generation(store)).of(CASES)).find(key)
    if found is None:
        raise NotFound(CASES.name, key)
    return found


async def cases(
    store: Store,
    scope: Scope,
    area: str,
    standing: Standing | None,
    *,
    cursor: str | None,
    limit: int,
) -> Page[StoredCase]:
    """Cases in an area, the newest first. Above the district only those that were passed up to a tier there.

    A list of all cases would let a reader count what the figures do not tell.
    """
    conditions = [] if standing is None else [equals("standing", standing.value)]
    if reads_above_district(scope):
        conditions.append(one_of("escalated_to", [tier.value for tier in EscalatedTo]))
    reader = store.reading(Scope(area), (await live_generation(store)).of(CASES))
    return await reader.page(*conditions, order=Order("recorded_at", -1), cursor=cursor, limit=limit)
