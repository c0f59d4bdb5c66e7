"""The figures of one area as a page shows them: headlines, and a table each of areas, months, outcomes and the rest."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from chassis.area import Scope, Tier, tier_of
from chassis.pages import lazy as _
from chassis.store import Store
from services.reporting.domain.breakdowns import Figure, Figures
from services.reporting.domain.figures import Subject
from services.reporting.domain.periods import month_before, period_of
from services.reporting.pages.areas import Areas
from services.reporting.pages.asked import Asked
from services.reporting.pages.tables import (
    CASE_COLUMNS,
    HEADLINES,
    OUTCOME_COLUMNS,
    PROGRAMME_COLUMNS,
    Cell,
    Column,
    Naming,
    Row,
    Table,
    cell,
    none_of,
    rows_of,
)
from services.reporting.pages.words import ENDINGS, KINDS, OUTCOMES, SECTORS, programme_name
from services.reporting.queries import By, FiguresWanted, figures_and_before, reads_above_district

Say = Callable[[str], str]
"""A text in the reader's language."""
Pair = tuple[Figures, Figures]
"""The figures of the period, and of the one before."""


@dataclass(frozen=True)
class Breakdown:
    """One table of the page, before it is filled."""

    by: By
    caption: str
    heading: str
    columns: tuple[Column, ...]
    chart: str
    charted: tuple[str, ...]


AREAS = Breakdown(By.AREA, _("By area"), _("Area"), CASE_COLUMNS, "bars", ("recorded", "overdue"))
MONTHS = Breakdown(
    By.PERIOD, _("By month of recording"), _("Month"), CASE_COLUMNS, "columns", ("recorded", "confirmed")
)
OUTCOMES_TABLE = Breakdown(By.OUTCOME, _("By outcome"), _("Outcome"), OUTCOME_COLUMNS, "bars", ("recorded",))
PROGRAMMES_TABLE = Breakdown(
    By.PROGRAMME, _("Programmes asked for and got"), _("Programme"), PROGRAMME_COLUMNS, "bars", ("asked", "given")
)
KINDS_TABLE = Breakdown(By.KIND, _("By kind"), _("Kind"), CASE_COLUMNS, "bars", ("recorded",))
SECTORS_TABLE = Breakdown(By.SECTOR, _("By sector"), _("Sector"), CASE_COLUMNS, "bars", ("recorded",))
EVERY = (AREAS, MONTHS, OUTCOMES_TABLE, PROGRAMMES_TABLE, KINDS_TABLE, SECTORS_TABLE)
BREAKDOWNS: Mapping[str, Breakdown] = {breakdown.by.value: breakdown for breakdown in EVERY}


def breakdowns_of(scope: Scope, asked: Asked) -> tuple[Breakdown, ...]:
    """The tables that can be told to whoever has this scope: above the district a district is not broken down by area,
    and what is of one kind only by area and month.
    """
    above = reads_above_district(scope)
    tier = tier_of(asked.area)
    chosen = [one for one in EVERY if one.by is not By.AREA or not (tier is Tier.VILLAGE or (above and _lowest(tier)))]
    only = asked.only
    if only is None:
        return tuple(chosen)
    if only.by is By.PROGRAMME:
        wanted = {By.AREA, By.PERIOD} if above else {By.AREA, By.PERIOD, By.OUTCOME}
        return tuple(_of_programmes(one) for one in chosen if one.by in wanted)
    wanted = {By.AREA, By.PERIOD} if above else {By.AREA, By.PERIOD, By.OUTCOME, By.KIND, By.SECTOR} - {only.by}
    return tuple(one for one in chosen if one.by in wanted)


def _lowest(tier: Tier) -> bool:
    return tier not in (Tier.COUNTRY, Tier.PROVINCE)


def _of_programmes(breakdown: Breakdown) -> Breakdown:
    return replace(breakdown, columns=PROGRAMME_COLUMNS, charted=("asked", "given"))


_CASES_BEHIND: Mapping[str, Mapping[str, str]] = {
    "recorded": {},
    "in_hand": {"status": "in_hand"},
    "overdue": {"overdue": "yes"},
    "answered_at_desk": {"status": "answered_at_desk"},
    "confirmed": {"status": "confirmed"},
    "escalated": {"escalated": "yes"},
    "asked": {},
}
"""Columns whose numbers lead to the cases they count."""


