"""Small cells: what may be told above the district.

A figure of 1 to 4 can point at a family, so it is not told above the district; nor is one that could be computed from
what is told. The rule, for one table (one district, one month, one breakdown):

1. The table's own totals come first and do not depend on the breakdown: a total of 1 to 4 is hidden.
2. Counts are told in *blocks*: counts that add up to another count (the standings of the cases recorded) are told
   together or not at all. A row's block is hidden when one of its counts is 1 to 4. A row with 1 to 4 in the leading
   count is hidden whole.
3. While a block's totals are told, what its hidden rows add up to can be computed: in each count that has to be 0, or 5
   and more. Else the smallest row still told is hidden as well.
4. A row that the told totals give away (outcome "withdrawn" is standing "withdrawn") hides nothing by being hidden, so
   it is never chosen in 3.

Whoever reads above the district gets sums of these tables and of nothing else: whatever periods, areas and breakdowns
are asked for and subtracted from one another, only told counts can come out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

SMALL_BELOW = 5

Counts = Mapping[str, int]
Block = Sequence[str]


def is_small(count: int) -> bool:
    return 0 < count < SMALL_BELOW


@dataclass(frozen=True)
class Tie:
    """Rows whose counts in `blocks` can be read off the totals of the block `told_by` (blocks by their first count)."""

    rows: frozenset[str]
    blocks: frozenset[str]
    told_by: str


@dataclass(frozen=True)
class Told:
    """A row of figures as it may be told. A count that is not in `counts` is hidden, in part or whole."""

    counts: Counts
    hidden: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ToldTable:
    """One table with its small cells taken out."""

    rows: Mapping[str, Told]
    total: Told


@dataclass
class _Hiding:
    """Which blocks of which rows are hidden, while the rule is applied."""

    rows: Mapping[str, Counts]
    total: Counts
    hidden: dict[str, set[str]] = field(default_factory=dict)

    def is_hidden(self, row: str, block: Block) -> bool:
        return block[0] in self.hidden.get(row, ())

    def hide(self, row: str, block: Block) -> None:
        self.hidden.setdefault(row, set()).update(block)

    def computable(self, block: Block) -> bool:
        """Whether the totals of a block, when told, give away a small count of its hidden rows."""
        hidden = [counts for row, counts in self.rows.items() if self.is_hidden(row, block)]
        return any(is_small(sum(row.get(name, 0) for row in hidden)) for name in block)

    def smallest_told(self, block: Block, given_away: frozenset[str]) -> str | None:
        sizes = {
            row: sum(counts.get(name, 0) for name in block)
            for row, counts in self.rows.items()
            if row not in given_away and not self.is_hidden(row, block)
        }
        return min((row for row, size in sizes.items() if size), key=lambda row: (sizes[row], row), default=None)


def publish(rows: Mapping[str, Counts], blocks: Sequence[Block], tie: Tie | None = None) -> ToldTable:
    """The table without its small cells. `blocks` names every count once; the first block is the leading count."""
    total = {name: sum(counts.get(name, 0) for counts in rows.values()) for block in blocks for name in block}
    hiding = _Hiding(rows, total)
    leading, *others = blocks
    hidden_totals = {name for block in blocks if any(is_small(total[n]) for n in block) for name in block}
    if leading[0] in hidden_totals:
        hidden_totals = set(total)
    tied = tie if tie is not None and tie.told_by not in hidden_totals else None
    _hide(hiding, leading, hidden_totals, tied)
    for block in others:
        for row in rows:
            if hiding.is_hidden(row, leading):
                hiding.hide(row, block)
        _hide(hiding, block, hidden_totals, tied)
    return ToldTable(
        {row: _told(counts, hiding.hidden.get(row, set()), total) for row, counts in rows.items()},
        _told(total, hidden_totals, total),
    )


def _hide(hiding: _Hiding, block: Block, hidden_totals: set[str], tie: Tie | None) -> None:
    given_away = tie.rows if tie is not None and block[0] in tie.blocks else frozenset()
    for row, counts in hiding.rows.items():
        if any(is_small(counts.get(name, 0)) for name in block):
            hiding.hide(row, block)
    while block[0] not in hidden_totals and hiding.computable(block):
        another = hiding.smallest_told(block, given_away)
        if another is None:
            return  # every row that has something is hidden: they add up to a total that is told, and is not small
        hiding.hide(another, block)


def _told(counts: Counts, hidden: set[str], names: Counts) -> Told:
    return Told({name: counts.get(name, 0) for name in names if name not in hidden}, frozenset(hidden))


def together(tables: Sequence[Told]) -> Told:
    """Rows of several tables added up. A count hidden in one of them stays marked: its sum is `at least`."""
    counts: dict[str, int] = {}
    hidden: set[str] = set()
    for row in tables:
        hidden |= row.hidden
        for name, count in row.counts.items():
            counts[name] = counts.get(name, 0) + count
    return Told(counts, frozenset(hidden))
