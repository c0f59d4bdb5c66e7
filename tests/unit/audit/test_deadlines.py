"""Every deadline that runs is watched, and stands still only while the citizen is awaited: broken, and seen."""

from collections.abc import Callable
from typing import Any

import pytest

from contracts.events import CaseEscalated, ComplaintAmended, ComplaintState
from tests.harness.builders import a_complaint_state
from tests.unit.audit.story import ACCEPTED, CASE, DECIDED, REFERRAL, at, told
from tests.unit.audit.world import World, a_house_at_rest

WAITING = a_complaint_state(status="waiting_for_citizen", waiting_since=at(20))


def breaches(house: World) -> list[str]:
    return house.findings()["deadlines"].breaches


def handling(house: World) -> dict[str, Any]:
    found: dict[str, Any] = house.row("referral", "handlings")["handling"]
    return found


def clock(house: World, place: int = 1) -> dict[str, Any]:
    found: dict[str, Any] = handling(house)["clocks"][place]
    return found


def the_citizen_was_waited_for(house: World) -> None:
    for number, sequence, state in ((20, 2, WAITING), (30, 3, a_complaint_state())):
        house.publish(told(number, "intake", sequence, amended(state)))


def amended(state: ComplaintState) -> ComplaintAmended:
    return ComplaintAmended(
        change="waiting_for_citizen" if state.waiting_since else "no_longer_waiting", complaint=state
    )


def test_in_the_house_at_rest_one_deadline_runs_and_is_watched() -> None:
    findings = a_house_at_rest().findings()["deadlines"]
    assert findings.breaches == []
    assert findings.counted == {"clocks": 2, "deadlines": 1}


def nobody_looks(house: World) -> None:
    house.stored["referral"]["work"].clear()


def it_is_looked_at_too_late(house: World) -> None:
    house.row("referral", "work")["due_at"] = at(5001)


def a_stopped_clock_is_watched(house: World) -> None:
    clock(house)["stopped_at"] = at(9)


def an_ended_case_is_watched(house: World) -> None:
    handling(house)["status"] = "withdrawn"


def an_agency_is_not_watched(house: World) -> None:
    handling(house)["referrals"][0]["status"] = "issued"


def silence_is_not_watched(house: World) -> None:
    resolution = {"round": 0, "outcome": "given", "resolved_at": at(9), "reopen_until": at(9000)}
    house.row("intake", "complaints")["handling"].update(status="resolved", resolution=resolution)


def it_stands_still_for_nobody(house: World) -> None:
    clock(house)["pauses"] = [{"since": at(4), "until": at(5)}]


def it_runs_while_the_citizen_is_waited_for(house: World) -> None:
    the_citizen_was_waited_for(house)
    clock(house)["pauses"] = [{"since": at(20), "until": at(29)}]


def it_started_late(house: World) -> None:
    clock(house)["started_at"] = at(2)


def a_round_has_two(house: World) -> None:
    handling(house)["clocks"].append({**clock(house), "name": "enquiry", "stopped_at": at(3)})


def a_breach_nobody_was_told_of(house: World) -> None:
    clock(house)["breached_at"] = at(5000)
    house.stored["referral"]["work"].clear()


def a_breach_told_of_a_clock_that_was_not(house: World) -> None:
    late = CaseEscalated(cause="breached_clock", clock="handling", to_tier="province", handling=DECIDED)
    house.publish(told(10, "referral", 5, late))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (nobody_looks, "referral: no row of work watches the deadline clock:{case}:handling:0"),
        (it_is_looked_at_too_late, "looks at another moment than the deadline's"),
        (a_stopped_clock_is_watched, "clock:{case}:handling:0 watches a deadline that does not run"),
        (an_ended_case_is_watched, "clock:{case}:handling:0 watches a deadline that does not run"),
        (an_agency_is_not_watched, "referral: no row of work watches the deadline agency-answer:{referral}"),
        (silence_is_not_watched, "intake: no row of work watches the deadline close-silent-case:{case}"),
        (it_stands_still_for_nobody, "handling of round 0 stood still at other times than the wait"),
        (
            it_runs_while_the_citizen_is_waited_for,
            "handling of round 0 stood still at other times than the wait",
        ),
        (it_started_late, "the clock handling of round 0 did not start when the round began"),
        (a_round_has_two, "a round has not exactly one clock until it is resolved"),
        (a_breach_nobody_was_told_of, "1 clocks were breached, 0 breaches were told"),
        (a_breach_told_of_a_clock_that_was_not, "0 clocks were breached, 1 breaches were told"),
    ],
)
def test_a_deadline_out_of_order_is_seen(wrong: Callable[[World], None], said: str) -> None:
    house = a_house_at_rest()
    wrong(house)
    assert any(said.format(case=CASE, referral=REFERRAL) in breach for breach in breaches(house)), breaches(house)


def test_a_clock_that_stood_still_while_the_citizen_was_waited_for_is_in_order() -> None:
    house = a_house_at_rest()
    the_citizen_was_waited_for(house)
    clock(house)["pauses"] = [{"since": at(20), "until": at(30)}]
    assert breaches(house) == []


def test_a_clock_that_stands_still_now_is_watched_by_nobody() -> None:
    house = a_house_at_rest()
    house.publish(told(20, "intake", 2, amended(WAITING)))
    clock(house)["pauses"] = [{"since": at(20), "until": None}]
    house.stored["referral"]["work"].clear()
    assert breaches(house) == []


def another_verdict(house: World) -> None:
    handling(house)["matches"][0]["verdict"] = "unlikely"


def a_decision_undone(house: World) -> None:
    handling(house)["decisions"] = []


def a_proposal_nobody_was_told_of(house: World) -> None:
    days = {"cut_off": "2026-12-17", "result_expected": "2027-01-10"}
    proposed = {"proposal_id": REFERRAL, "programme": "pkh", "period": "2026-Q4", "status": "drafted", **days}
    handling(house)["proposals"] = [proposed]


def another_deadline_for_an_agency(house: World) -> None:
    handling(house)["referrals"][0]["due_at"] = at(6000)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (another_verdict, "its matches are not what its newest event says"),
        (a_decision_undone, "its decisions are not what its newest event says"),
        (a_proposal_nobody_was_told_of, "its proposals are not what its newest event says"),
        (another_deadline_for_an_agency, "agencies have other deadlines than its newest event says"),
    ],
)
def test_what_the_district_keeps_and_tells_otherwise_is_seen(wrong: Callable[[World], None], said: str) -> None:
    house = a_house_at_rest()
    assert handling(house)["referrals"][0]["status"] == ACCEPTED.referrals[0].status
    wrong(house)
    found = house.findings()["read models"].breaches
    assert any(said in breach for breach in found), found
