"""What the API reads: figures by something, cases, one case's timeline. Each answer is of one generation."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from chassis.area import Scope, Tier, district_of, tier_of
from chassis.store import Condition, NotFound, Order, Page, Store, equals, one_of
from chassis.store.counters import Sum, sums
from chassis.store.generations import live_generation
from services.reporting.domain.breakdowns import (
    OUTCOMES_TIED_TO_STANDINGS,
    Cell,
    Figures,
    exact,
    published,
    published_row,
)
from services.reporting.domain.figures import CASE_COUNTS, DURATION_COUNTS, PROGRAMME_COUNTS, Subject
from services.reporting.domain.periods import Period
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
    """Above the district figures are told by whole months, for districts or larger areas, and by one thing at a time:
    of one kind, sector or programme by area or period only."""


@dataclass(frozen=True)
class Only:
    """Only what agrees in one respect: `by` is kind, sector or programme."""

    by: By
    value: str


@dataclass(frozen=True)
class FiguresWanted:
    """Which figures: cases recorded in `area` from the day `start` to the day `end`, both included."""

    area: str
    start: date
    end: date
    by: By
    only: Only | None = None

    @property
    def subject(self) -> Subject:
        return By.PROGRAMME.subject if self.only is not None and self.only.by is By.PROGRAMME else self.by.subject


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


async def figures_for(store: Store, scope: Scope, wanted: FiguresWanted) -> Figures:
    """The figures as whoever has this scope may read them: without small cells above the district. Raises TooFine."""
    return _figures(scope, wanted, await _cells(store, scope, wanted))


async def figures_and_before(store: Store, scope: Scope, wanted: FiguresWanted) -> tuple[Figures, Figures]:
    """Those of the period before as well; of whole months both come by one question. Raises TooFine."""
    period = Period(wanted.start, wanted.end)
    earlier = replace(wanted, start=period.before.start, end=period.before.end)
    if period.whole_months is None:
        return await figures_for(store, scope, wanted), await figures_for(store, scope, earlier)
    cells, first = await _cells(store, scope, replace(wanted, start=earlier.start)), f"{wanted.start:%Y-%m}"
    return (
        _figures(scope, wanted, [cell for cell in cells if cell.month >= first]),
        _figures(scope, earlier, [cell for cell in cells if cell.month < first]),
    )


async def _cells(store: Store, scope: Scope, wanted: FiguresWanted) -> list[Cell]:
    """What the figures are added up from, by month. Above the district by district too, and whole: there `only` narrows
    what is told, not what it is told from.
    """
    field = _NEXT_TIER[tier_of(wanted.area)] if wanted.by is By.AREA else wanted.by.value
    if not reads_above_district(scope):
        found = await _sums(store, wanted, ("period", field), only=wanted.only)
        return [Cell("", month, group, item.counts) for item in found for month, group in [item.group]]
    _must_not_be_too_fine(wanted)
    if wanted.only is not None:
        field = wanted.only.by.value
    found = await _sums(store, wanted, ("district", "period", field))
    return [Cell(district, month, group, item.counts) for item in found for district, month, group in [item.group]]


def _must_not_be_too_fine(wanted: FiguresWanted) -> None:
    tier = tier_of(wanted.area)
    if Period(wanted.start, wanted.end).whole_months is None or tier not in (*ABOVE_DISTRICT, Tier.DISTRICT):
        raise TooFine
    if wanted.by is By.AREA and tier is Tier.DISTRICT:
        raise TooFine
    if wanted.only is not None and wanted.by not in _WHOLE:
        raise TooFine


def _figures(scope: Scope, wanted: FiguresWanted, cells: Sequence[Cell]) -> Figures:
    if not reads_above_district(scope):
        return exact(cells, wanted.subject)
    if wanted.only is None:
        return published(
            cells,
            wanted.subject,
            groups_are_whole=wanted.by in _WHOLE,
            tie=OUTCOMES_TIED_TO_STANDINGS if wanted.by is By.OUTCOME else None,
        )
    by_province = wanted.by is By.AREA and tier_of(wanted.area) is Tier.COUNTRY

    def into(district: str, month: str) -> str:
        if wanted.by is By.PERIOD:
            return month
        return district.split(".", maxsplit=1)[0] if by_province else district

    return published_row(cells, wanted.subject, wanted.only.value, into)


async def _sums(store: Store, wanted: FiguresWanted, by: Sequence[str], *, only: Only | None = None) -> tuple[Sum, ...]:
    live = await live_generation(store)
    return await sums(
        store,
        Scope(wanted.area),
        live.of(FIGURES[wanted.subject]),
        Condition("day", "$gte", wanted.start.isoformat()),
        Condition("day", "$lte", wanted.end.isoformat()),
        *([equals(only.by.value, only.value)] if only is not None else []),
        by=by,
        counts=COUNTS[wanted.subject],
    )


async def case(store: Store, scope: Scope, key: str) -> StoredCase:
    """One case within the scope. Raises NotFound."""
    found = await store.reading(scope, (await live_generation(store)).of(CASES)).find(key)
    if found is None:
        raise NotFound(CASES.name, key)
    return found


@dataclass(frozen=True)
class CasesWanted:
    """Which cases of an area: by the day of recording (both included), and by what they are. Empty is any."""

    area: str
    standings: tuple[Standing, ...] = ()
    start: date | None = None
    end: date | None = None
    kind: str = ""
    sector: str = ""
    outcome: str = ""
    programme: str = ""
    """Asked for, matched or decided."""
    overdue: bool = False
    escalated: bool = False

    def conditions(self) -> list[Condition]:
        found = [
            equals(field, value)
            for field, value in (
                ("kind", self.kind),
                ("sector", self.sector),
                ("outcome", self.outcome),
                ("programmes", self.programme),
                ("overdue", self.overdue),
            )
            if value
        ]
        if self.standings:
            found.append(one_of("standing", [standing.value for standing in self.standings]))
        if self.start is not None:
            found.append(Condition("day", "$gte", self.start.isoformat()))
        if self.end is not None:
            found.append(Condition("day", "$lte", self.end.isoformat()))
        if self.escalated:
            found.append(one_of("escalated_to", [tier.value for tier in EscalatedTo]))
        return found


async def cases(store: Store, scope: Scope, wanted: CasesWanted, *, cursor: str | None, limit: int) -> Page[StoredCase]:
    """Cases in an area, the newest first. Above the district only those that were passed up to a tier there, of
    districts or larger areas and whole months. Raises TooFine.

    A list of all cases would let a reader count what the figures do not tell.
    """
    if reads_above_district(scope):
        wanted = replace(wanted, escalated=True)
        part_of_a_month = wanted.start and wanted.end and Period(wanted.start, wanted.end).whole_months is None
        if part_of_a_month or district_of(wanted.area) != wanted.area or (wanted.start is None) != (wanted.end is None):
            raise TooFine
    reader = store.reading(Scope(wanted.area), (await live_generation(store)).of(CASES))
    return await reader.page(*wanted.conditions(), order=Order("recorded_at", -1), cursor=cursor, limit=limit)
