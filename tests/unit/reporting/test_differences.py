"""What counts as a difference between what is live and what was rebuilt, and what does not."""

import io
from typing import Any

import pytest

from chassis.store.side_by_side import Pair
from services.reporting.rebuilding.comparing import KEPT_LIMIT, Comparison
from services.reporting.rebuilding.differences import Difference, Kind, of_case, of_counter
from services.reporting.rebuilding.progress import Progress


def a_case(**changes: Any) -> dict[str, Any]:
    row = {
        "_id": "a",
        "within": ["", "32"],
        "revision": 1,
        "edition": 1,
        "heard": {"entries": [{"source": "/intake", "subject": "a", "ranges": [[1, 3]]}]},
        "standing": "open",
        "case": {"delivered": 0, "timeline": ["first"]},
    }
    return {**row, **changes}


def a_counter(**changes: Any) -> dict[str, Any]:
    return {"_id": "c", "area": "32", "day": "2026-11-16", "recorded": 3, "open": 3, **changes}


def heard(*entries: tuple[str, list[list[int]]]) -> dict[str, Any]:
    return {"entries": [{"source": source, "subject": "a", "ranges": ranges} for source, ranges in entries]}


def test_how_often_it_was_written_and_in_which_order_it_heard_is_no_difference() -> None:
    live = a_case(revision=9, edition=7, heard=heard(("/intake", [[1, 2], [3, 3]]), ("/referral", [[1, 1]])))
    rebuilt = a_case(heard=heard(("/referral", [[1, 1]]), ("/intake", [[1, 3]])))
    assert of_case(Pair("a", live, rebuilt)) is None


@pytest.mark.parametrize(
    ("live", "rebuilt", "kind", "says"),
    [
        (None, a_case(), Kind.MISSING, ""),
        (a_case(), None, Kind.SURPLUS, ""),
        (
            a_case(heard=heard(("/intake", [[1, 1], [3, 4]]))),
            a_case(),
            Kind.HEARD,
            "the live one lacks 1, the rebuilt one 1",
        ),
        (a_case(), a_case(standing="resolved"), Kind.CONTENT, "standing"),
        (a_case(), a_case(case={"delivered": 1, "timeline": []}), Kind.CONTENT, "case.delivered, case.timeline"),
        (a_case(), a_case(erased={"reason": "x"}), Kind.CONTENT, "erased"),
        (a_case(heard={}), a_case(heard={}, within=[]), Kind.CONTENT, "within"),
    ],
)
def test_a_case_differs(live: Any, rebuilt: Any, kind: Kind, says: str) -> None:
    assert of_case(Pair("a", live, rebuilt)) == Difference(kind, "a", says)


@pytest.mark.parametrize(
    ("live", "rebuilt"),
    [
        (a_counter(), a_counter()),
        (None, a_counter(recorded=0, open=0)),
        (a_counter(recorded=0, open=0), None),
        (a_counter(withdrawn=0), a_counter()),
    ],
)
def test_a_counter_that_counts_nothing_is_as_good_as_none(live: Any, rebuilt: Any) -> None:
    assert of_counter(Pair("c", live, rebuilt)) is None


@pytest.mark.parametrize(
    ("live", "rebuilt", "says"),
    [
        (a_counter(), a_counter(open=2, withdrawn=1), "open 3 -> 2, withdrawn 0 -> 1"),
        (None, a_counter(), "open 0 -> 3, recorded 0 -> 3"),
        (a_counter(), None, "open 3 -> 0, recorded 3 -> 0"),
        (a_counter(), a_counter(day="2026-11-17"), "what it is a counter of"),
    ],
)
def test_a_counter_differs(live: Any, rebuilt: Any, says: str) -> None:
    assert of_counter(Pair("c", live, rebuilt)) == Difference(Kind.FIGURES, "c", says)


def test_of_very_many_differences_only_the_number_is_kept() -> None:
    comparison = Comparison()
    for number in range(KEPT_LIMIT + 3):
        comparison.add(Difference(Kind.FIGURES, str(number)))
    assert len(comparison.differences) == KEPT_LIMIT
    assert comparison.beyond == {Kind.FIGURES: 3}
    assert not comparison.equal


def test_progress_says_how_far_how_fast_and_how_long() -> None:
    now = iter([100.0, 100.0, 101.0, 110.0, 115.0])
    out = io.StringIO()
    shown = Progress(out, lambda: next(now))
    shown.begins(20_000)
    for done in (1_000, 1_500, 6_000, 20_000):
        shown.reached(done)
    assert out.getvalue().splitlines() == [
        "read 6,000 of 20,000 events, 500 a second, 28 s left",
        "read 20,000 of 20,000 events, 1,267 a second",
    ]
