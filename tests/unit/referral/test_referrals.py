"""Agencies answer, refuse to answer, or answer what does not count."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from contracts.events import CaseEscalated, CaseResolved, ReferralAnswered, ReferralExpired, ReferralIssued
from contracts.vocabulary import (
    AgencyAnswer,
    AnswerRefusal,
    CaseOutcome,
    ComplaintStatus,
    EscalationCause,
    ExpiryFollow,
    NeedEnding,
    Outcome,
    ReferralStatus,
    RejectionReason,
    Tier,
)
from services.referral.domain.agencies import Agency
from services.referral.domain.answering import answer_referral
from services.referral.domain.deadlines import unanswered_referrals
from services.referral.domain.errors import AnswerRefused, NotYetDue
from services.referral.domain.handling import Handling
from services.referral.domain.moves import Moved
from services.referral.domain.referral import Referral
from services.referral.domain.referring import expire_referral
from services.referral.domain.rules import DistrictRules
from tests.unit.referral.builders import MONDAY, RULES, complaint, decided, heard, ids, refer, topics

NEW_ID = ids(issued=100)  # past those that the builders give


def answer(
    handling: Handling,
    referral: Referral,
    what: AgencyAnswer,
    *,
    agency: str | None = None,
    reason: RejectionReason | None = None,
    outcome: Outcome | None = None,
    rules: DistrictRules = RULES,
) -> Moved:
    return answer_referral(
        handling,
        agency or referral.agency,
        referral.referral_id,
        what,
        rules=rules,
        now=MONDAY,
        new_id=NEW_ID,
        reason=reason,
        outcome=outcome,
    )


def accept(handling: Handling, referral: Referral) -> Handling:
    return answer(handling, referral, AgencyAnswer.ACCEPTED).handling


def complete(handling: Handling, referral: Referral, outcome: Outcome = Outcome.GIVEN) -> Moved:
    return answer(accept(handling, referral), referral, AgencyAnswer.COMPLETED, outcome=outcome)


def reject(handling: Handling, referral: Referral, rules: DistrictRules = RULES) -> Moved:
    return answer(handling, referral, AgencyAnswer.REJECTED, reason=RejectionReason.NO_CAPACITY, rules=rules)


def expire(handling: Handling, referral: Referral, now: datetime | None = None) -> Moved:
    return expire_referral(
        handling,
        referral.referral_id,
        rules=RULES,
        now=now or referral.due_at + timedelta(seconds=1),
        new_id=NEW_ID,
    )


def last(handling: Handling) -> Referral:
    return handling.referrals[-1]


def test_the_story_of_the_ill_child_ends_with_the_third_agency() -> None:
    handling = decided().handling
    kip, health = handling.referrals
    handling = complete(handling, kip, Outcome.ENROLLED).handling
    rejected = reject(handling, health)
    assert topics(rejected) == ["referral.answered", "referral.issued", "partner.referral.issued"]
    bpjs = last(rejected.handling)
    expired = expire(rejected.handling, bpjs)
    assert topics(expired) == ["referral.expired", "referral.issued", "partner.referral.issued"]
    baznas = last(expired.handling)
    completed = complete(expired.handling, baznas)
    assert topics(completed) == ["referral.answered", "case.resolved"]

    referrals = [one for one in completed.handling.referrals if one.programme == "pbi_jk"]
    assert [(one.agency, one.attempt, one.status, one.reroute_of) for one in referrals] == [
        ("cianjur-health", 1, ReferralStatus.REJECTED, None),
        ("cianjur-health-bpjs", 2, ReferralStatus.EXPIRED, health.referral_id),
        ("cianjur-baznas", 3, ReferralStatus.COMPLETED, bpjs.referral_id),
    ]
    assert completed.handling.resolution is not None
    assert [(need.programme, need.ending) for need in completed.handling.resolution.needs] == [
        ("pkh", NeedEnding.PROPOSED),
        ("kip", NeedEnding.ENROLLED),
        ("pbi_jk", NeedEnding.GIVEN),
    ]
    assert completed.handling.resolution.outcome is CaseOutcome.PARTLY_GIVEN


def test_an_accepted_referral_waits_for_its_completion_and_no_longer_expires() -> None:
    handling = decided(refer("kip")).handling
    moved = answer(handling, last(handling), AgencyAnswer.ACCEPTED)
    (fact,) = moved.facts
    assert isinstance(fact, ReferralAnswered)
    assert (fact.answer, fact.reason, fact.outcome) == (AgencyAnswer.ACCEPTED, None, None)
    with pytest.raises(NotYetDue):
        expire(moved.handling, last(handling))


def test_a_referral_nobody_answers_expires_and_the_sender_is_told_what_follows() -> None:
    handling = decided(refer("pbi_jk")).handling
    expiry, issued, _ = expire(handling, last(handling)).facts
    assert isinstance(expiry, ReferralExpired)
    assert (expiry.agency, expiry.follow) == ("cianjur-health", ExpiryFollow.REROUTED)
    assert isinstance(issued, ReferralIssued)
    assert (issued.agency, issued.attempt, issued.reroute_of) == ("cianjur-health-bpjs", 2, expiry.referral_id)


def test_a_referral_does_not_expire_before_its_deadline_nor_twice() -> None:
    handling = decided(refer("pbi_jk")).handling
    referral = last(handling)
    with pytest.raises(NotYetDue):
        expire(handling, referral, now=referral.due_at)
    with pytest.raises(NotYetDue):
        expire(expire(handling, referral).handling, referral)


def test_when_no_agency_is_left_while_another_need_is_open_the_case_is_passed_up() -> None:
    handling = decided(refer("kip"), refer("pbi_jk")).handling
    expired = expire(handling, handling.referrals[0])
    assert topics(expired) == ["referral.expired", "case.escalated"]
    expiry, escalated = expired.facts
    assert isinstance(expiry, ReferralExpired)
    assert expiry.follow is ExpiryFollow.ESCALATED
    assert isinstance(escalated, CaseEscalated)
    assert (escalated.cause, escalated.to_tier) == (EscalationCause.NO_AGENCY_LEFT, Tier.PROVINCE)
    assert expired.handling.tier is Tier.PROVINCE


@pytest.mark.parametrize("end", [expire, reject])
def test_when_the_last_need_is_exhausted_the_case_is_resolved_and_not_passed_up(
    end: Callable[[Handling, Referral], Moved],
) -> None:
    handling = decided(refer("kip")).handling
    ended = end(handling, last(handling))
    assert topics(ended)[1:] == ["case.resolved"]
    assert ended.handling.tier is Tier.DISTRICT
    resolved = ended.facts[-1]
    assert isinstance(resolved, CaseResolved)
    assert resolved.handling.resolution is not None
    assert resolved.handling.resolution.needs[0].ending is NeedEnding.EXHAUSTED


def test_an_agency_of_the_province_is_asked_when_the_district_has_none_and_the_case_climbs_with_it() -> None:
    province = Agency(code="west-java-education", name="p", area="32", programmes=("kip",), preference=1)
    rules = DistrictRules(
        calendar=RULES.calendar,
        limits=RULES.limits,
        catalogue=RULES.catalogue,
        directory=RULES.directory.but(agencies=(*RULES.directory.agencies, province)),
        periods=RULES.periods,
    )
    handling = decided(refer("kip"), rules=rules).handling
    moved = reject(handling, last(handling), rules)
    assert topics(moved) == [
        "referral.answered",
        "case.escalated",
        "referral.issued",
        "partner.referral.issued",
    ]
    assert (moved.handling.tier, last(moved.handling).agency) == (Tier.PROVINCE, "west-java-education")


def refusal(handling: Handling, referral: Referral, what: AgencyAnswer, **more: object) -> AnswerRefusal:
    with pytest.raises(AnswerRefused) as refused:
        answer(handling, referral, what, **more)  # type: ignore[arg-type]
    return refused.value.reason


def test_an_answer_that_does_not_count_says_why() -> None:
    handling = decided(refer("pbi_jk")).handling
    referral = last(handling)
    unknown = referral.but(referral_id=NEW_ID())
    accepted = accept(handling, referral)
    completed = complete(handling, referral).handling
    rejected = reject(handling, referral).handling
    expired = expire(handling, referral).handling
    accepts, rejects, completes = AgencyAnswer
    given = {"outcome": Outcome.GIVEN}
    full = {"reason": RejectionReason.NO_CAPACITY}

    assert refusal(handling, unknown, accepts) is AnswerRefusal.UNKNOWN_REFERRAL
    assert refusal(handling, referral, accepts, agency="cianjur-baznas") is AnswerRefusal.OTHER_AGENCY
    assert refusal(handling, referral, completes, **given) is AnswerRefusal.NOT_ACCEPTED_YET
    assert refusal(handling, referral, rejects) is AnswerRefusal.REASON_MISSING
    assert refusal(accepted, referral, completes) is AnswerRefusal.OUTCOME_MISSING
    assert refusal(accepted, referral, accepts) is AnswerRefusal.ALREADY_ANSWERED
    assert refusal(accepted, referral, rejects, **full) is AnswerRefusal.ALREADY_ANSWERED
    assert refusal(completed, referral, completes, **given) is AnswerRefusal.ALREADY_ANSWERED
    assert refusal(rejected, referral, accepts) is AnswerRefusal.ALREADY_ANSWERED
    assert refusal(expired, referral, accepts) is AnswerRefusal.EXPIRED


def test_an_answer_after_the_citizen_withdrew_is_refused_because_the_case_ended() -> None:
    handling = decided(refer("pbi_jk")).handling
    withdrawn = heard(
        handling, complaint(status=ComplaintStatus.WITHDRAWN, ended_at=MONDAY, needs=("pbi_jk",)), at=MONDAY
    ).handling
    assert refusal(withdrawn, last(handling), AgencyAnswer.ACCEPTED) is AnswerRefusal.CASE_ENDED
    with pytest.raises(NotYetDue):
        expire(withdrawn, last(handling))


def test_a_late_answer_counts_as_long_as_the_referral_was_not_expired() -> None:
    handling = decided(refer("kip")).handling
    referral = last(handling)
    moved = answer_referral(
        handling,
        referral.agency,
        referral.referral_id,
        AgencyAnswer.ACCEPTED,
        rules=RULES,
        now=referral.due_at + timedelta(hours=1),
        new_id=NEW_ID,
    )
    assert last(moved.handling).status is ReferralStatus.ACCEPTED


@pytest.mark.parametrize(
    ("outcome", "case"),
    [
        (Outcome.GIVEN, CaseOutcome.GIVEN),
        (Outcome.WAITING_LIST, CaseOutcome.AWAITING_RESULT),
        (Outcome.NO_QUOTA, CaseOutcome.NOT_GIVEN),
        (Outcome.MOVED, CaseOutcome.NOT_GIVEN),
    ],
)
def test_the_outcome_of_the_case_sums_up_its_needs(outcome: Outcome, case: CaseOutcome) -> None:
    handling = decided(refer("kip")).handling
    resolution = complete(handling, last(handling), outcome).handling.resolution
    assert resolution is not None
    assert resolution.outcome is case


@pytest.mark.parametrize(
    ("outcome", "case"),
    [(Outcome.GIVEN, CaseOutcome.PARTLY_GIVEN), (Outcome.NO_QUOTA, CaseOutcome.NOT_GIVEN)],
)
def test_a_need_asked_for_after_the_decision_is_never_counted_as_given(outcome: Outcome, case: CaseOutcome) -> None:
    handling = decided(refer("kip")).handling
    asked_more = heard(handling, complaint(needs=("kip", "pkh")), at=MONDAY).handling
    resolution = complete(asked_more, last(asked_more), outcome).handling.resolution
    assert resolution is not None
    assert [(need.programme, need.ending) for need in resolution.needs] == [
        ("kip", NeedEnding(outcome.value)),
        ("pkh", NeedEnding.EXHAUSTED),
    ]
    assert resolution.outcome is case


def waited_for(handling: Handling, since: datetime, until: datetime | None = None) -> Handling:
    """The case after the village waited for the citizen; until None: it still does."""
    needs = handling.complaint.needs
    awaited = complaint(needs=needs, status=ComplaintStatus.WAITING_FOR_CITIZEN, waiting_since=since)
    waiting = heard(handling, awaited, at=since).handling
    return waiting if until is None else heard(waiting, complaint(needs=needs), at=until).handling


def test_no_referral_expires_while_the_citizen_is_waited_for() -> None:
    waiting = waited_for(decided(refer("pbi_jk")).handling, MONDAY + timedelta(days=1))
    assert unanswered_referrals(waiting) == ()
    with pytest.raises(NotYetDue):
        expire(waiting, last(waiting), now=last(waiting).due_at + timedelta(days=30))
    assert last(accept(waiting, last(waiting))).status is ReferralStatus.ACCEPTED


def test_after_the_wait_the_agency_has_the_working_days_back_that_ended_in_it() -> None:
    handling = decided(refer("pbi_jk")).handling
    due = last(handling).due_at
    tuesday, next_monday = MONDAY + timedelta(days=1), MONDAY + timedelta(days=7)
    back = waited_for(handling, tuesday, next_monday)
    # Tuesday's to Friday's closings passed while waiting; three remain from the next Monday on.
    assert last(back).due_at == RULES.calendar.closing(date(2026, 12, 2)) == due + timedelta(days=6)
    assert unanswered_referrals(back) == (last(back),)
    with pytest.raises(NotYetDue):
        expire(back, last(back), now=next_monday)
    assert topics(expire(back, last(back)))[0] == "referral.expired"


def test_a_wait_before_a_referral_was_issued_gives_its_agency_no_more_time() -> None:
    waiting = waited_for(decided(refer("pbi_jk")).handling, MONDAY)
    wednesday = MONDAY + timedelta(days=2)
    rejected = answer_referral(
        waiting,
        last(waiting).agency,
        last(waiting).referral_id,
        AgencyAnswer.REJECTED,
        rules=RULES,
        now=wednesday,
        new_id=NEW_ID,
        reason=RejectionReason.NO_CAPACITY,
    ).handling
    back = heard(rejected, complaint(needs=("pbi_jk",)), at=wednesday + timedelta(hours=1)).handling
    assert last(back).due_at == RULES.calendar.due_after(wednesday, RULES.limits.agency_answer)
    assert back.referrals[0] == rejected.referrals[0], "an answered referral keeps the deadline it was answered by"
