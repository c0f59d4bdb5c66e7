"""Amending a case at the window."""

from typing import Any

from contracts import decode
from contracts.events import CaseDecided, ComplaintAmended
from contracts.vocabulary import HandlingStatus
from tests.harness.kafka import read_topics
from tests.harness.waiting import eventually
from tests.integration.intake.builders import (
    CHILD_NIK,
    MOTHER_NIK,
    NEXT_VILLAGE,
    Window,
    a_family,
    a_handling,
    child,
    from_district,
    mother,
    tell,
)

WAITING = {"change": "waiting_for_citizen", "missing_documents": ["family_card"]}


async def test_a_case_waits_for_the_citizen_and_runs_again(window: Window, kafka_bootstrap: str, topics: str) -> None:
    case = (await window.recorded())["case_id"]
    waiting = (await window.post(case, "amendments", WAITING)).json()
    assert (waiting["status"], waiting["missing_documents"]) == ("waiting_for_citizen", ["family_card"])
    assert waiting["waiting_since"] is not None
    complete = (await window.post(case, "amendments", {"change": "documents_completed"})).json()
    assert (complete["status"], complete["waiting_since"], complete["missing_documents"]) == ("open", None, [])
    await window.post(case, "amendments", WAITING)
    running = (await window.post(case, "amendments", {"change": "no_longer_waiting"})).json()
    assert (running["status"], running["missing_documents"]) == ("open", ["family_card"])

    records = await eventually(
        lambda: read_topics(kafka_bootstrap, [f"{topics}complaint.amended"]), lambda seen: len(seen) == 4
    )
    told = [decode(record.value) for record in records]
    assert [event.data.change for event in told if isinstance(event.data, ComplaintAmended)] == [
        "waiting_for_citizen",
        "documents_completed",
        "waiting_for_citizen",
        "no_longer_waiting",
    ]
    assert [event.sequence for event in told] == [2, 3, 4, 5]


async def test_corrected_facts_are_told_and_who_did_it_is_noted(window: Window) -> None:
    case = await window.recorded()
    correction = {"change": "facts_corrected", "needs": ["kip"], "story": "One child only"}
    after = (await window.post(case["case_id"], "amendments", correction, subject="facilitator-7")).json()
    assert (after["needs"], after["story"], after["recorded_at"]) == (["kip"], "One child only", case["recorded_at"])
    last = (await window.progress(case["case_id"]))["timeline"][-1]
    assert (last["what"], last["actor"], last["details"]["change"]) == (
        "complaint.amended",
        "facilitator-7",
        "facts_corrected",
    )


async def test_when_the_nik_comes_the_person_is_linked_and_nobody_outside_hears_of_it(
    window: Window, kafka_bootstrap: str, topics: str
) -> None:
    case = await window.recorded()
    (without,) = [one for one in case["family"]["members"] if one["nik"] is None]
    came = child(person_id=without["person_id"], nik=CHILD_NIK, nik_absence=None, born="2014-02-01")
    born_before = {**came, "born": "2018-08-09"}
    answer = await window.post(
        case["case_id"], "amendments", {"change": "facts_corrected", "family": {"members": [born_before]}}
    )
    after = answer.json()
    linked = next(one for one in after["family"]["members"] if one["person_id"] == without["person_id"])
    assert (linked["nik"], linked["nik_absence"], after["case_number"]) == (CHILD_NIK, None, case["case_number"])
    assert after["suggestions"] == [{"code": "compare_with_card", "person_id": without["person_id"]}]
    assert answer.headers["ETag"] == '"2"'
    assert (await window.progress(case["case_id"]))["timeline"][-1]["what"] == "people.corrected"
    again = await window.recorded(family=a_family(child(nik=CHILD_NIK, nik_absence=None), legal_bases=[]))
    assert again["reporter"]["person_id"] == without["person_id"]
    await window.post(case["case_id"], "answer", {"answer": "other"})
    await eventually(lambda: read_topics(kafka_bootstrap, [f"{topics}complaint.answered"]))
    assert await read_topics(kafka_bootstrap, [f"{topics}complaint.amended"]) == []


async def test_a_new_member_changes_what_the_district_sees(window: Window, kafka_bootstrap: str, topics: str) -> None:
    case = (await window.recorded(family=a_family(mother())))["case_id"]
    baby = {"name": "Bayi Rekaan", "born": "2026-11-01", "nik_absence": "child_not_registered"}
    await window.post(case, "amendments", {"change": "facts_corrected", "family": {"members": [baby]}})
    records = await eventually(lambda: read_topics(kafka_bootstrap, [f"{topics}complaint.amended"]))
    event = decode(records[0].value)
    assert isinstance(event.data, ComplaintAmended)
    assert event.data.complaint.family is not None
    assert (event.data.complaint.family.components, event.data.complaint.family.members_band) == (("child_0_6",), "2-3")


