"""Deadlines pass by themselves, once, and only when they have passed."""

from datetime import datetime, timedelta

from contracts.events import CaseEscalated, ComplaintAmended, ComplaintWithdrawn, ReferralExpired
from contracts.vocabulary import Amendment, HandlingStatus, ReferralStatus, Tier, WithdrawalReason
from services.referral.app import DEFINITION
from services.referral.store import StoredHandling
from tests.harness.fixtures import Start
from tests.harness.waiting import eventually
from tests.integration.referral.district import BACK_OFFICE, EDUCATION, HEALTH, KIP_ONLY, District, problem
from tests.unit.referral.builders import complaint

MOMENT = timedelta(milliseconds=1)


def due_of(agency: str, stored: StoredHandling) -> datetime:
    return next(one.due_at for one in stored.handling.referrals if one.agency == agency)


async def test_a_referral_nobody_answers_goes_to_the_next_agency_and_the_sender_is_told(district: District) -> None:
    case = await district.opens()
    decided = await district.decides(case)
    district.clock.move_to(due_of(HEALTH, decided) + MOMENT)
    handling = await district.until(case, lambda one: len(one.referrals) == 3)
    assert [(one.agency, one.status.value) for one in handling.referrals[1:]] == [
        ("cianjur-health", "expired"),
        ("cianjur-health-bpjs", "issued"),
    ]
    expired = await district.facts("referral.expired", until=lambda facts: len(facts) == 2)
    follows = {fact.data.agency: fact.data.follow.value for fact in expired if isinstance(fact.data, ReferralExpired)}
    assert follows == {HEALTH: "rerouted", EDUCATION: "escalated"}
    late = await district.answers(HEALTH, district.referral_to(HEALTH, handling), "accepted")
    assert problem(late) == (409, "expired")


async def test_when_no_agency_is_left_for_the_last_need_the_case_is_resolved_and_stays_in_the_district(
    district: District,
) -> None:
    case = await district.opens()
    decided = await district.decides(case, KIP_ONLY)
    district.clock.move_to(due_of(EDUCATION, decided) + MOMENT)
    handling = await district.until_status(case, HandlingStatus.RESOLVED)
    assert handling.tier is Tier.DISTRICT
    assert handling.resolution is not None
    assert handling.resolution.outcome.value == "not_given"
    await district.facts("case.resolved")
    assert await district.facts("case.escalated", until=lambda _: True) == []
    assert await district.work_rows() == {}


async def test_a_referral_does_not_expire_at_its_deadline_but_after_it(district: District) -> None:
    case = await district.opens()
    decided = await district.decides(case, KIP_ONLY)
    other = await district.opens(recorded_at=district.clock.now() - timedelta(days=10))
    due = due_of(EDUCATION, decided)
    district.clock.move_to(due)
    # The other case's clock was overdue from the start: once it is breached, the workers have looked.
    await district.until(other, lambda one: one.tier is not Tier.DISTRICT)
    assert (await district.stored(case)).handling.referrals[0].status is ReferralStatus.ISSUED
    district.clock.move_to(due + MOMENT)
    await district.until(case, lambda one: one.referrals[0].status is ReferralStatus.EXPIRED)


async def test_an_accepted_referral_does_not_expire(district: District) -> None:
    case = await district.opens()
    decided = await district.decides(case)
    await district.answers(EDUCATION, district.referral_to(EDUCATION, decided.handling), "accepted")
    district.clock.move_to(due_of(HEALTH, decided) + MOMENT)
    handling = await district.until(case, lambda one: len(one.referrals) == 3)
    assert handling.referrals[0].status is ReferralStatus.ACCEPTED


async def test_a_row_that_comes_too_late_or_too_early_changes_nothing(district: District) -> None:
    case = await district.opens()
    decided = await district.decides(case, KIP_ONLY)
    rows = district.service.runtime.store.database["work"]
    key = f"agency-answer:{decided.handling.referrals[0].referral_id}"
    await rows.update_one({"_id": key}, {"$set": {"not_before": district.clock.now()}})
    await eventually(
        lambda: rows.find_one({"_id": key, "attempts": 0, "not_before": due_of(EDUCATION, decided) + MOMENT})
    )
    assert await district.stored(case) == decided


