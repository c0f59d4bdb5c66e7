"""The office's moves: who may, when, and on what they read."""

import pytest

from contracts.vocabulary import HandlingStatus
from tests.integration.referral.district import (
    BACK_OFFICE,
    KIP_ONLY,
    MANAGER,
    STORY,
    SUPERVISOR,
    District,
    Person,
    agency_person,
    problem,
)

APPROVE = {"ruling": "approve"}


async def test_a_decision_goes_through_three_hands_and_each_answer_shows_the_next_move(district: District) -> None:
    case = await district.opens()
    read = await district.get(f"/handlings/{case}", BACK_OFFICE)
    assert read.json()["next_move"] == "recommendation"
    drafted = await district.post(
        f"/handlings/{case}/recommendation", BACK_OFFICE, {"decisions": STORY}, read.headers["ETag"]
    )
    assert (drafted.status_code, drafted.json()["next_move"]) == (200, "review")
    reviewed = await district.post(f"/handlings/{case}/review", SUPERVISOR, APPROVE, drafted.headers["ETag"])
    assert (reviewed.status_code, reviewed.json()["next_move"]) == (200, "decision")
    decided = await district.post(f"/handlings/{case}/decision", MANAGER, APPROVE, reviewed.headers["ETag"])
    view = decided.json()
    assert (decided.status_code, view["status"], view["next_move"]) == (200, "decided", None)
    assert [(one["programme"], one["agency"], one["status"]) for one in view["referrals"]] == [
        ("kip", "cianjur-education", "issued"),
        ("pbi_jk", "cianjur-health", "issued"),
    ]
    assert [(one["programme"], one["period"], one["dates_verified"]) for one in view["proposals"]] == [
        ("pkh", "2026-Q4", False)
    ]
    told = await district.facts("case.decided", "referral.issued", until=lambda facts: len(facts) == 3)
    assert {fact.data.handling for fact in told} == {told[0].data.handling}  # type: ignore[attr-defined]


async def test_a_returned_draft_is_the_back_offices_again(district: District) -> None:
    case = await district.opens()
    await district.recommends(case)
    returned = await district.moves(case, "review", SUPERVISOR, ruling="return", reason="letter_missing")
    view = returned.json()
    assert (view["status"], view["next_move"]) == ("assessed", "recommendation")
    assert [(one["by"], one["step"], one["reason"]) for one in view["returns"]] == [
        ("supervisor-of-32.03.02", "recommended", "letter_missing")
    ]
    await district.recommends(case)
    await district.moves(case, "review", SUPERVISOR, **APPROVE)
    again = await district.moves(case, "decision", MANAGER, ruling="return", reason="wrong_programme")
    assert again.json()["status"] == "assessed"
    assert await district.facts("case.decided", until=lambda facts: True) == []


async def test_an_illegal_move_says_what_is_possible(district: District) -> None:
    case = await district.opens()
    early = await district.moves(case, "decision", MANAGER, **APPROVE)
    assert problem(early) == (409, "illegal-move")
    assert "Possible now: recommendation." in early.json()["detail"]
    await district.decides(case)
    late = await district.moves(case, "recommendation", BACK_OFFICE, decisions=STORY)
    assert problem(late) == (409, "illegal-move")
    assert "agencies have it" in late.json()["detail"]


async def test_nobody_approves_their_own_draft(district: District) -> None:
    case = await district.opens()
    everything = Person("back_office", subject="one-person")
    same_as_supervisor = Person("supervisor", "32.03.02", subject="one-person")
    same_as_manager = Person("manager", subject="one-person")
    await district.moves(case, "recommendation", everything, decisions=STORY)
    assert problem(await district.moves(case, "review", same_as_supervisor, **APPROVE)) == (403, "own-draft")
    await district.moves(case, "review", SUPERVISOR, **APPROVE)
    assert problem(await district.moves(case, "decision", same_as_manager, **APPROVE)) == (403, "own-draft")
    assert (await district.stored(case)).handling.status is HandlingStatus.REVIEWED