async def test_a_nik_that_is_anothers_is_not_given_to_a_second_person(window: Window) -> None:
    case = await window.recorded()
    (without,) = [one for one in case["family"]["members"] if one["nik"] is None]
    taken = child(person_id=without["person_id"], nik=MOTHER_NIK, nik_absence=None)
    answer = await window.post(
        case["case_id"], "amendments", {"change": "facts_corrected", "family": {"members": [taken]}}
    )
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:puskesos:problem:other-person")


async def test_a_card_that_is_anothers_is_not_given_to_a_second_family(window: Window) -> None:
    await window.recorded(family=a_family(mother(), card="3203020101200001"))
    other = await window.recorded(family=a_family(mother(nik="3203025705910000"), card="3203020101200002"))
    answer = await window.post(
        other["case_id"], "amendments", {"change": "facts_corrected", "family": {"card": "3203020101200001"}}
    )
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:puskesos:problem:card-of-another-family")


REFUSED: dict[str, tuple[dict[str, Any], int, str]] = {
    "unknown programme": ({"change": "facts_corrected", "needs": ["moon_landing"]}, 422, "unknown-programme"),
    "nothing": ({"change": "facts_corrected"}, 409, "nothing-to-correct"),
    "the same": ({"change": "facts_corrected", "needs": ["pkh", "kip"]}, 409, "nothing-to-correct"),
    "the kind": ({"change": "facts_corrected", "kind": "enquiry"}, 422, "invalid-input"),
    "unknown change": ({"change": "made_better"}, 422, "invalid-input"),
    "waiting for nothing": ({"change": "waiting_for_citizen", "missing_documents": []}, 422, "invalid-input"),
    "impossible NIK": (
        {"change": "facts_corrected", "family": {"members": [mother(nik="1")]}},
        422,
        "impossible-nik",
    ),
    "not waiting": ({"change": "no_longer_waiting"}, 409, "illegal-move"),
    "nothing missing": ({"change": "documents_completed"}, 409, "illegal-move"),
}


async def test_what_cannot_be_amended_is_refused_and_changes_nothing(window: Window) -> None:
    case = await window.recorded()
    for name, (body, status, code) in REFUSED.items():
        answer = await window.post(case["case_id"], "amendments", body)
        assert (name, answer.status_code, answer.json()["type"]) == (name, status, f"urn:puskesos:problem:{code}")
    assert await window.read(case["case_id"]) == case


async def test_after_the_decision_another_wish_is_another_case(
    window: Window, kafka_bootstrap: str, topics: str
) -> None:
    case = (await window.recorded())["case_id"]
    decision = CaseDecided(handling=a_handling(status=HandlingStatus.DECIDED))
    await tell(kafka_bootstrap, topics, from_district(decision, case, 1))
    await eventually(lambda: window.progress(case), lambda seen: seen["handling"] is not None)
    refused = await window.post(case, "amendments", {"change": "facts_corrected", "needs": ["pkh", "kip", "kur"]})
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:puskesos:problem:illegal-move")
    assert "record another case" in refused.json()["detail"]


async def test_an_illegal_move_says_what_is_possible(window: Window) -> None:
    case = (await window.recorded())["case_id"]
    detail = (await window.post(case, "amendments", {"change": "no_longer_waiting"})).json()["detail"]
    for move in ("wait_for_citizen", "correct_facts", "answer", "withdraw"):
        assert move in detail
    await window.post(case, "withdrawal", {"reason": "taken_back"})
    assert "Nothing more" in (await window.post(case, "amendments", WAITING)).json()["detail"]


DEEDS: dict[str, dict[str, Any] | None] = {
    "amendments": WAITING,
    "answer": {"answer": "other"},
    "withdrawal": {"reason": "taken_back"},
    "reopening": {"reason": "not solved"},
    "confirmation": None,
}


async def test_a_stale_edit_changes_nothing(window: Window) -> None:
    case = (await window.recorded())["case_id"]
    await window.post(case, "amendments", WAITING)
    before = await window.read(case)
    for deed, body in DEEDS.items():
        stale = await window.post(case, deed, body, etag='"1"')
        assert (deed, stale.status_code, stale.json()["type"]) == (deed, 412, "urn:puskesos:problem:stale-edit")
        assert stale.headers["ETag"] == '"2"'
        without = await window.service.api.post(f"/v1/complaints/{case}/{deed}", json=body, headers=window.headers())
        assert (without.status_code, without.json()["type"]) == (428, "urn:puskesos:problem:if-match-needed")
    assert await window.read(case) == before


async def test_deeds_are_for_the_desk_of_the_village(window: Window) -> None:
    case = await window.recorded()
    for deed, body in DEEDS.items():
        for role in ("coordinator", "back_office", "supervisor", "manager", "agency", "auditor", "service"):
            answer = await window.post(case["case_id"], deed, body, etag='"1"', role=role)
            assert (deed, role, answer.status_code) == (deed, role, 403)
        outside = await window.post(case["case_id"], deed, body, etag='"1"', area=NEXT_VILLAGE)
        assert (deed, outside.status_code) == (deed, 404)
    assert await window.read(case["case_id"]) == case
