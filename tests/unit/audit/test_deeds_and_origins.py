"""Deeds and events are one to one: broken on purpose in every direction, and seen."""

from contracts import Event, EventData
from contracts.events import CaseAssessed, ComplaintAmended, ComplaintCreated, ReferralAnswered
from tests.harness.builders import a_complaint_state
from tests.unit.audit.story import ACCEPTED, AGENCY, ASSESSED, CASE, REFERRAL, told
from tests.unit.audit.world import a_house_at_rest


def an_amendment(sequence: int, number: int = 30) -> Event[EventData]:
    amended = ComplaintAmended(change="facts_corrected", complaint=a_complaint_state())
    return told(number, "intake", sequence, amended)


def test_a_deed_whose_event_never_came_is_seen() -> None:
    house = a_house_at_rest()
    house.drop("case.decided")
    deeds = house.findings()["deeds"]
    assert f"/districts/32.03/referral about {CASE}: on no topic are 2" in deeds.breaches
    assert f"case {CASE}: case.decided was done 1 times, told 0" in deeds.breaches


def test_a_deed_told_as_two_events_is_seen() -> None:
    house = a_house_at_rest()
    house.publish(told(31, "referral", 5, ReferralAnswered(**_acceptance(), handling=ACCEPTED)))
    house.row("referral", "handlings")["published"] = [{"subject": CASE, "count": 5}]
    assert f"case {CASE}: referral.answered was done 1 times, told 2" in house.findings()["deeds"].breaches


def test_a_deed_done_and_never_counted_is_seen_by_its_name() -> None:
    house = a_house_at_rest()
    handling = house.row("referral", "handlings")
    handling["history"].append({"what": "referral_expired", "by": "time", "about": REFERRAL})
    assert house.findings()["deeds"].breaches == [f"case {CASE}: referral.expired was done 1 times, told 0"]


def test_two_events_in_one_place_of_a_sequence_are_seen() -> None:
    house = a_house_at_rest()
    house.publish(told(32, "referral", 1, CaseAssessed(handling=ASSESSED)))
    assert any("two events have this place" in breach for breach in house.findings()["deeds"].breaches)


def test_two_documents_that_count_one_sequence_are_seen() -> None:
    house = a_house_at_rest()
    second = {**house.row("intake", "complaints"), "_id": "another", "heard": {"entries": []}}
    house.stored["intake"]["elsewhere"] = [second]
    assert any("both count" in breach for breach in house.findings()["deeds"].breaches)


def test_a_gap_in_a_sequence_nobody_counts_is_seen() -> None:
    house = a_house_at_rest()
    house.row("intake", "complaints")["published"] = []
    house.drop("complaint.created")
    house.publish(an_amendment(2))
    assert f"/districts/32.03/intake about {CASE}: on no topic are 1" in house.findings()["deeds"].breaches


def test_an_event_that_no_document_counts_is_seen() -> None:
    house = a_house_at_rest()
    house.publish(an_amendment(2))
    (breach,) = house.findings()["origins"].breaches
    assert breach.endswith("no document of intake counts it")


def test_an_event_on_a_topic_of_another_owner_is_seen() -> None:
    house = a_house_at_rest()
    house.publish(told(33, "referral", 5, ComplaintCreated(complaint=a_complaint_state())))
    assert any(breach.endswith("the topic is intake's") for breach in house.findings()["origins"].breaches)


def test_an_id_that_two_events_share_is_seen() -> None:
    house = a_house_at_rest()
    house.row("intake", "complaints")["published"] = [{"subject": CASE, "count": 2}]
    house.publish(an_amendment(2, number=1))
    assert any("another event's too" in breach for breach in house.findings()["origins"].breaches)


def test_an_event_under_another_key_is_seen() -> None:
    house = a_house_at_rest()
    house.event("case.decided").key = "somebody-else"
    assert any("its key on Kafka is not its subject" in breach for breach in house.findings()["origins"].breaches)


def test_a_record_of_ours_that_is_no_event_is_seen() -> None:
    house = a_house_at_rest()
    house.event("case.decided").value = b"{}"
    assert "the record at case.decided-0-2 is no event (malformed_event)" in house.findings()["origins"].breaches


def _acceptance() -> dict[str, str]:
    return {"referral_id": REFERRAL, "agency": AGENCY, "answer": "accepted"}
