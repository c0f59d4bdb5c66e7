"""Agencies answer through the API or on their own topics: one command behind every door."""

from contracts.events import PartnerAnswerRefused, ReferralAnswered
from contracts.vocabulary import HandlingStatus, ReferralStatus
from tests.harness.waiting import eventually
from tests.integration.referral.district import (
    BACK_OFFICE,
    BPJS,
    EDUCATION,
    HEALTH,
    KIP_ONLY,
    District,
    Person,
    agency_person,
    problem,
)


async def test_an_agency_accepts_and_completes_through_the_api(district: District) -> None:
    case = await district.opens()
    referral = district.referral_to(EDUCATION, (await district.decides(case, KIP_ONLY)).handling)
    accepted = await district.answers(EDUCATION, referral, "accepted")
    assert (accepted.status_code, accepted.json()["status"], accepted.json()["open"]) == (200, "accepted", True)
    completed = await district.answers(EDUCATION, referral, "completed", outcome="enrolled")
    assert (completed.json()["status"], completed.json()["outcome"], completed.json()["open"]) == (
        "completed",
        "enrolled",
        False,
    )
    await district.until_status(case, HandlingStatus.RESOLVED)
    told = await district.facts("referral.answered", until=lambda facts: len(facts) == 2)
    assert [
        (fact.data.answer.value, fact.data.outcome) for fact in told if isinstance(fact.data, ReferralAnswered)
    ] == [
        ("accepted", None),
        ("completed", "enrolled"),
    ]


async def test_an_answer_by_kafka_counts_like_one_through_the_api(district: District) -> None:
    case = await district.opens()
    referral = district.referral_to(EDUCATION, (await district.decides(case, KIP_ONLY)).handling)
    await district.agency_says(EDUCATION, case, referral, answer="accepted")
    await district.until(case, lambda one: one.referrals[0].status is ReferralStatus.ACCEPTED)
    read = (await district.get(f"/referrals/{referral}", agency_person(EDUCATION))).json()
    assert (read["status"], read["answered_at"]) == ("accepted", "2026-11-23T02:00:00Z")
    twice = await district.answers(EDUCATION, referral, "accepted")
    assert problem(twice) == (409, "already-answered")


async def test_an_answer_by_kafka_that_does_not_count_is_refused_on_the_agencys_own_feed(district: District) -> None:
    case = await district.opens()
    handling = (await district.decides(case)).handling
    health = district.referral_to(HEALTH, handling)
    early = await district.agency_says(HEALTH, case, health, answer="completed", outcome="given")
    foreign = await district.agency_says(HEALTH, case, district.referral_to(EDUCATION, handling), answer="accepted")
    refused = await district.facts(f"partner.{HEALTH}.answer.refused", until=lambda facts: len(facts) == 2)
    reasons = {fact.subject: fact.data for fact in refused}
    assert {key: data.reason.value for key, data in reasons.items() if isinstance(data, PartnerAnswerRefused)} == {
        early: "not_accepted_yet",
        foreign: "other_agency",
    }
    assert {fact.sequence for fact in refused} == {1}
    assert {one.status for one in (await district.stored(case)).handling.referrals} == {ReferralStatus.ISSUED}
    # A refused answer costs the agency nothing: the right one, told next, counts.
    await district.agency_says(HEALTH, case, health, sequence=2, answer="accepted")
    await district.until(case, lambda one: one.referrals[1].status is ReferralStatus.ACCEPTED)


async def test_an_answer_about_an_unknown_case_is_a_dead_letter(district: District) -> None:
    unknown = "01936d00-0000-7000-8000-00000000dead"
    await district.agency_says(EDUCATION, unknown, unknown, answer="accepted")
    await eventually(district.dead_letter_reasons, lambda reasons: reasons == ["unknown_referral"])


async def test_an_agency_can_neither_answer_for_another_nor_use_up_its_place(district: District) -> None:
    case = await district.opens()
    handling = (await district.decides(case)).handling
    health = district.referral_to(HEALTH, handling)
    await district.agency_says(HEALTH, case, health, on=EDUCATION, answer="rejected", reason="no_capacity")
    await eventually(district.dead_letter_reasons, lambda reasons: reasons == ["other_agency"])
    assert (await district.stored(case)).handling == handling
    # The forged answer had the sequence that the real one has: had it been noted as heard, this would vanish.
    await district.agency_says(HEALTH, case, health, answer="accepted")
    await district.until(case, lambda one: one.referrals[1].status is ReferralStatus.ACCEPTED)


