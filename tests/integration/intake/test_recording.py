"""Recording a case at the window: what is taken, what is refused, and what never happens twice."""

import asyncio
import json
from typing import Any

from chassis.area import COUNTRY
from chassis.outbox.outgoing import new_id
from contracts import decode
from contracts.events import ComplaintCreated
from services.intake.domain.case_number import CaseNumber
from services.intake.store import COMPLAINTS, PERSONS
from tests.harness.kafka import read_topics
from tests.harness.waiting import eventually
from tests.integration.intake.builders import (
    CARD,
    CHILD_NIK,
    JAMBUDIPA,
    MOTHER_NIK,
    NEXT_VILLAGE,
    Opener,
    Window,
    a_complaint,
    a_family,
    child,
    mother,
)

IDENTITY = ("Ibu Rekaan", "Anak Kedua", MOTHER_NIK, CARD, "ibu@rekaan.example", "1990-05-17", "Asks for help")


async def test_a_case_is_recorded_with_its_people_and_gets_a_number(window: Window) -> None:
    answer = await window.record(a_complaint(family=a_family(card=CARD)))
    assert answer.status_code == 201, answer.text
    case = answer.json()
    number = CaseNumber.parse(case["case_number"])
    assert (number.area, number.year, number.serial) == (JAMBUDIPA, 2026, 1)
    assert answer.headers["ETag"] == '"1"'
    assert answer.headers["Location"] == f"/v1/complaints/{case['case_id']}"
    assert (case["status"], case["round"], case["resolved"], case["handling"]) == ("open", 0, False, None)
    assert [one["name"] for one in case["family"]["members"]] == ["Ibu Rekaan", "Anak Kedua"]
    assert case["reporter"]["nik"] == MOTHER_NIK
    assert case["family"]["card"] == CARD
    assert "answer" in case["possible_moves"]
    assert await window.read(case["case_id"]) == case


async def test_the_fact_is_told_and_says_nothing_of_who_it_is(
    window: Window, kafka_bootstrap: str, topics: str
) -> None:
    case = await window.recorded(family=a_family(card=CARD))
    records = await eventually(lambda: read_topics(kafka_bootstrap, [f"{topics}complaint.created"]))
    event = decode(records[0].value)
    assert isinstance(event.data, ComplaintCreated)
    assert (event.subject, event.area, event.sequence) == (case["case_id"], JAMBUDIPA, 1)
    assert event.data.complaint.case_number == case["case_number"]
    assert event.data.complaint.family is not None
    assert event.data.complaint.family.components == ("pupil",)
    wire = json.dumps([record.value.decode() for record in records])
    ids = [one["person_id"] for one in case["family"]["members"]] + [case["family"]["family_id"]]
    for secret in (*IDENTITY, *ids):
        assert secret not in wire


async def test_a_person_without_a_nik_is_served_and_civil_registration_is_suggested(window: Window) -> None:
    case = await window.recorded()
    (without,) = [one for one in case["family"]["members"] if one["nik"] is None]
    assert case["suggestions"] == [{"code": "civil_registration_referral", "person_id": without["person_id"]}]


async def test_serials_of_a_village_go_on_and_start_anew_in_another(open_window: Opener) -> None:
    window = await open_window()
    serials = [CaseNumber.parse((await window.recorded())["case_number"]).serial for _ in range(3)]
    elsewhere = await window.record(a_complaint(area=NEXT_VILLAGE), area=NEXT_VILLAGE)
    assert serials == [1, 2, 3]
    assert CaseNumber.parse(elsewhere.json()["case_number"]).serial == 1


async def test_desks_that_record_in_the_same_moment_get_different_numbers_and_link_one_person(window: Window) -> None:
    answers = await asyncio.gather(*(window.record(a_complaint(family=a_family(mother()))) for _ in range(6)))
    assert [answer.status_code for answer in answers] == [201] * 6, [answer.text for answer in answers]
    numbers = {answer.json()["case_number"] for answer in answers}
    assert {CaseNumber.parse(number).serial for number in numbers} == {1, 2, 3, 4, 5, 6}
    assert len({answer.json()["reporter"]["person_id"] for answer in answers}) == 1
    assert await window.service.runtime.store.reading(COUNTRY, PERSONS).count() == 1


# People