async def test_a_stale_edit_changes_nothing_and_names_the_revision_that_is_there(district: District) -> None:
    case = await district.opens()
    await district.recommends(case)
    before = await district.stored(case)
    stale = await district.post(f"/handlings/{case}/review", SUPERVISOR, APPROVE, '"1"')
    assert problem(stale) == (412, "stale-edit")
    assert stale.headers["ETag"] == f'"{before.revision}"'
    blind = await district.post(f"/handlings/{case}/review", SUPERVISOR, APPROVE)
    assert problem(blind) == (428, "if-match-needed")
    assert await district.stored(case) == before


UNFIT: dict[str, tuple[list[dict[str, str]], str, str]] = {
    "nothing": ([], "unsound-recommendation", "at least one"),
    "a forgotten need": (STORY[:1], "unsound-recommendation", "missing: kip"),
    "a need twice": ([*STORY, STORY[1]], "unsound-recommendation", "twice"),
    "the wrong track": (
        [STORY[0], {"programme": "kip", "decision": "propose"}],
        "unsound-recommendation",
        "gets kip by referral",
    ),
    "no reason": ([STORY[1], {"programme": "pkh", "decision": "refuse"}], "reason-needed", "refusing pkh"),
    "no programme": ([*STORY, {"programme": "pkhh", "decision": "propose"}], "unknown-programme", "pkhh"),
    "no decision": ([{"programme": "pkh", "decision": "perhaps"}], "invalid-input", "fields"),
    "a name as a reason": (
        [{"programme": "pkh", "decision": "refuse", "reason": "ibu_siti_aminah"}, STORY[1]],
        "invalid-input",
        "fields",
    ),
    "a NIK as a reason": (
        [{"programme": "pkh", "decision": "refuse", "reason": "n3203025507880001"}, STORY[1]],
        "invalid-input",
        "fields",
    ),
    "free text": ([{"programme": "Siti Aminah, Jambudipa", "decision": "refuse"}], "invalid-input", "fields"),
}


async def test_a_recommendation_that_does_not_fit_is_refused_and_nothing_is_saved(district: District) -> None:
    case = await district.opens()
    for name, (decisions, code, said) in UNFIT.items():
        refused = await district.moves(case, "recommendation", BACK_OFFICE, decisions=decisions)
        assert problem(refused) == (422, code), name
        assert said in refused.json()["detail"], name
        assert not [typed for typed in ("Siti Aminah", "siti_aminah", "3203025507880001") if typed in refused.text]
    assert (await district.stored(case)).revision == 1


async def test_a_return_without_a_reason_is_refused(district: District) -> None:
    case = await district.opens()
    await district.recommends(case)
    refused = await district.moves(case, "review", SUPERVISOR, ruling="return")
    assert problem(refused) == (422, "reason-needed")


async def test_only_a_listed_reason_returns_a_recommendation(district: District) -> None:
    case = await district.opens()
    await district.recommends(case)
    for typed in ("ibu_zubaidah", "n3203025507880001", "because_i_say_so"):
        refused = await district.moves(case, "review", SUPERVISOR, ruling="return", reason=typed)
        assert problem(refused) == (422, "invalid-input")
        assert typed not in refused.text


async def test_an_oversized_body_is_refused(district: District) -> None:
    case = await district.opens()
    huge = [{"programme": "pkh", "decision": "refuse", "reason": "x" * 2**20}]
    assert problem(await district.moves(case, "recommendation", BACK_OFFICE, decisions=huge)) == (
        413,
        "body-too-large",
    )


ELSEWHERE = {"back_office": "75.01", "supervisor": "32.03.03", "manager": "32.04", "verifier": "75.01"}
OTHERS = ("facilitator", "front_office", "coordinator", "analyst", "province_reviewer", "operator", "service")