async def test_a_rejection_through_the_api_goes_to_the_next_agency_at_once(district: District) -> None:
    case = await district.opens()
    health = district.referral_to(HEALTH, (await district.decides(case)).handling)
    rejected = await district.answers(HEALTH, health, "rejected", reason="incomplete_documents")
    assert (rejected.status_code, rejected.json()["reason"]) == (200, "incomplete_documents")
    listed = (await district.get("/referrals", agency_person(BPJS), status="issued")).json()["items"]
    assert [(one["case_id"], one["attempt"], one["reroute_of"]) for one in listed] == [(case, 2, health)]


async def test_an_answer_through_the_api_that_does_not_count_says_why(district: District) -> None:
    case = await district.opens()
    health = district.referral_to(HEALTH, (await district.decides(case)).handling)
    assert problem(await district.answers(HEALTH, health, "rejected")) == (422, "reason-missing")
    assert problem(await district.answers(HEALTH, health, "completed", outcome="given")) == (409, "not-accepted-yet")
    assert problem(await district.answers(HEALTH, health, "perhaps")) == (422, "invalid-input")
    await district.answers(HEALTH, health, "accepted")
    assert problem(await district.answers(HEALTH, health, "completed")) == (422, "outcome-missing")
    assert problem(await district.answers(HEALTH, health, "rejected", reason="no_capacity")) == (
        409,
        "already-answered",
    )


async def test_agencies_see_their_own_referrals_and_no_others(district: District) -> None:
    case = await district.opens()
    handling = (await district.decides(case)).handling
    kip, health = district.referral_to(EDUCATION, handling), district.referral_to(HEALTH, handling)
    own = (await district.get("/referrals", agency_person(EDUCATION))).json()["items"]
    assert [one["referral_id"] for one in own] == [kip]
    for path in (f"/referrals/{health}", f"/referrals/{case}"):
        assert problem(await district.get(path, agency_person(EDUCATION))) == (404, "not-found")
    assert problem(await district.answers(EDUCATION, health, "accepted")) == (404, "not-found")
    asking_for_another = await district.get("/referrals", agency_person(EDUCATION), agency=HEALTH)
    assert asking_for_another.json()["items"] == []
    elsewhere = Person("agency", "75.01", EDUCATION)
    assert problem(await district.get(f"/referrals/{kip}", elsewhere)) == (404, "not-found")
    assert (await district.get("/referrals", elsewhere)).json()["items"] == []


async def test_the_district_sees_all_referrals_of_its_area_and_answers_none(district: District) -> None:
    case = await district.opens()
    handling = (await district.decides(case)).handling
    kip = district.referral_to(EDUCATION, handling)
    listed = (await district.get("/referrals", BACK_OFFICE)).json()["items"]
    assert {one["agency"] for one in listed} == {EDUCATION, HEALTH}
    narrowed = (await district.get("/referrals", BACK_OFFICE, agency=HEALTH, status="issued", open=True)).json()
    assert [one["agency"] for one in narrowed["items"]] == [HEALTH]
    assert (await district.get("/referrals", Person("back_office", "75.01"))).json()["items"] == []
    refused = await district.post(f"/referrals/{kip}/answer", BACK_OFFICE, {"answer": "accepted"})
    assert problem(refused) == (403, "role-needed")
    for role in ("supervisor", "facilitator", "analyst"):
        assert problem(await district.get("/referrals", Person(role))) == (403, "role-needed"), role


async def test_an_agencys_account_without_an_agency_is_told_so(district: District) -> None:
    nobody = Person("agency")
    assert problem(await district.get("/referrals", nobody)) == (403, "agency-needed")
    answer = await district.post("/referrals/x/answer", nobody, {"answer": "accepted"})
    assert problem(answer) == (403, "agency-needed")


async def test_referrals_come_in_pages_the_longest_waiting_first(district: District) -> None:
    made = []
    for _ in range(3):
        case = await district.opens()
        made.append(district.referral_to(EDUCATION, (await district.decides(case, KIP_ONLY)).handling))
        district.clock.move_to(district.clock.now().replace(minute=district.clock.now().minute + 1))
    first = (await district.get("/referrals", agency_person(EDUCATION), limit=2)).json()
    rest = (await district.get("/referrals", agency_person(EDUCATION), limit=2, cursor=first["next_cursor"])).json()
    assert [one["referral_id"] for one in first["items"] + rest["items"]] == made
    assert rest["next_cursor"] is None
