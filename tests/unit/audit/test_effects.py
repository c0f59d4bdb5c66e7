"""One effect in each reader, or a dead letter with its reason: broken on purpose, and seen."""

import pytest

from tests.unit.audit.story import AGENCY, CASE
from tests.unit.audit.world import World, a_house_at_rest

MAIN = (("intake", "complaints"), ("referral", "handlings"), ("notification", "cases"), ("reporting", "cases"))
FEED = f"partner.{AGENCY}.referral.answered"


def forget(house: World, service: str, collection: str) -> None:
    """The newest event of the first thread is heard no more."""
    house.row(service, collection)["heard"]["entries"][0]["ranges"].pop()


def set_aside(house: World, service: str, topic: str, reason: str = "handler_failed") -> None:
    house.stored[service]["dead_letters"].append({"_id": house.place_of(topic), "reason": reason})


@pytest.mark.parametrize(("service", "collection"), MAIN)
def test_an_event_without_effect_is_seen_in_every_reader(service: str, collection: str) -> None:
    house = a_house_at_rest()
    forget(house, service, collection)
    (breach,) = house.findings()["effects"].breaches
    assert breach.startswith(f"{service}: ")
    assert breach.endswith("had no effect and is no dead letter")


def test_an_event_set_aside_with_its_reason_is_no_breach() -> None:
    house = a_house_at_rest()
    house.row("referral", "handlings")["heard"]["entries"][0]["ranges"].clear()
    set_aside(house, "referral", "complaint.created")
    effects = house.findings()["effects"]
    assert effects.breaches == []
    assert effects.notes == ["referral: 1 dead letters because of handler_failed"]


def test_a_dead_letter_without_a_reason_is_seen() -> None:
    house = a_house_at_rest()
    house.row("referral", "handlings")["heard"]["entries"][0]["ranges"].clear()
    set_aside(house, "referral", "complaint.created", reason="")
    assert house.findings()["effects"].breaches == ["referral: a dead letter has no reason"]


def test_an_event_that_had_its_effect_and_died_as_well_is_seen() -> None:
    house = a_house_at_rest()
    set_aside(house, "referral", "complaint.created")
    (breach,) = house.findings()["effects"].breaches
    assert breach.endswith("had its effect and is a dead letter as well")


def test_a_copy_heard_after_an_earlier_one_died_is_one_effect() -> None:
    house = a_house_at_rest()
    set_aside(house, "referral", "complaint.created")
    house.records.append(house.event("complaint.created"))
    effects = house.findings()["effects"]
    assert effects.breaches == []
    assert any("was heard after a copy of it had died" in note for note in effects.notes)


def test_an_effect_on_two_documents_is_seen() -> None:
    house = a_house_at_rest()
    second = {**house.row("reporting", "cases"), "_id": "another"}
    house.stored["reporting"]["elsewhere"] = [second]
    breaches = house.findings()["effects"].breaches
    assert len(breaches) == 7
    assert all("was heard by" in breach and breach.endswith(", another") for breach in breaches)


def test_an_effect_on_the_wrong_document_is_seen() -> None:
    house = a_house_at_rest()
    house.row("referral", "handlings")["_id"] = "another"
    assert any(f"of case {CASE} was heard by another" in breach for breach in house.findings()["effects"].breaches)


def test_an_effect_of_an_event_that_nobody_told_is_seen() -> None:
    house = a_house_at_rest()
    house.row("intake", "complaints")["heard"]["entries"][0]["ranges"].append([7, 7])
    (breach,) = house.findings()["effects"].breaches
    assert breach.endswith("which is on no topic")


def test_an_unreadable_record_of_an_agency_must_be_a_dead_letter() -> None:
    house = a_house_at_rest()
    house.event(FEED).value = b"no event at all"
    house.row("referral", "handlings")["heard"]["entries"] = house.row("referral", "handlings")["heard"]["entries"][:1]
    assert house.findings()["effects"].breaches == [
        f"referral: the unreadable record at {house.place_of(FEED)} is no dead letter"
    ]
    set_aside(house, "referral", FEED, "malformed_event")
    assert house.findings()["effects"].breaches == []
