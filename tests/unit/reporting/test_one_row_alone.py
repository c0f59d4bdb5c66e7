"""Figures of one kind alone, above the district: added up from what is told of kinds, and nothing more."""

from hypothesis import given
from hypothesis import strategies as st

from services.reporting.domain.breakdowns import Cell, published, published_row
from services.reporting.domain.figures import Subject

DISTRICTS, MONTHS, KINDS = ("32.03", "32.04"), ("2026-10", "2026-11"), ("enquiry", "grievance", "suggestion")
CELLS = st.dictionaries(
    st.tuples(st.sampled_from(DISTRICTS), st.sampled_from(MONTHS), st.sampled_from(KINDS)), st.integers(0, 12)
).map(
    lambda counts: [
        Cell(district, month, kind, {"recorded": count, "open": count})
        for (district, month, kind), count in counts.items()
    ]
)


@given(CELLS)
def test_one_kind_of_one_district_and_month_is_told_as_in_the_table_of_kinds(cells: list[Cell]) -> None:
    for district in DISTRICTS:
        for month in MONTHS:
            here = [cell for cell in cells if (cell.district, cell.month) == (district, month)]
            table = published(here, Subject.CASES, groups_are_whole=False)
            for kind in KINDS:
                alone = published_row(here, Subject.CASES, kind, lambda district, _: district)
                told = table.rows.get(kind)
                assert alone.rows.get(district) == (told if told is None else alone.total)
                assert told is None or alone.total.counts == told.counts


@given(CELLS)
def test_areas_and_months_of_one_kind_add_up_to_the_same_total(cells: list[Cell]) -> None:
    by_area = published_row(cells, Subject.CASES, "enquiry", lambda district, _: district)
    by_month = published_row(cells, Subject.CASES, "enquiry", lambda _, month: month)
    assert by_area.total == by_month.total
    for figures in (by_area, by_month):
        told = [figure.counts["recorded"] for figure in figures.rows.values()]
        assert sum(count or 0 for count in told) == (figures.total.counts["recorded"] or 0)
