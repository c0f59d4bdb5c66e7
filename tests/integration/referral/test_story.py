"""The case of Jambudipa, from the village's fact to the resolution, on real Kafka and a real database."""

from contracts.events import (
    CaseResolved,
    PartnerReferralIssued,
)
from contracts.vocabulary import CaseOutcome, HandlingStatus
from tests.integration.referral.district import (
    BACK_OFFICE,
    BAZNAS,
    BPJS,
    EDUCATION,
    HEALTH,
    District,
)

FACTS_OF_THE_STORY = 13


async def test_the_mother_of_jambudipa_gets_kip_and_her_child_is_insured_by_the_third_agency(
    district: District,
) -> None:
    case = await district.opens()
    handling = (await district.decides(case)).handling
    kip, health = district.referral_to(EDUCATION, handling), district.referral_to(HEALTH, handling)

    assert (await district.answers(EDUCATION, kip, "accepted")).status_code == 200
    assert (await district.answers(EDUCATION, kip, "completed", outcome="enrolled")).status_code == 200
    await district.agency_says(HEALTH, case, health, answer="rejected", reason="no_capacity")
    handling = await district.until(case, lambda one: len(one.referrals) == 3)

    bpjs = district.referral_to(BPJS, handling)
    due = next(one.due_at for one in handling.referrals if one.referral_id == bpjs)
    district.clock.move_to(due.replace(hour=due.hour + 1))
    handling = await district.until(case, lambda one: len(one.referrals) == 4)

    baznas = district.referral_to(BAZNAS, handling)
    await district.agency_says(BAZNAS, case, baznas, answer="accepted")
    await district.agency_says(BAZNAS, case, baznas, sequence=2, answer="completed", outcome="given")
    await district.until_status(case, HandlingStatus.RESOLVED)

    told = await district.facts(
        "case.assessed",
        "case.decided",
        "referral.issued",
        "referral.answered",
        "referral.expired",
        "case.resolved",
        until=lambda facts: len(facts) == FACTS_OF_THE_STORY,
    )
    in_order = sorted(told, key=lambda fact: fact.sequence)
    assert [fact.data.topic for fact in in_order] == [
        "case.assessed",
        "case.decided",
        "referral.issued",
        "referral.issued",
        "referral.answered",
        "referral.answered",
        "referral.answered",
        "referral.issued",
        "referral.expired",
        "referral.issued",
        "referral.answered",
        "referral.answered",
        "case.resolved",
    ]
    assert [fact.sequence for fact in in_order] == list(range(1, FACTS_OF_THE_STORY + 1))
    assert {(fact.subject, fact.source, fact.correlationid) for fact in told} == {
        (case, "/districts/32.03/referral", case)
    }
    resolved = in_order[-1].data
    assert isinstance(resolved, CaseResolved)
    assert resolved.outcome is CaseOutcome.PARTLY_GIVEN
    assert {(need.programme, need.ending.value) for need in resolved.handling.resolution.needs} == {  # type: ignore[union-attr]
        ("pkh", "proposed"),
        ("kip", "enrolled"),
        ("pbi_jk", "given"),
    }

    view = (await district.get(f"/handlings/{case}", BACK_OFFICE, language="en")).json()
    assert [(line["what"], line["by"], line["code"]) for line in view["history"]] == [
        ("puskesos.complaint.created.v1", "village", None),
        ("recommended", "back_office-of-32.03", None),
        ("review_approved", "supervisor-of-32.03.02", None),
        ("decision_approved", "manager-of-32.03", None),
        ("referral_accepted", "somebody-at-cianjur-education", None),
        ("referral_completed", "somebody-at-cianjur-education", "enrolled"),
        ("referral_rejected", "/agencies/cianjur-health", "no_capacity"),
        ("referral_expired", "time", None),
        ("referral_accepted", "/agencies/cianjur-baznas", None),
        ("referral_completed", "/agencies/cianjur-baznas", "given"),
    ]
    assert await district.work_rows() == {}


async def test_each_agency_reads_its_referrals_on_its_own_feed_and_no_other(district: District) -> None:
    case = await district.opens()
    handling = (await district.decides(case)).handling
    for agency in (EDUCATION, HEALTH):
        (fact,) = await district.facts(f"partner.{agency}.referral.issued")
        assert isinstance(fact.data, PartnerReferralIssued)
        referral_id = district.referral_to(agency, handling)
        assert (fact.subject, fact.data.referral_id, fact.data.agency) == (referral_id, referral_id, agency)
        assert (fact.sequence, fact.correlationid, fact.type) == (1, case, "puskesos.partner.referral.issued.v1")