async def test_a_breached_clock_passes_the_case_up_and_tells_it_once(district: District) -> None:
    case = await district.opens()
    district.clock.move_to((await district.stored(case)).due_at + MOMENT)
    handling = await district.until(case, lambda one: one.tier is Tier.PROVINCE)
    assert handling.status is HandlingStatus.ASSESSED
    (item,) = (await district.get("/handlings", BACK_OFFICE, tier="province")).json()["items"]
    assert (item["breached"], item["due_clock"]) == (True, "first_response")
    district.clock.move_to(max(clock.due_at for clock in handling.clocks) + MOMENT)
    await district.until(case, lambda one: one.tier is Tier.MINISTRY)
    told = await district.facts("case.escalated", until=lambda facts: len(facts) == 2)
    assert [fact.data.clock for fact in told if isinstance(fact.data, CaseEscalated)] == ["first_response", "handling"]


async def test_a_case_that_ended_breaches_nothing(district: District) -> None:
    case = await district.opens()
    due = max(clock.due_at for clock in (await district.stored(case)).handling.clocks)
    ended = complaint(status="withdrawn", ended_at=district.clock.now())
    await district.hears(district.fact(case, ComplaintWithdrawn(reason=WithdrawalReason.TAKEN_BACK, complaint=ended)))
    await district.until_status(case, HandlingStatus.WITHDRAWN)
    other = await district.opens()
    district.clock.move_to(due + timedelta(days=1))
    await district.until(other, lambda one: one.tier is Tier.MINISTRY)
    assert (await district.stored(case)).handling.tier is Tier.DISTRICT


async def test_a_deadline_that_passed_while_nothing_ran_is_noticed_at_the_next_start(
    district: District, start: Start
) -> None:
    case = await district.opens()
    decided = await district.decides(case)
    await district.service.runtime.stop()
    district.clock.move_to(due_of(HEALTH, decided) + MOMENT)
    await start(DEFINITION, clock=district.clock)
    await district.until(case, lambda one: len(one.referrals) == 3)


async def test_two_instances_expire_a_referral_once(district: District, start: Start) -> None:
    await start(DEFINITION, clock=district.clock)
    case = await district.opens()
    decided = await district.decides(case)
    district.clock.move_to(due_of(HEALTH, decided) + MOMENT)
    await district.until(case, lambda one: [r.status.value for r in one.referrals[:2]] == ["expired", "expired"])
    expired = await district.facts("referral.expired", until=lambda facts: len(facts) >= 2)
    assert len(expired) == 2
    assert len((await district.stored(case)).handling.referrals) == 3


async def test_an_agencys_time_stands_still_while_the_citizen_is_waited_for(district: District) -> None:
    case = await district.opens(needs=("kip",))
    decided = await district.decides(case, [{"programme": "kip", "decision": "refer"}])
    due, referral = due_of(EDUCATION, decided), district.referral_to(EDUCATION, decided.handling)
    since = district.clock.now()
    waiting = complaint(needs=("kip",), status="waiting_for_citizen", waiting_since=since)
    await district.hears(district.fact(case, ComplaintAmended(change=Amendment.WAITING_FOR_CITIZEN, complaint=waiting)))
    await district.until(case, lambda one: one.waits_for_citizen)
    assert await district.work_rows() == {}
    district.clock.move_to(since + timedelta(days=7))
    back = ComplaintAmended(change=Amendment.NO_LONGER_WAITING, complaint=complaint(needs=("kip",)))
    await district.hears(district.fact(case, back))
    handling = await district.until(case, lambda one: not one.waits_for_citizen)
    later = handling.referrals[0].due_at
    assert later > district.clock.now() > due
    assert (await district.work_rows())[f"agency-answer:{referral}"] == later + timedelta(milliseconds=1)
    district.clock.move_to(later + MOMENT)
    handling = await district.until_status(case, HandlingStatus.RESOLVED)
    assert handling.referrals[0].status is ReferralStatus.EXPIRED
