"""Tables of figures, as a page and as a download show them: each number beside that of the period before."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from chassis.pages import lazy as _
from services.reporting.domain.breakdowns import Figure, Figures
from services.reporting.domain.figures import Subject


class Measure(StrEnum):
    """What a number is of."""

    COUNT = "count"
    DAYS = "days"


@dataclass(frozen=True)
class Column:
    """`of` names the counts that are added up, or a duration; `compared`: with its change since the period before."""

    key: str
    label: str
    of: tuple[str, ...]
    measure: Measure = Measure.COUNT
    compared: bool = False

    def value(self, figure: Figure) -> float | None:
        """None for what is not told, or not known."""
        if self.measure is Measure.DAYS:
            return {"median": figure.median_days, "most": figure.most_days}[self.of[0]]
        counts = [figure.counts.get(name) for name in self.of]
        total = None if None in counts else sum(count for count in counts if count is not None)
        return None if self.in_part(figure) and not total else total  # "at least 0" says nothing

    def in_part(self, figure: Figure) -> bool:
        """Whether small cells are left out of it; of a duration, of the cases it is about."""
        if self.measure is Measure.DAYS:
            return figure.suppressed
        return not figure.partly.isdisjoint(self.of)


@dataclass(frozen=True)
class Cell:
    """`value` None: not told, or nothing to tell of. `at_least`: small cells are left out of it.

    `change`: the value minus that of the period before, where both are told whole. `cases` leads to the cases.
    """

    column: Column
    value: float | None
    at_least: bool
    change: float | None = None
    before: float | None = None
    cases: str = ""

    @property
    def hidden(self) -> bool:
        return self.value is None and self.column.measure is Measure.COUNT

    @property
    def told_in_part(self) -> bool:
        return self.at_least and self.value is not None and self.column.measure is Measure.COUNT

    @property
    def percent(self) -> float | None:
        if self.change is None or not self.before:
            return None
        return 100 * self.change / self.before


@dataclass(frozen=True)
class Row:
    """`code` is the value that the row stands for, `label` what it is called in the reader's language."""

    code: str
    label: str
    cells: tuple[Cell, ...]
    href: str = ""


@dataclass(frozen=True)
class Table:
    """`chart` names the columns that a chart shows, and whether as `columns` over time or as `bars`."""

    key: str
    caption: str
    heading: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    chart: str = ""
    charted: tuple[str, ...] = ()

    @property
    def suppressed(self) -> bool:
        return any(cell.hidden or cell.told_in_part for row in self.rows for cell in row.cells)


RECORDED = Column("recorded", _("Recorded"), ("recorded",), compared=True)
IN_HAND = Column("in_hand", _("In hand"), ("open", "waiting_for_citizen"))
OVERDUE = Column("overdue", _("Overdue"), ("overdue",))
DESK = Column("answered_at_desk", _("Answered at the desk"), ("answered_at_desk",))
RESOLVED = Column("resolved", _("Resolved by the district"), ("resolved", "confirmed", "closed_by_silence"))
SOLVED = Column("confirmed", _("Solved, the citizen says"), ("confirmed",))
ESCALATED = Column("escalated", _("Passed up"), ("escalated",))
MEDIAN = Column("median_days", _("Median days"), ("median",), Measure.DAYS)
MOST = Column("most_days", _("Nine of ten within, days"), ("most",), Measure.DAYS)

CASE_COLUMNS = (RECORDED, IN_HAND, OVERDUE, DESK, RESOLVED, SOLVED, MEDIAN, MOST)
OUTCOME_COLUMNS = (RECORDED, MEDIAN, MOST)
PROGRAMME_COLUMNS = (
    Column("asked", _("Asked for"), ("asked",), compared=True),
    Column("given", _("Given or enrolled"), ("given",), compared=True),
    Column("referred", _("Referred"), ("referred",)),
    Column("proposed", _("Proposed"), ("proposed",)),
    Column("refused", _("Refused"), ("refused",)),
    Column("rejected", _("Rejected by agencies"), ("referrals_rejected",)),
    Column("expired", _("Not answered in time"), ("referrals_expired",)),
)
HEADLINES = {
    Subject.CASES: (
        RECORDED,
        IN_HAND,
        OVERDUE,
        DESK,
        SOLVED,
        ESCALATED,
        Column("median_days", _("Median days to an answer"), ("median",), Measure.DAYS),
        Column("most_days", _("Days within which nine of ten were answered"), ("most",), Measure.DAYS),
        Column("messages_delivered", _("Messages sent to citizens"), ("messages_delivered",)),
        Column("messages_failed", _("Messages that reached nobody"), ("messages_failed",)),
    ),
    Subject.PROGRAMMES: PROGRAMME_COLUMNS,
}


def cell(column: Column, figure: Figure, before: Figure | None) -> Cell:
    """One number. Its change is told only where both are told whole: a difference of lower bounds means nothing."""
    value, at_least = column.value(figure), column.in_part(figure)
    was = column.value(before) if before is not None and not column.in_part(before) else None
    if value is None or was is None or at_least:
        return Cell(column, value, at_least)
    return Cell(column, value, at_least, change=round(value - was, 1), before=was)


@dataclass(frozen=True)
class Naming:
    """What a table says beside its numbers: `label` of a group, `href` of its figures, `cases` behind a number."""

    label: Callable[[str], str]
    href: Callable[[str], str]
    cases: Callable[[str, Column], str]


def rows_of(
    found: Figures, before: Callable[[str], Figure | None], columns: Sequence[Column], naming: Naming
) -> tuple[Row, ...]:
    """A row each group; `before` gives the figure that a group is compared with."""
    return tuple(
        Row(
            group,
            naming.label(group),
            tuple(
                replace(
                    cell(column, figure, before(group) if column.compared else None), cases=naming.cases(group, column)
                )
                for column in columns
            ),
            naming.href(group),
        )
        for group, figure in found.rows.items()
    )


def none_of(columns: Sequence[Column]) -> Figure:
    """The figure of a group in a period that had nothing of it."""
    return Figure({name: 0 for column in columns for name in column.of})