async def test_a_person_known_by_the_same_nik_is_linked_and_not_doubled(window: Window) -> None:
    first = await window.recorded(family=a_family(mother()))
    spaced = mother(nik="3203 0257 0590 0000", name="Ibu Rekaan Baru")
    second = await window.recorded(family=a_family(spaced, child()))
    assert second["reporter"]["person_id"] == first["reporter"]["person_id"]
    assert second["family"]["family_id"] == first["family"]["family_id"]
    assert second["reporter"]["name"] == "Ibu Rekaan Baru"


async def test_who_is_not_named_again_stays_in_the_family(window: Window) -> None:
    await window.recorded(family=a_family(mother(), child()))
    second = await window.recorded(family=a_family(mother()))
    assert [one["name"] for one in second["family"]["members"]] == ["Ibu Rekaan", "Anak Kedua"]


async def test_missing_niks_never_make_two_people_one(window: Window) -> None:
    twins = a_family(mother(), child(name="Anak Kembar"), child(name="Anak Kembar"))
    first = await window.recorded(family=twins)
    second = await window.recorded(family=twins)
    unnamed = [one["person_id"] for one in second["family"]["members"] if one["nik"] is None]
    assert len(set(unnamed)) == 4
    assert len(first["family"]["members"]) == 3


async def test_the_same_nik_in_another_village_is_another_record(window: Window) -> None:
    here = await window.recorded(family=a_family(mother()))
    there = (await window.record(a_complaint(area=NEXT_VILLAGE, family=a_family(mother())), area=NEXT_VILLAGE)).json()
    assert there["reporter"]["person_id"] != here["reporter"]["person_id"]


async def test_a_person_of_another_village_is_not_drawn_into_this_one_by_an_id(window: Window) -> None:
    here = (await window.recorded())["reporter"]
    drawn = a_complaint(area=NEXT_VILLAGE, family=a_family(mother(person_id=here["person_id"], name="Ibu Lain")))
    answer = await window.record(drawn, area="32.03.02")
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:puskesos:problem:already-exists")
    kept = await window.service.runtime.store.reading(COUNTRY, PERSONS).get(here["person_id"])
    assert (kept.person.name, kept.area) == ("Ibu Rekaan", JAMBUDIPA)


async def test_a_family_is_known_by_its_card_and_another_card_is_another_family(window: Window) -> None:
    first = await window.recorded(family=a_family(mother(), card=CARD))
    by_card = await window.recorded(family=a_family(mother(nik="3203025705910000"), card=CARD))
    married = await window.recorded(family=a_family(mother(), card="3203020101260002"))
    assert by_card["family"]["family_id"] == first["family"]["family_id"]
    assert married["family"]["family_id"] != first["family"]["family_id"]
    assert married["reporter"]["person_id"] == first["reporter"]["person_id"]


async def test_one_person_named_as_two_members_is_refused_and_nothing_is_kept(window: Window) -> None:
    answer = await window.record(a_complaint(family=a_family(mother(), mother(name="Ibu Lain"))))
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:puskesos:problem:person-named-twice")
    assert await window.service.runtime.store.reading(COUNTRY, PERSONS).count() == 0


async def test_an_id_and_a_nik_of_two_different_people_are_not_joined(window: Window) -> None:
    known = await window.recorded(family=a_family(mother(), child(nik=CHILD_NIK, nik_absence=None)))
    other = next(one for one in known["family"]["members"] if one["nik"] == CHILD_NIK)
    answer = await window.record(a_complaint(family=a_family(mother(person_id=other["person_id"]))))
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:puskesos:problem:other-person")


async def test_a_contact_needs_a_basis_on_which_the_person_may_be_written_to(window: Window) -> None:
    answer = await window.record(a_complaint(family=a_family(legal_bases=[])))
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:puskesos:problem:unsound-basis")
    assert "notify" in answer.json()["detail"]


# Refusals


def _nik(nik: str) -> dict[str, Any]:
    return {"family": a_family(child(), mother(nik=nik, contact=None), legal_bases=[])}


