"""Every fact that a citizen must know has its message, and no other fact has one: broken on purpose, and seen."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from audit.worth_telling import message_about
from contracts import EventData
from contracts.events import CaseEscalated, ComplaintAmended, ReferralAnswered, ReferralIssued
from contracts.vocabulary import Amendment
from tests.harness.builders import a_complaint_state
from tests.unit.audit.story import (
    ACCEPTED,
    AGENCY,
    DECIDED,
    DELIVERED,
    EARLIER,
    PLANNED,
    REFERRAL,
    SKIPPED,
    at,
    event_id,
    told,
)
from tests.unit.audit.world import World, a_house_at_rest


def breaches(house: World) -> list[str]:
    return house.findings()["choice"].breaches


def delivery(house: World, key: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in house.row("notification", "cases")["deliveries"] if each["id"] == key)
    return found


def left_out(house: World, reason: str, **changes: Any) -> dict[str, Any]:
    found = delivery(house, SKIPPED)
    found.update(skipped=reason, planned_at=found["happened_at"], **changes)
    return found


def test_in_the_house_at_rest_every_fact_is_told_or_rightly_left_out() -> None:
    findings = a_house_at_rest().findings()["choice"]
    assert findings.breaches == []
    assert findings.counted == {"facts told": 4, "left out": 1}


def test_a_fact_that_nobody_is_told_of_is_seen() -> None:
    house = a_house_at_rest()
    house.row("notification", "cases")["deliveries"].remove(delivery(house, PLANNED))
    (breach,) = breaches(house)
    assert "case.decided" in breach
    assert breach.endswith("has no message: the citizen is not told")


def test_a_fact_set_aside_as_a_dead_letter_is_counted_and_not_asked_for() -> None:
    house = a_house_at_rest()
    house.row("notification", "cases")["deliveries"].remove(delivery(house, PLANNED))
    house.stored["notification"]["dead_letters"].append({"_id": house.place_of("case.decided"), "reason": "broke"})
    findings = house.findings()["choice"]
    assert (findings.breaches, findings.counted["set aside"]) == ([], 1)


def test_a_message_about_what_is_nothing_for_the_citizen_is_seen() -> None:
    house = a_house_at_rest()
    corrected = ComplaintAmended(change=Amendment.FACTS_CORRECTED, complaint=a_complaint_state())
    house.publish(told(10, "intake", 2, corrected))
    deliveries = house.row("notification", "cases")["deliveries"]
    deliveries.append({**delivery(house, PLANNED), "id": EARLIER, "about": event_id(10)})
    (breach,) = breaches(house)
    assert breach.endswith("is nothing for the citizen, and has a message")


def test_another_message_than_the_fact_asks_for_is_seen() -> None:
    house = a_house_at_rest()
    delivery(house, DELIVERED)["message"] = {"template": "case_closed"}
    (breach,) = breaches(house)
    assert "is case_closed of round 0; the fact asks for complaint_received of round 0" in breach


def test_old_news_told_as_new_is_seen() -> None:
    house = a_house_at_rest()
    delivery(house, PLANNED)["planned_at"] = at(3) + timedelta(days=7, seconds=1)
    (breach,) = breaches(house)
    assert breach.endswith("the fact was older than a week, and is told as news")


@pytest.mark.parametrize("reason", ["too_old", "round_superseded", "end_already_told", "case_ended", "no_reason"])
def test_a_message_left_out_for_a_reason_that_is_not_so_is_seen(reason: str) -> None:
    house = a_house_at_rest()
    left_out(house, reason)
    assert [breach.split(" was ")[1] for breach in breaches(house)] == [f"left out as {reason}, which is not so"]


def reopened(house: World) -> None:
    amended = ComplaintAmended(change=Amendment.FACTS_CORRECTED, complaint=a_complaint_state(round=1))
    house.publish(told(10, "intake", 2, amended))


def end_told(house: World) -> None:
    delivery(house, DELIVERED).update(message={"template": "case_resolved"}, happened_at=at(5))


def ended_by_the_citizen(house: World) -> None:
    withdrawn = a_complaint_state(status="withdrawn", ended_at=at(4))
    house.publish(told(10, "intake", 2, ComplaintAmended(change=Amendment.FACTS_CORRECTED, complaint=withdrawn)))


@pytest.mark.parametrize(
    ("reason", "because"),
    [("round_superseded", reopened), ("end_already_told", end_told), ("case_ended", ended_by_the_citizen)],
)
def test_a_message_left_out_for_a_reason_that_is_so_is_none_missing(
    reason: str, because: Callable[[World], None]
) -> None:
    house = a_house_at_rest()
    left_out(house, reason)
    because(house)
    assert not any("left out" in breach for breach in breaches(house))


@pytest.mark.parametrize(
    ("fact", "message"),
    [
        (ComplaintAmended(change="waiting_for_citizen", complaint=a_complaint_state()), "complaint_waiting"),
        (ComplaintAmended(change="documents_completed", complaint=a_complaint_state()), None),
        (CaseEscalated(cause="breached_clock", to_tier="province", handling=DECIDED), "case_late"),
        (CaseEscalated(cause="no_agency_left", to_tier="province", handling=DECIDED), "case_passed_up"),
        (
            ReferralAnswered(referral_id=REFERRAL, agency=AGENCY, answer="rejected", handling=ACCEPTED),
            "referral_rejected",
        ),
        (
            ReferralIssued(
                referral_id=REFERRAL, programme="kip", agency=AGENCY, due_at=at(5000), attempt=1, handling=DECIDED
            ),
            None,
        ),
    ],
)
def test_what_a_fact_asks_for_depends_on_what_it_says(fact: EventData, message: str | None) -> None:
    assert message_about(fact) == message
