"""The centre's figures, number by number: each rule broken on purpose, and seen."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from audit.documents import ReportedState
from audit.reckoned import Figured, reckon
from contracts.events import ComplaintState, HandlingState, NeedOutcome, Resolution
from contracts.vocabulary import CaseOutcome, ClosedBy, ComplaintStatus, NeedEnding, Tier
from tests.harness.builders import JAMBUDIPA, RECORDED_AT, a_complaint_state
from tests.unit.audit.story import ACCEPTED, DECIDED, a_referral, at
from tests.unit.audit.world import World, a_house_at_rest

GIVEN = a_referral(status="completed", outcome="enrolled")


def breaches(house: World) -> list[str]:
    return house.findings()["read models"].breaches


def case_figure(house: World) -> dict[str, Any]:
    return house.row("reporting", "case_figures")


def need_figure(house: World) -> dict[str, Any]:
    return house.row("reporting", "programme_figures")


def counted_on_another_day(house: World) -> None:
    case_figure(house)["day"] = "2026-11-17"


def standing_elsewhere(house: World) -> None:
    case_figure(house)["resolved"] = case_figure(house).pop("open")


def counted_under_another_outcome(house: World) -> None:
    case_figure(house)["outcome"] = "given"


def timed_without_an_end(house: World) -> None:
    case_figure(house).update(timed=1, days=4, days_7=1)


def given_without_an_outcome(house: World) -> None:
    need_figure(house)["given"] = 1


def a_number_nobody_knows(house: World) -> None:
    case_figure(house)["invented"] = 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (counted_on_another_day, "2026-11-17, participation, social_assistance, none_yet: recorded is 1"),
        (standing_elsewhere, "none_yet: resolved is 1, its cases add 0"),
        (counted_under_another_outcome, "social_assistance, given: recorded is 1, its cases add 0"),
        (timed_without_an_end, "days is 4, its cases add 0"),
        (given_without_an_outcome, "kip, none_yet: given is 1, its cases add 0"),
        (a_number_nobody_knows, "invented is 1, its cases add 0"),
    ],
)
def test_a_number_that_the_cases_do_not_add_up_to_is_seen(wrong: Callable[[World], None], said: str) -> None:
    house = a_house_at_rest()
    assert breaches(house) == []
    wrong(house)
    assert any(said in breach for breach in breaches(house)), breaches(house)


def reckoned(complaint: ComplaintState | None = None, handling: HandlingState | None = None, **also: Any) -> Figured:
    fields: dict[str, Any] = {"complaint_sequence": 1, "handling_sequence": 1, "closings": (), "timeline": ()}
    fields |= {"delivered": 0, "failed": 0, **also}
    figured = reckon(JAMBUDIPA, ReportedState(complaint=complaint or a_complaint_state(), handling=handling, **fields))
    assert figured is not None
    return figured


def resolved(days: int, *, round_: int = 0) -> HandlingState:
    resolution = Resolution(
        round=round_,
        outcome=CaseOutcome.GIVEN,
        needs=(NeedOutcome(programme="kip", ending=NeedEnding.ENROLLED),),
        resolved_at=RECORDED_AT + timedelta(days=days, minutes=1),
        reopen_until=at(50_000),
    )
    changes = {"status": "resolved", "round": round_, "referrals": (GIVEN,), "resolution": resolution}
    return HandlingState.model_validate({**ACCEPTED.model_dump(), **changes})


@pytest.mark.parametrize(("days", "bucket"), [(0, "days_0"), (2, "days_3"), (8, "days_14"), (121, "days_more")])
def test_a_resolved_case_counts_the_days_it_took(days: int, bucket: str) -> None:
    figured = reckoned(handling=resolved(days))
    assert figured.outcome == "given"
    assert (figured.counts["resolved"], figured.counts["timed"], figured.counts["days"]) == (1, 1, days)
    assert figured.counts[bucket] == 1
    assert figured.programmes["kip", "enrolled"]["given"] == 1


def test_a_reopened_case_is_open_again_and_has_no_outcome() -> None:
    figured = reckoned(a_complaint_state(round=1), resolved(3))
    assert figured.outcome == "none_yet"
    assert figured.counts["open"] == figured.counts["reopened"] == 1
    assert "timed" not in figured.counts


def test_what_the_citizen_confirmed_is_counted_apart_from_silence() -> None:
    closed = a_complaint_state(status=ComplaintStatus.CLOSED, ended_at=at(60_000))
    by = {by: reckoned(closed, resolved(3), closings=({"round": 0, "by": by},)).counts for by in ClosedBy}
    assert by[ClosedBy.CONFIRMATION]["confirmed"] == 1
    assert by[ClosedBy.SILENCE]["closed_by_silence"] == 1


def test_what_was_withdrawn_took_no_days_and_drops_what_agencies_held() -> None:
    withdrawn = a_complaint_state(status=ComplaintStatus.WITHDRAWN, ended_at=at(9000))
    figured = reckoned(withdrawn, DECIDED)
    assert figured.outcome == "withdrawn"
    assert "timed" not in figured.counts
    assert figured.programmes["kip", "none_yet"]["referrals_dropped"] == 1


def test_late_and_passed_up_count_as_overdue_only_while_somebody_has_to_act() -> None:
    clock = {"name": "handling", "due_at": at(5000), "breached": True}
    late = {"clocks": (clock,), "tier": Tier.PROVINCE}
    open_ = reckoned(handling=HandlingState.model_validate({**DECIDED.model_dump(), **late})).counts
    ended = reckoned(handling=HandlingState.model_validate({**resolved(9).model_dump(), **late})).counts
    assert (open_["overdue"], open_["escalated"], open_["ended_late"]) == (1, 1, 0)
    assert (ended["overdue"], ended["escalated"], ended["ended_late"]) == (0, 0, 1)


def test_the_day_is_the_villages_own() -> None:
    late_in_the_evening = a_complaint_state(recorded_at=RECORDED_AT.replace(hour=17, minute=30))
    assert reckoned(late_in_the_evening).day == "2026-11-17"
