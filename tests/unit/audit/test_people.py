"""Nobody's legal basis changes without a deed at the desk: broken on purpose, and seen."""

from typing import Any

from tests.harness.builders import JAMBUDIPA
from tests.unit.audit.story import CASE, PERSON, at
from tests.unit.audit.world import World, a_house_at_rest


def breaches(house: World) -> list[str]:
    return house.findings()["people"].breaches


def basis(house: World) -> dict[str, Any]:
    found: dict[str, Any] = house.row("intake", "persons")["bases"][0]
    return found


def note(house: World, what: str, minute: int) -> None:
    entry = {"at": at(minute), "teller": "village", "what": what, "about": CASE, "order": minute, "actor": "clerk"}
    house.row("intake", "complaints")["timeline"].append(entry)


def test_a_basis_that_no_deed_noted_is_seen() -> None:
    house = a_house_at_rest()
    basis(house)["noted_at"] = at(4)
    assert breaches(house) == [f"person {PERSON}: the basis for notify was noted by no deed"]


def test_a_deed_in_another_village_notes_nothing_here() -> None:
    house = a_house_at_rest()
    house.row("intake", "persons")["area"] = "75.01.24.2001"
    assert breaches(house) == [f"person {PERSON}: the basis for notify was noted by no deed"]


def test_a_person_told_of_again_in_another_case_was_changed_by_that_cases_deed() -> None:
    house = a_house_at_rest()
    another = {**house.row("intake", "complaints"), "_id": "019a8c5e-7d31-7c4b-9b1f-2f6f0a1f7e99", "area": JAMBUDIPA}
    entry = {**another["timeline"][0], "at": at(40)}
    house.stored["intake"]["complaints"].append({**another, "timeline": [entry]})
    house.row("intake", "persons")["bases"].append({**basis(house), "noted_at": at(40)})
    assert breaches(house) == []


def test_a_consent_taken_back_by_nobody_is_seen() -> None:
    house = a_house_at_rest()
    basis(house)["withdrawn_at"] = at(10)
    assert breaches(house) == [f"person {PERSON}: the basis for notify was taken back by no deed"]


def test_a_consent_taken_back_that_still_stands_is_seen() -> None:
    house = a_house_at_rest()
    note(house, "consent.withdrawn", 10)
    assert breaches(house) == [f"case {CASE}: a consent was taken back, and every person's still stands"]


def test_a_consent_that_was_taken_back_is_in_order() -> None:
    house = a_house_at_rest()
    note(house, "consent.withdrawn", 10)
    basis(house)["withdrawn_at"] = at(10)
    findings = house.findings()["people"]
    assert findings.breaches == []
    assert findings.counted == {"people": 1, "legal bases": 1, "taken back": 1}
