"""No small figure is told above the district, and none can be computed from what is told."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.reporting.domain.breakdowns import (
    BLOCKS,
    OUTCOMES_TIED_TO_STANDINGS,
    Cell,
    exact,
    published,
)
from services.reporting.domain.figures import REFERRAL_STATES, STANDINGS, Subject
from services.reporting.domain.publishing import Counts, Told, ToldTable, is_small, publish

CASES = BLOCKS[Subject.CASES]
PROGRAMMES = BLOCKS[Subject.PROGRAMMES]
ENDED_BY_DISTRICT = ("resolved", "confirmed", "closed_by_silence")
DISTRICT_OUTCOMES = ("given", "partly_given", "awaiting_result", "not_given")

Unknown = tuple[str, str, str]
Equation = tuple[dict[Unknown, int], int]


def counted(standings: Mapping[str, int], **others: int) -> Counts:
    return {"recorded": sum(standings.values()), **standings, **others}


figures = st.one_of(st.integers(0, 9), st.integers(0, 60))
case_rows = st.builds(
    lambda standings, fast: counted(standings, fast_track=min(fast, sum(standings.values()))),
    st.fixed_dictionaries(dict.fromkeys(("open", "withdrawn", "resolved", "confirmed"), figures)),
    figures,
)
tables = st.dictionaries(
    st.sampled_from(["enquiry", "grievance", "participation", "suggestion"]), case_rows, min_size=1
)


def outcome_row(outcome: str, standings: Mapping[str, int]) -> Counts:
    """A row as it can be: an outcome goes with certain standings only."""
    possible = {
        "none_yet": ("open", "waiting_for_citizen"),
        "answered_at_desk": ("answered_at_desk",),
        "withdrawn": ("withdrawn",),
    }.get(outcome, ENDED_BY_DISTRICT)
    return counted({name: standings[name] for name in possible})


outcome_tables = st.dictionaries(
    st.sampled_from(["none_yet", "answered_at_desk", "withdrawn", *DISTRICT_OUTCOMES]),
    st.fixed_dictionaries(dict.fromkeys(STANDINGS, figures)),
    min_size=1,
).map(lambda rows: {outcome: outcome_row(outcome, standings) for outcome, standings in rows.items()})


def equations(name: str, table: ToldTable, rows: Mapping[str, Counts]) -> Iterator[Equation]:
    """All that a reader knows: what is told, what adds up, and the totals, which are the same in every table."""
    names = [count for block in CASES for count in block]
    told: list[tuple[str, str, Told]] = [(name, row, table.rows[row]) for row in rows]
    told.append(("", "total", table.total))
    for where, row, cells in told:
        for count, value in cells.counts.items():
            yield {(where, row, count): 1}, value
        yield {(where, row, "recorded"): -1, **{(where, row, standing): 1 for standing in STANDINGS}}, 0
    for count in names:
        yield {("", "total", count): -1, **{(name, row, count): 1 for row in rows}}, 0


def outcome_equations(rows: Mapping[str, Counts]) -> Iterator[Equation]:
    """Which standing goes with which outcome is no secret."""
    for outcome in rows:
        for standing in STANDINGS:
            if outcome_row(outcome, dict.fromkeys(STANDINGS, 1)).get(standing) is None:
                yield {("outcome", outcome, standing): 1}, 0


def computable(known: Sequence[Equation]) -> dict[Unknown, Fraction]:
    """Every figure that the equations leave only one value for (reduced row echelon form)."""
    pivots: dict[Unknown, tuple[dict[Unknown, Fraction], Fraction]] = {}
    for terms, value in known:
        row, constant = {unknown: Fraction(factor) for unknown, factor in terms.items()}, Fraction(value)
        for pivot in [unknown for unknown in row if unknown in pivots]:
            factor = row.get(pivot, Fraction(0))
            other, other_constant = pivots[pivot]
            row, constant = _minus(row, other, factor), constant - factor * other_constant
        if not row:
            continue
        pivot, factor = next(iter(row.items()))
        row, constant = {unknown: part / factor for unknown, part in row.items()}, constant / factor
        for place, (other, other_constant) in list(pivots.items()):
            share = other.get(pivot, Fraction(0))
            if share:
                pivots[place] = (_minus(other, row, share), other_constant - share * constant)
        pivots[pivot] = (row, constant)
    return {pivot: constant for pivot, (row, constant) in pivots.items() if len(row) == 1}


def _minus(
    row: Mapping[Unknown, Fraction], other: Mapping[Unknown, Fraction], factor: Fraction
) -> dict[Unknown, Fraction]:
    names = {*row, *other}
    left = {name: row.get(name, Fraction(0)) - factor * other.get(name, Fraction(0)) for name in names}
    return {name: part for name, part in left.items() if part}


@settings(max_examples=300, deadline=None)
@given(tables)
def test_no_small_figure_of_a_breakdown_is_told_or_can_be_computed(rows: Mapping[str, Counts]) -> None:
    known = computable(list(equations("kind", publish(rows, CASES), rows)))
    assert not {unknown for unknown, value in known.items() if is_small(int(value))}


@settings(max_examples=300, deadline=None)
@given(outcome_tables)
@example(
    {
        "partly_given": counted({"resolved": 3}),
        "given": counted({"resolved": 20, "confirmed": 10}),
        "answered_at_desk": counted({"answered_at_desk": 8}),  # the smallest, but the totals tell it
    }
)
def test_nor_from_outcomes_whose_standings_are_told(rows: Mapping[str, Counts]) -> None:
    table = publish(rows, CASES, OUTCOMES_TIED_TO_STANDINGS)
    known = computable([*equations("outcome", table, rows), *outcome_equations(rows)])
    assert not {unknown for unknown, value in known.items() if is_small(int(value))}


@given(
    st.dictionaries(st.sampled_from(["kip", "pkh", "pbi_jk"]), st.tuples(*[figures] * len(REFERRAL_STATES)), min_size=1)
)
def test_referrals_are_told_with_all_their_states_or_not_at_all(drawn: Mapping[str, tuple[int, ...]]) -> None:
    rows = {
        programme: {"concerned": 90, "referrals": sum(states), **dict(zip(REFERRAL_STATES, states, strict=True))}
        for programme, states in drawn.items()
    }
    for row in publish(rows, PROGRAMMES).rows.values():
        hidden = {"referrals", *REFERRAL_STATES} & row.hidden
        assert hidden in (set(), {"referrals", *REFERRAL_STATES})


@given(st.lists(tables, min_size=1, max_size=4))
def test_figures_over_several_districts_are_sums_of_what_is_told_of_each(drawn: list[Mapping[str, Counts]]) -> None:
    cells = [
        Cell(f"32.{number:02d}", "2026-11", group, counts)
        for number, rows in enumerate(drawn)
        for group, counts in rows.items()
    ]
    apart: Counter[str] = Counter()
    for rows in drawn:
        for group, row in publish(rows, CASES).rows.items():
            apart[group] += row.counts.get("recorded", 0)
    together = published(cells, Subject.CASES, groups_are_whole=False)
    assert {group: row.counts["recorded"] or 0 for group, row in together.rows.items()} == {
        group: apart[group] for group in together.rows
    }


@given(tables)
def test_areas_and_months_tell_the_same_totals_as_every_other_breakdown(rows: Mapping[str, Counts]) -> None:
    by_kind = published(
        [Cell("32.03", "2026-11", kind, row) for kind, row in rows.items()], Subject.CASES, groups_are_whole=False
    )
    by_area = published(
        [Cell("32.03", "2026-11", "32.03", row) for row in rows.values()], Subject.CASES, groups_are_whole=True
    )
    assert by_area.total.counts == by_kind.total.counts


@pytest.mark.parametrize(("small", "told"), [(1, None), (4, None), (5, 5), (0, 0)])
def test_figures_of_one_to_four_are_left_out(small: int, told: int | None) -> None:
    rows = {
        "enquiry": counted({"open": small}),
        "grievance": counted({"open": 30}),
        "suggestion": counted({"open": 40}),
    }
    cells = [Cell("32.03", "2026-11", kind, counts) for kind, counts in rows.items()]
    found = published(cells, Subject.CASES, groups_are_whole=False)
    row = found.rows.get("enquiry")
    assert (row.counts["recorded"] if row else 0) == told
    assert (row is not None and row.suppressed) == (told is None)
    assert found.total.counts["recorded"] == 70 + small


def test_a_single_small_row_takes_the_next_smallest_with_it_so_that_the_total_does_not_give_it_away() -> None:
    rows = {"enquiry": counted({"open": 3}), "grievance": counted({"open": 30}), "suggestion": counted({"open": 40})}
    table = publish(rows, CASES)
    assert table.total.counts["recorded"] == 73
    assert "recorded" in table.rows["enquiry"].hidden
    assert "recorded" in table.rows["grievance"].hidden
    assert table.rows["suggestion"].counts["recorded"] == 40


def test_two_small_rows_that_stay_small_together_take_a_third_with_them() -> None:
    rows = {"enquiry": counted({"open": 1}), "grievance": counted({"open": 1}), "suggestion": counted({"open": 40})}
    assert all("recorded" in row.hidden for row in publish(rows, CASES).rows.values())


def test_a_district_is_told_its_figures_as_they_are() -> None:
    cells = [Cell("", "", "enquiry", counted({"open": 3})), Cell("", "", "grievance", counted({"open": 30}))]
    found = exact(cells, Subject.CASES)
    assert found.rows["enquiry"].counts["recorded"] == 3
    assert found.total.counts["recorded"] == 33
    assert not found.total.suppressed
