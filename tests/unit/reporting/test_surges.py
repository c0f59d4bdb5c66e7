"""Surges: which hours a case falls into, and when many like cases are one."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from contracts.events import ComplaintAmended, ComplaintCreated
from services.reporting.domain.case import ReportedCase
from services.reporting.domain.surges import Least, Like, Surge, SurgeRules, rounded, wider
from services.reporting.surges.counting import moved_steps
from services.reporting.surges.finding import _of_like
from services.reporting.surges.rules import load_rules
from services.reporting.surges.windows import HOUR, STEP, hours_around, runs, step_of
from tests.harness.builders import JAMBUDIPA, RECORDED_AT, a_complaint_state
from tests.unit.reporting.builders import INTAKE, told_by

LIKE = Like(JAMBUDIPA, "grievance", "social_assistance")
NINE = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
MOMENTS = st.integers(0, 20 * 365 * 24 * 3600).map(lambda seconds: NINE + timedelta(seconds=seconds))


def steps(*minutes_and_counts: tuple[int, int]) -> dict[datetime, int]:
    return {NINE + timedelta(minutes=minutes): count for minutes, count in minutes_and_counts}


@given(MOMENTS)
def test_a_moment_lies_in_one_step_and_in_the_six_hours_that_hold_this_step(moment: datetime) -> None:
    step = step_of(moment)
    assert step <= moment < step + STEP
    assert list(hours_around(moment)) == [step - HOUR + STEP * n for n in range(1, 7)]


@given(MOMENTS, st.integers(0, 100))
def test_what_happens_within_fifty_minutes_is_in_one_hour_together(moment: datetime, half_minutes: int) -> None:
    later = moment + timedelta(seconds=30 * half_minutes)
    assert set(hours_around(moment)) & set(hours_around(later))


def test_windows_that_follow_one_another_are_one_run() -> None:
    begins = [NINE, NINE + STEP, NINE + 2 * STEP, NINE + 5 * STEP]
    assert runs(reversed(begins)) == [(NINE, NINE + 2 * STEP), (NINE + 5 * STEP, NINE + 5 * STEP)]


def test_enough_like_cases_within_the_hour_are_a_surge_from_the_first_to_the_last_of_them() -> None:
    (surge,) = _of_like(LIKE, steps((0, 2), (20, 2), (50, 1)), 0.1, 5, NINE + timedelta(hours=9))
    assert (surge.since, surge.until) == (NINE, NINE + timedelta(minutes=50))
    assert surge.count == 5


def test_as_many_cases_over_more_than_an_hour_are_none() -> None:
    assert _of_like(LIKE, steps((0, 2), (30, 2), (70, 2)), 0.1, 5, NINE + HOUR) == []


def test_a_surge_lasts_until_no_open_hour_reaches_the_threshold() -> None:
    burst = steps((0, 6))
    (now,) = _of_like(LIKE, burst, 0.1, 5, NINE + timedelta(minutes=59))
    (later,) = _of_like(LIKE, burst, 0.1, 5, NINE + timedelta(minutes=61))
    assert now.until is None
    assert later.until == NINE


def test_two_bursts_far_apart_are_two_surges() -> None:
    found = _of_like(LIKE, steps((0, 6), (300, 9)), 0.1, 5, NINE + timedelta(hours=9))
    assert [surge.count for surge in found] == [6, 9]


def test_the_threshold_rises_with_what_is_usual() -> None:
    rules = load_rules()
    assert rules.threshold("village", 0.1) == rules.at_least.village
    assert rules.threshold("village", 10.0) == 10.0 * rules.times_usual


def test_no_threshold_can_be_a_small_cell() -> None:
    with pytest.raises(ValidationError):
        Least(village=4, sub_district=8, district=12, province=30)
    with pytest.raises(ValidationError):
        SurgeRules(at_least=load_rules().at_least, times_usual=0.5, usual_days=28, office_hours=160)


def test_a_wider_area_does_not_count_again_what_a_surge_within_it_explains() -> None:
    neighbour = Like("32.03.02.2001", LIKE.kind, LIKE.sector)
    counts = {LIKE: steps((0, 9)), neighbour: steps((0, 3))}
    surge = Surge(LIKE, NINE, None, 9, 0.1)
    around = {like.area: "32.03.02" for like in counts}
    assert wider(counts, [surge], around) == {Like("32.03.02", LIKE.kind, LIKE.sector): steps((0, 3))}


def test_above_the_district_a_count_is_told_in_steps_of_five() -> None:
    told = rounded(Surge(LIKE, NINE, None, 14, 2.4))
    assert (told.count, told.usual, told.rounded) == (10, 2.0, True)


def test_a_case_counts_when_the_citizen_came_and_once() -> None:
    came = RECORDED_AT - timedelta(days=2)  # told two days later, when the tablet found a signal
    created, amended = told_by(
        INTAKE,
        ComplaintCreated(complaint=a_complaint_state(occurred_at=came)),
        ComplaintAmended(change="documents_completed", complaint=a_complaint_state(occurred_at=came)),
    )
    first = ReportedCase().hearing(created)
    (counted,) = moved_steps(ReportedCase(), first, JAMBUDIPA, RECORDED_AT)
    assert counted.counts == {"recorded": 1}
    assert counted.identity["begins"] == step_of(came)
    assert moved_steps(first, first.hearing(amended), JAMBUDIPA, RECORDED_AT) == ()


def test_a_corrected_sector_moves_the_count_and_an_erased_case_takes_it_back() -> None:
    created, amended = told_by(
        INTAKE,
        ComplaintCreated(complaint=a_complaint_state(sector="health")),
        ComplaintAmended(change="facts_corrected", complaint=a_complaint_state(sector="food")),
    )
    before = ReportedCase().hearing(created)
    after = before.hearing(amended)
    moved = moved_steps(before, after, JAMBUDIPA, RECORDED_AT)
    assert [(item.identity["sector"], item.counts["recorded"]) for item in moved] == [("health", -1), ("food", 1)]
    (taken_back,) = moved_steps(after, ReportedCase(), JAMBUDIPA, RECORDED_AT)
    assert taken_back.counts == {"recorded": -1}


def test_what_is_too_old_to_be_kept_moves_no_count() -> None:
    (created,) = told_by(INTAKE, ComplaintCreated(complaint=a_complaint_state()))
    later = RECORDED_AT + timedelta(days=8)
    assert moved_steps(ReportedCase(), ReportedCase().hearing(created), JAMBUDIPA, later) == ()