REFUSED: dict[str, tuple[dict[str, Any], str, str]] = {
    "unknown village": ({"area": "32.03.02.9999"}, "unknown-area", "body.area"),
    "a district is no village": ({"area": "32.03"}, "unknown-area", "body.area"),
    "unknown programme": ({"needs": ["moon_landing"]}, "unknown-programme", "body.needs"),
    "conduct": ({"kind": "conduct"}, "conduct-needs-protection", ""),
    "no programme": ({"needs": []}, "incomplete-complaint", ""),
    "no family": ({"family": None, "reporter": None}, "incomplete-complaint", ""),
    "future": ({"occurred_at": "2027-01-01T00:00:00Z"}, "impossible-moment", ""),
    "NIK of a wrong region": (_nik("9903025705900000"), "impossible-nik", "body.family.members.1.nik"),
    "NIK of a wrong date": (_nik("3203027213900000"), "impossible-nik", "body.family.members.1.nik"),
    "NIK too short": (_nik("320302570590"), "impossible-nik", "body.family.members.1.nik"),
    "NIK of zeros": (_nik("0000000000000000"), "impossible-nik", "body.family.members.1.nik"),
    "NIK blank": (_nik(" "), "impossible-nik", "body.family.members.1.nik"),
    "neither NIK nor reason": (
        {"family": a_family(child(nik_absence=None), legal_bases=[])},
        "invalid-input",
        "body.family.members.0",
    ),
    "card of zeros": ({"family": a_family(card="0" * 16)}, "invalid-input", "body.family.card"),
    "reporter is nobody": ({"reporter": 7}, "invalid-input", "body"),
    "basis of nobody": (
        {"family": a_family(legal_bases=[{"member": 7, "purpose": "notify", "basis": "public_duty"}])},
        "invalid-input",
        "body.family",
    ),
    "consent without proof": (
        {"family": a_family(legal_bases=[{"member": 0, "purpose": "notify", "basis": "consent"}])},
        "unsound-basis",
        "",
    ),
    "id made of a number": ({"case_id": f"00000000-0000-0000-{MOTHER_NIK[:4]}-{MOTHER_NIK[4:]}"}, "invalid-input", ""),
    "unknown field": ({"colour": "red"}, "invalid-input", "body.colour"),
}


async def test_what_cannot_be_is_refused_and_says_what_to_do(window: Window) -> None:
    for name, (changes, code, field) in REFUSED.items():
        answer = await window.record(a_complaint(**changes))
        problem = answer.json()
        assert (name, answer.status_code, problem["type"]) == (name, 422, f"urn:puskesos:problem:{code}")
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert len(problem["detail"]) > 20
        assert not field or field in {fault["field"] for fault in problem["errors"]}, name
        for secret in IDENTITY:
            assert secret not in answer.text, name
    assert await window.service.runtime.store.reading(COUNTRY, COMPLAINTS).count() == 0
    assert await window.service.runtime.store.reading(COUNTRY, PERSONS).count() == 0


async def test_a_conduct_complaint_is_pointed_to_the_inspectorate(window: Window) -> None:
    assert "inspectorate" in (await window.record(a_complaint(kind="conduct"))).json()["detail"]


async def test_invented_people_are_refused_where_they_are_not_allowed(open_window: Opener) -> None:
    window = await open_window(invented_people_allowed=False)
    answer = await window.record()
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:puskesos:problem:impossible-nik")


# Once


async def test_a_repeated_request_creates_nothing_twice(window: Window, kafka_bootstrap: str, topics: str) -> None:
    told = a_complaint()
    first = await window.record(told, key="one wish")
    again = await window.record(told, key="one wish")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    await window.recorded()
    records = await eventually(
        lambda: read_topics(kafka_bootstrap, [f"{topics}complaint.created"]), lambda seen: len(seen) >= 2
    )
    assert sorted(record.key for record in records if record.key).count(told["case_id"].encode()) == 1
    assert len(records) == 2


async def test_a_key_used_for_another_wish_is_refused(window: Window) -> None:
    await window.record(a_complaint(), key="one wish")
    answer = await window.record(a_complaint(), key="one wish")
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:puskesos:problem:idempotency-key-reused")


async def test_a_case_id_that_is_taken_is_refused(window: Window) -> None:
    told = a_complaint()
    await window.record(told)
    answer = await window.record({**told, "story": "another"}, key="another wish")
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:puskesos:problem:already-exists")


async def test_a_refused_recording_uses_up_no_number(window: Window) -> None:
    await window.record(a_complaint(needs=["moon_landing"]))
    assert CaseNumber.parse((await window.recorded())["case_number"]).serial == 1


async def test_a_body_beyond_the_limit_is_refused(window: Window) -> None:
    answer = await window.record(a_complaint(story="x" * 2_000_000))
    assert (answer.status_code, answer.json()["type"]) == (413, "urn:puskesos:problem:body-too-large")


async def test_recording_needs_a_key(window: Window) -> None:
    answer = await window.service.api.post("/v1/complaints", json=a_complaint(), headers=window.headers())
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:puskesos:problem:idempotency-key-needed")
    assert new_id() not in answer.text