class Country:
    """Reads what the figures' page shows."""

    def __init__(self, store: Store, areas: Areas) -> None:
        self._store = store
        self._areas = areas

    async def shown(self, scope: Scope, asked: Asked, say: Say, month: Say) -> tuple[tuple[Cell, ...], list[Table]]:
        """The area as a whole, and all tables; `month` writes a code such as 2026-11 for a reader."""
        breakdowns = breakdowns_of(scope, asked)
        read = await asyncio.gather(*(self._read(scope, asked, breakdown) for breakdown in breakdowns))
        tables = [
            self._table(scope, asked, one, pair, (say, month)) for one, pair in zip(breakdowns, read, strict=True)
        ]
        whole = next(pair for one, pair in zip(breakdowns, read, strict=True) if one.by is By.PERIOD)
        return _headlines(scope, asked, *whole), tables

    async def table(self, scope: Scope, asked: Asked, breakdown: Breakdown, say: Say, month: Say) -> Table:
        """One table alone."""
        return self._table(scope, asked, breakdown, await self._read(scope, asked, breakdown), (say, month))

    async def _read(self, scope: Scope, asked: Asked, breakdown: Breakdown) -> Pair:
        wanted = FiguresWanted(asked.area, asked.period.start, asked.period.end, breakdown.by, asked.only)
        return await figures_and_before(self._store, scope, wanted)

    def _table(self, scope: Scope, asked: Asked, breakdown: Breakdown, pair: Pair, words: tuple[Say, Say]) -> Table:
        (found, before), (say, month) = pair, words
        by, columns = breakdown.by, breakdown.columns

        def the_one_before(group: str) -> Figure | None:
            if by is not By.PERIOD:
                return before.rows.get(group, none_of(columns))
            if asked.period.whole_months is None:
                return None  # the first and last months are told in part
            earlier = month_before(group)
            return found.rows.get(earlier) or before.rows.get(earlier, none_of(columns))

        labels: Mapping[By, Say] = {
            By.AREA: self._areas.name,
            By.PERIOD: month,
            By.PROGRAMME: programme_name,
            By.KIND: lambda code: say(KINDS.get(code, code)),
            By.SECTOR: lambda code: say(SECTORS.get(code, code)),
            By.OUTCOME: lambda code: say({**OUTCOMES, **ENDINGS}.get(code, code)),
        }
        naming = Naming(
            label=labels[by],
            href=lambda code: _deeper(asked, by, code),
            cases=lambda code, column: _cases_of(scope, asked, column, _narrowed(asked, by, code)),
        )
        rows = rows_of(found, the_one_before, columns, naming)
        return Table(
            by.value,
            say(breakdown.caption),
            say(breakdown.heading),
            columns,
            rows if by is By.PERIOD else _largest_first(rows),
            breakdown.chart,
            breakdown.charted,
        )


def _headlines(scope: Scope, asked: Asked, found: Figures, before: Figures) -> tuple[Cell, ...]:
    of_programme = asked.only is not None and asked.only.by is By.PROGRAMME
    return tuple(
        replace(cell(column, found.total, before.total), cases=_cases_of(scope, asked, column, {}))
        for column in HEADLINES[Subject.PROGRAMMES if of_programme else Subject.CASES]
    )


def _deeper(asked: Asked, by: By, code: str) -> str:
    """The figures of one row alone."""
    match by:
        case By.AREA if code != asked.area:
            return f"/figures?{asked.query(area=code)}"
        case By.PERIOD:
            return f"/figures?{replace(asked, period_code=code).query()}"
        case By.KIND | By.SECTOR | By.PROGRAMME:
            return f"/figures?{asked.query(only=f'{by.value}:{code}')}"
    return ""


def _narrowed(asked: Asked, by: By, code: str) -> Mapping[str, str]:
    """A row as a filter of the list of cases."""
    if by is not By.PERIOD:
        return {by.value: code}
    month = period_of(code) or asked.period
    first, last = max(month.start, asked.period.start), min(month.end, asked.period.end)
    return {"from": first.isoformat(), "to": last.isoformat()}


def _cases_of(scope: Scope, asked: Asked, column: Column, narrowed: Mapping[str, str]) -> str:
    """The list of the cases behind a number. Above the district there is one of those that were passed up only."""
    if reads_above_district(scope):
        return f"/cases?{asked.cases_query()}" if column.key == "escalated" else ""
    of_programme = asked.only is not None and asked.only.by is By.PROGRAMME
    if column.key not in _CASES_BEHIND or (of_programme and By.OUTCOME.value in narrowed):
        return ""  # how a wish ended is not how its case did
    return f"/cases?{asked.cases_query(**_CASES_BEHIND[column.key], **narrowed)}"


def _largest_first(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    return tuple(sorted(rows, key=lambda row: (-(row.cells[0].value or 0), row.label)))
