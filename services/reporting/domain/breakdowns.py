"""Figures by something: as they are for the district and below, without small cells for those above it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from services.reporting.domain.days import median_days, most_days
from services.reporting.domain.figures import (
    CASE_COUNTS,
    PROGRAMME_COUNTS,
    REFERRAL_STATES,
    STANDINGS,
    TIMED,
    Subject,
)
from services.reporting.domain.publishing import SMALL_BELOW, Block, Counts, Tie, Told, ToldTable, publish, together
from services.reporting.domain.standing import Standing
from services.reporting.domain.view import NONE_YET


def _blocks(names: Iterable[str], *together_told: Block) -> tuple[Block, ...]:
    """Each count by itself, except those that are told together: they stand where their first one stood."""
    inside = {name: block for block in together_told for name in block}
    return tuple(inside.get(name, (name,)) for name in names if inside.get(name, (name,))[0] == name)


BLOCKS: Mapping[Subject, tuple[Block, ...]] = {
    Subject.CASES: _blocks(CASE_COUNTS, STANDINGS),
    Subject.PROGRAMMES: _blocks(
        PROGRAMME_COUNTS,
        ("matched_likely", "matched_unlikely", "matched_unknown"),
        ("referrals", *REFERRAL_STATES),
    ),
}

OUTCOMES_TIED_TO_STANDINGS = Tie(
    rows=frozenset({NONE_YET, Standing.ANSWERED_AT_DESK.value, Standing.WITHDRAWN.value}),
    blocks=frozenset({"recorded", STANDINGS[0]}),
    told_by=STANDINGS[0],
)


@dataclass(frozen=True)
class Figure:
    """One row as a reader gets it. A count that is None is hidden; one in `partly` is `at least` that many."""

    counts: Mapping[str, int | None]
    partly: frozenset[str] = frozenset()
    median_days: float | None = None
    most_days: float | None = None
    """Nine of ten were answered within so many days."""

    @property
    def suppressed(self) -> bool:
        """Whether something is left out of it."""
        return bool(self.partly)


@dataclass(frozen=True)
class Figures:
    """Rows by group, and all of them together."""

    rows: Mapping[str, Figure]
    total: Figure


@dataclass(frozen=True)
class Cell:
    """Counters of one district and month, added up for one group of a breakdown."""

    district: str
    month: str
    group: str
    counts: Counts


def exact(cells: Sequence[Cell], subject: Subject) -> Figures:
    """The figures as they are."""
    rows = {group: _sum(cell.counts for cell in cells if cell.group == group) for group in _groups(cells)}
    total = _sum(cell.counts for cell in cells)
    return Figures({group: _exact(counts, subject) for group, counts in rows.items()}, _exact(total, subject))


def published(cells: Sequence[Cell], subject: Subject, *, groups_are_whole: bool, tie: Tie | None = None) -> Figures:
    """The figures without small cells: sums of what may be told of each district and month (`publishing`).

    `groups_are_whole`: a group takes districts and months whole (areas, periods), so it is the sum of their totals.
    """
    parts: dict[str, list[tuple[Told, Counts]]] = {group: [] for group in _groups(cells)}
    totals: list[tuple[Told, Counts]] = []
    for rows in _by_district_and_month(cells).values():
        table: ToldTable = publish(rows, BLOCKS[subject], tie)
        totals.append((table.total, _sum(rows.values())))
        for group, counts in rows.items():
            parts[group].append((table.total if groups_are_whole else table.rows[group], counts))
    return Figures({group: _told(told, subject) for group, told in parts.items()}, _told(totals, subject))


def published_row(
    cells: Sequence[Cell], subject: Subject, row: str, into: Callable[[str, str], str], tie: Tie | None = None
) -> Figures:
    """One row of the breakdown that `cells` are of, without small cells, over areas or periods.

    What may be told of `row` in each district and month is what `published` tells of it there, and nothing new is
    told: it is only added up `into` groups that take districts and months whole (district, month -> group).
    """
    parts: dict[str, list[tuple[Told, Counts]]] = {}
    for (district, month), rows in _by_district_and_month(cells).items():
        if row in rows:
            told = publish(rows, BLOCKS[subject], tie).rows[row]
            parts.setdefault(into(district, month), []).append((told, rows[row]))
    total = [part for group in parts.values() for part in group]
    return Figures({group: _told(parts[group], subject) for group in sorted(parts)}, _told(total, subject))


def _by_district_and_month(cells: Sequence[Cell]) -> Mapping[tuple[str, str], Mapping[str, Counts]]:
    tables: dict[tuple[str, str], dict[str, Counts]] = {}
    for cell in cells:
        if not any(cell.counts.values()):
            continue  # what was counted there has moved on to another figure
        rows = tables.setdefault((cell.district, cell.month), {})
        rows[cell.group] = _sum((rows.get(cell.group, {}), cell.counts))
    return tables


def _groups(cells: Sequence[Cell]) -> list[str]:
    return sorted({cell.group for cell in cells if any(cell.counts.values())})


def _exact(counts: Counts, subject: Subject) -> Figure:
    names = [name for block in BLOCKS[subject] for name in block]
    told = {name: counts.get(name, 0) for name in names}
    return Figure(told, median_days=median_days(counts), most_days=most_days(counts))


def _told(parts: Sequence[tuple[Told, Counts]], subject: Subject) -> Figure:
    told = together([part for part, _ in parts])
    names = [name for block in BLOCKS[subject] for name in block]
    timed = [counts for part, counts in parts if "recorded" in part.counts and counts.get(TIMED, 0) >= SMALL_BELOW]
    timed_together = _sum(timed)
    hidden = told.hidden if parts else frozenset()
    return Figure(
        {name: told.counts.get(name, None if name in hidden else 0) for name in names},
        partly=hidden,
        median_days=median_days(timed_together),
        most_days=most_days(timed_together),
    )


def _sum(several: Iterable[Counts]) -> dict[str, int]:
    total: dict[str, int] = {}
    for counts in several:
        for name, count in counts.items():
            total[name] = total.get(name, 0) + count
    return total