async def test_who_reads_a_handling(district: District) -> None:
    case = await district.opens()
    path = f"/handlings/{case}"
    for role in ("back_office", "verifier", "manager", "auditor"):
        assert (await district.get(path, Person(role))).status_code == 200, role
    for role, area in ELSEWHERE.items():
        assert problem(await district.get(path, Person(role, area))) == (404, "not-found"), role
    for role in OTHERS:
        assert problem(await district.get(path, Person(role))) == (403, "role-needed"), role
    assert problem(await district.get(path, agency_person("cianjur-education"))) == (403, "role-needed")
    assert (await district.service.api.get(f"/v1{path}")).status_code == 401
    no_area = await district.service.api.get(f"/v1{path}", headers=district.issuer.bearer("manager"))
    assert problem(no_area) == (403, "area-needed")


@pytest.mark.parametrize("area", ["", "32"])
async def test_above_a_district_nobody_sees_single_cases_and_is_sent_to_reporting(
    district: District, area: str
) -> None:
    case = await district.opens()
    referral = district.referral_to("cianjur-education", (await district.decides(case)).handling)
    for role in ("auditor", "back_office", "verifier", "manager"):
        for path in ("/handlings", f"/handlings/{case}", "/referrals", f"/referrals/{referral}"):
            refused = await district.get(path, Person(role, area))
            assert problem(refused) == (403, "above-the-district"), (role, path)
            assert "reporting" in refused.json()["detail"]
    for path in ("/handlings", f"/handlings/{case}", "/referrals", f"/referrals/{referral}"):
        assert (await district.get(path, Person("auditor"))).status_code == 200, path
    agency = Person("agency", area, "cianjur-education")
    assert (await district.get(f"/referrals/{referral}", agency)).status_code == 200
    manager = Person("manager", area)
    assert problem(await district.moves(case, "decision", manager, **APPROVE)) == (403, "above-the-district")


async def test_a_supervisor_sees_what_was_passed_on_to_them_and_only_that(district: District) -> None:
    case = await district.opens()
    path = f"/handlings/{case}"
    assert problem(await district.get(path, SUPERVISOR)) == (404, "not-found")
    assert problem(await district.moves(case, "review", SUPERVISOR, **APPROVE)) == (404, "not-found")
    await district.recommends(case)
    assert (await district.get(path, SUPERVISOR)).status_code == 200
    assert problem(await district.get(path, Person("supervisor", "32.03.03"))) == (404, "not-found")
    await district.moves(case, "review", SUPERVISOR, **APPROVE)
    assert problem(await district.get(path, SUPERVISOR)) == (404, "not-found")
    listed = await district.get("/handlings", SUPERVISOR, status=[status.value for status in HandlingStatus])
    assert listed.json()["items"] == []


async def test_each_move_is_its_roles_and_its_areas_alone(district: District) -> None:
    case = await district.opens()
    bodies: dict[str, dict[str, object]] = {
        "recommendation": {"decisions": KIP_ONLY},
        "review": dict(APPROVE),
        "decision": dict(APPROVE),
    }
    role_of = {"recommendation": "back_office", "review": "supervisor", "decision": "manager"}
    for move, body in bodies.items():
        for role in ("back_office", "supervisor", "manager", "verifier", "auditor", *OTHERS):
            if role != role_of[move]:
                refused = await district.moves(case, move, Person(role), **body)
                assert problem(refused) == (403, "role-needed"), (move, role)
        elsewhere = Person(role_of[move], ELSEWHERE[role_of[move]])
        assert problem(await district.moves(case, move, elsewhere, **body)) == (404, "not-found"), move
    assert (await district.stored(case)).revision == 1


async def test_a_case_nobody_knows_is_not_found(district: District) -> None:
    unknown = "01936d00-0000-7000-8000-00000000dead"
    assert problem(await district.get(f"/handlings/{unknown}", MANAGER)) == (404, "not-found")
    assert problem(await district.post(f"/handlings/{unknown}/decision", MANAGER, APPROVE, '"1"')) == (
        404,
        "not-found",
    )
