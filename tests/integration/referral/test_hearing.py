"""What the district hears on real Kafka."""

from datetime import timedelta

from contracts.events import (
    CaseAssessed,
    CaseReopened,
    ComplaintAmended,
    ComplaintCreated,
    ComplaintWithdrawn,
)
from contracts.vocabulary import (
    Amendment,
    ComplaintKind,
    ComplaintStatus,
    HandlingStatus,
    WithdrawalReason,
)
from tests.harness.builders import an_event
from tests.harness.waiting import eventually
from tests.integration.referral.district import BACK_OFFICE, EDUCATION, KIP_ONLY, District
from tests.unit.referral.builders import complaint, family


async def test_a_recorded_case_is_assessed_at_once_and_the_office_sees_it_with_its_due_date(
    district: District,
) -> None:
    case = await district.opens()
    (assessed,) = await district.facts("case.assessed")
    assert isinstance(assessed.data, CaseAssessed)
    assert (assessed.subject, assessed.sequence, assessed.area) == (case, 1, "32.03.02.2002")
    answer = await district.get(f"/handlings/{case}", BACK_OFFICE, language="en")
    view = answer.json()
    assert answer.headers["ETag"] == '"1"'
    assert (view["status"], view["due_clock"], view["due_at"]) == ("assessed", "first_response", "2026-11-26T09:00:00Z")
    (pkh, kip, *_) = view["matches"]
    assert (pkh["programme"], pkh["verdict"], kip["track"]) == ("pkh", "likely", "referral")
    assert pkh["reasons"][1] == {
        "criterion": "decile",
        "criterion_text": "Welfare rank (decile)",
        "met": "yes",
        "explanation": "decile_within_limit",
        "text": "The family's decile is within the programme's limit.",
    }


async def test_an_amendment_heard_before_its_complaint_counts_and_is_not_overwritten(district: District) -> None:
    created = an_event(ComplaintCreated(complaint=complaint()), sequence=1)
    case = created.correlationid
    corrected = complaint(family=family(decile=9))
    amended = ComplaintAmended(change=Amendment.FACTS_CORRECTED, complaint=corrected)
    await district.hears(an_event(amended, case=case, sequence=2))
    await district.until(case, lambda handling: True)
    await district.hears(created)
    handling = await district.until(case, lambda handling: len(handling.village) == 2)
    assert handling.complaint.family == family(decile=9)
    assert handling.matches[0].verdict.value == "unlikely"


async def test_a_fact_heard_twice_is_told_once(district: District) -> None:
    created = an_event(ComplaintCreated(complaint=complaint()), sequence=1)
    withdrawn = ComplaintWithdrawn(reason=WithdrawalReason.TAKEN_BACK, complaint=complaint(status="withdrawn"))
    await district.hears(created, created, created)
    await district.until_status(created.correlationid, HandlingStatus.ASSESSED)
    await district.hears(an_event(withdrawn, case=created.correlationid, sequence=2))
    await district.until_status(created.correlationid, HandlingStatus.WITHDRAWN)
    assert len(await district.facts("case.assessed")) == 1


async def test_waiting_for_the_citizen_stops_the_clocks_and_moves_their_deadlines(district: District) -> None:
    case = await district.opens()
    due = (await district.stored(case)).due_at
    waiting = complaint(status=ComplaintStatus.WAITING_FOR_CITIZEN, waiting_since=district.clock.now())
    await district.hears(district.fact(case, ComplaintAmended(change=Amendment.WAITING_FOR_CITIZEN, complaint=waiting)))
    await district.until(case, lambda handling: all(clock.paused for clock in handling.clocks))
    assert await district.work_rows() == {}
    (item,) = (await district.get("/handlings", BACK_OFFICE)).json()["items"]
    assert item["paused"]
    district.clock.move_to(district.clock.now() + timedelta(days=3))
    back = ComplaintAmended(change=Amendment.NO_LONGER_WAITING, complaint=complaint())
    await district.hears(district.fact(case, back))
    await district.until(case, lambda handling: not any(clock.paused for clock in handling.clocks))
    # Monday's, Tuesday's and Wednesday's closings passed while waiting; that of the first day never counts.
    assert (await district.stored(case)).due_at == due + timedelta(days=4)
    assert len(await district.work_rows()) == 2


async def test_a_complaint_about_an_officer_is_a_dead_letter_and_in_nobodys_queue(district: District) -> None:
    conduct = an_event(ComplaintCreated(complaint=complaint(kind=ComplaintKind.CONDUCT)))
    await district.hears(conduct)
    await eventually(district.dead_letter_reasons, lambda reasons: reasons == ["conduct_not_handled_here"])
    assert (await district.get("/handlings", BACK_OFFICE)).json()["items"] == []


async def test_an_unknown_programme_is_no_poison_and_the_office_can_only_refuse_it(district: District) -> None:
    case = await district.opens(needs=("moon_landing",))
    assert await district.dead_letter_reasons() == []
    asks = {"programme": "moon_landing", "decision": "refer"}
    refused = await district.moves(case, "recommendation", BACK_OFFICE, decisions=[asks])
    assert (refused.status_code, refused.json()["type"]) == (422, "urn:puskesos:problem:unknown-programme")
    await district.decides(case, [{"programme": "moon_landing", "decision": "refuse", "reason": "no_such_programme"}])
    await district.until_status(case, HandlingStatus.RESOLVED)


async def test_a_reopened_case_goes_back_to_the_office_with_a_clock(district: District) -> None:
    case = await district.opens()
    handling = (await district.decides(case, KIP_ONLY)).handling
    referral = district.referral_to(EDUCATION, handling)
    await district.answers(EDUCATION, referral, "accepted")
    await district.answers(EDUCATION, referral, "completed", outcome="unreachable")
    await district.until_status(case, HandlingStatus.RESOLVED)
    assert await district.work_rows() == {}
    await district.hears(district.fact(case, CaseReopened(round=1, complaint=complaint(round=1))))
    await district.until_status(case, HandlingStatus.ASSESSED)
    (item,) = (await district.get("/handlings", BACK_OFFICE)).json()["items"]
    assert (item["case_id"], item["round"], item["due_clock"]) == (case, 1, "handling")
    assert set(await district.work_rows()) == {f"clock:{case}:handling:1"}
