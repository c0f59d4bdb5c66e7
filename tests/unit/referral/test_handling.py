"""A case on the district's side, move by move."""

from dataclasses import replace
from datetime import timedelta

import pytest

from contracts.events import CaseDecided, CaseEscalated, CaseResolved, PartnerReferralIssued, ReferralIssued
from contracts.vocabulary import (
    AgencyAnswer,
    CaseOutcome,
    ComplaintKind,
    ComplaintStatus,
    EscalationCause,
    HandlingStatus,
    NeedEnding,
    ProposalStatus,
    RejectionReason,
    Tier,
)
from services.referral.domain.answering import answer_referral
from services.referral.domain.clocks import ClockName
from services.referral.domain.deadlines import breach_clock
from services.referral.domain.deciding import Ruling, decide, recommend, review
from services.referral.domain.errors import (
    ConductNotHandledHere,
    IllegalMove,
    NotYetDue,
    OwnDraft,
    ReasonNeeded,
    UnknownClock,
    UnknownProgramme,
    UnsoundRecommendation,
)
from services.referral.domain.handling import Handling, public_state
from services.referral.domain.moves import Moved
from tests.unit.referral.builders import (
    BACK_OFFICE,
    MANAGER,
    MONDAY,
    RULES,
    SUPERVISOR,
    THE_STORY,
    assessed,
    complaint,
    decided,
    family,
    first_heard,
    heard,
    ids,
    next_deadline,
    overdue_clocks,
    propose,
    recommended,
    refer,
    refuse,
    reviewed,
    topics,
)

LATER = MONDAY + timedelta(days=1)


def hear(handling: Handling, **changes: object) -> Moved:
    changes.setdefault("needs", handling.complaint.needs)
    return heard(handling, complaint(**changes), at=LATER)


def clock_names(handling: Handling) -> set[str]:
    return {clock.name.value for clock in handling.clocks_of_round}


# Opening and assessing


def test_a_case_opens_at_the_district_with_clocks_from_the_moment_the_village_recorded_it() -> None:
    three_days_without_signal = MONDAY - timedelta(days=3)
    moved = first_heard(complaint(recorded_at=three_days_without_signal))
    assert moved.handling.tier is Tier.DISTRICT
    assert {clock.started_at for clock in moved.handling.clocks} == {three_days_without_signal}
    assert clock_names(moved.handling) == {"first_response", "handling"}


def test_an_enquiry_and_a_fast_track_case_have_limits_of_their_own() -> None:
    assert clock_names(assessed(kind=ComplaintKind.ENQUIRY)) == {"first_response", "enquiry"}
    limits = {clock.name: clock.limit for clock in assessed(fast_track=True).clocks}
    assert limits == {ClockName.FIRST_RESPONSE: 0, ClockName.HANDLING: 3}


def test_a_complaint_about_an_officer_never_enters_the_social_offices_queue() -> None:
    with pytest.raises(ConductNotHandledHere):
        assessed(kind=ComplaintKind.CONDUCT)


def test_opening_a_case_tells_the_matches_with_their_reasons() -> None:
    moved = first_heard(complaint())
    assert topics(moved) == ["case.assessed"]
    assert [match.programme for match in public_state(moved.handling).matches[:2]] == ["pkh", "kip"]


def test_a_need_that_is_no_programme_is_matched_as_unknown_and_can_only_be_refused() -> None:
    handling = assessed(needs=("moon_landing",))
    (match, *_) = handling.matches
    assert (match.programme, match.verdict) == ("moon_landing", "unknown")
    assert [(reason.criterion, reason.explanation) for reason in match.reasons] == [
        ("programme", "programme_not_in_catalogue")
    ]
    with pytest.raises(UnknownProgramme):
        recommend(handling, BACK_OFFICE, (refer("moon_landing"),), rules=RULES, now=MONDAY)
    refused = recommend(handling, BACK_OFFICE, (refuse("moon_landing"),), rules=RULES, now=MONDAY).handling
    assert refused.status is HandlingStatus.RECOMMENDED


def test_a_programme_that_nobody_asked_for_and_nobody_knows_cannot_even_be_refused() -> None:
    with pytest.raises(UnknownProgramme):
        recommend(
            assessed(), BACK_OFFICE, (propose("pkh"), refer("kip"), refuse("moon_landing")), rules=RULES, now=MONDAY
        )


# Recommending, reviewing, deciding


def test_a_recommendation_stops_the_first_response_and_starts_the_verification() -> None:
    clocks = {clock.name: clock for clock in recommended().clocks}
    assert clocks[ClockName.FIRST_RESPONSE].stopped_at == MONDAY
    assert clocks[ClockName.VERIFICATION].started_at == MONDAY


@pytest.mark.parametrize(
    ("decisions", "fault"),
    [
        pytest.param((), "at least one", id="nothing"),
        pytest.param((propose("pkh"),), "missing: kip", id="a forgotten need"),
        pytest.param((propose("pkh"), refer("kip"), refer("kip")), "twice", id="a programme twice"),
        pytest.param((refer("pkh"), refer("kip")), "gets pkh by proposal", id="the wrong track"),
    ],
)
def test_a_recommendation_that_does_not_fit_the_case_is_refused(decisions: tuple[object, ...], fault: str) -> None:
    with pytest.raises(UnsoundRecommendation, match=fault):
        recommend(assessed(), BACK_OFFICE, decisions, rules=RULES, now=MONDAY)  # type: ignore[arg-type]


def test_refusing_a_need_takes_a_reason() -> None:
    without_reason = refuse("pkh").model_copy(update={"reason": None})
    with pytest.raises(ReasonNeeded):
        recommend(assessed(), BACK_OFFICE, (without_reason, refer("kip")), rules=RULES, now=MONDAY)


def test_nobody_reviews_or_decides_their_own_draft() -> None:
    with pytest.raises(OwnDraft):
        review(recommended(), BACK_OFFICE, Ruling.APPROVE, now=LATER)
    with pytest.raises(OwnDraft):
        decide(reviewed(), BACK_OFFICE, Ruling.APPROVE, rules=RULES, now=LATER, new_id=ids())


def test_a_returned_recommendation_goes_back_with_its_reason_and_keeps_the_time_it_used() -> None:
    returned = review(recommended(), SUPERVISOR, Ruling.RETURN, now=LATER, reason="letter_missing").handling
    assert returned.status is HandlingStatus.ASSESSED
    assert [(back.by, back.step, back.reason) for back in returned.returns] == [
        (SUPERVISOR, HandlingStatus.RECOMMENDED, "letter_missing")
    ]
    again = recommend(returned, BACK_OFFICE, THE_STORY, rules=RULES, now=LATER).handling
    assert [clock.started_at for clock in again.clocks if clock.name is ClockName.VERIFICATION] == [MONDAY]


def test_the_manager_may_return_it_too_and_a_return_takes_a_reason() -> None:
    moved = decide(reviewed(), MANAGER, Ruling.RETURN, rules=RULES, now=LATER, new_id=ids(), reason="wrong_programme")
    assert (moved.handling.status, moved.facts) == (HandlingStatus.ASSESSED, ())
    with pytest.raises(ReasonNeeded):
        review(recommended(), SUPERVISOR, Ruling.RETURN, now=LATER)


def test_a_decision_asks_agencies_and_drafts_proposals_and_tells_each() -> None:
    moved = decided()
    assert topics(moved) == [
        "case.decided",
        "referral.issued",
        "partner.referral.issued",
        "referral.issued",
        "partner.referral.issued",
    ]
    assert [(one.programme, one.agency, one.attempt) for one in moved.handling.referrals] == [
        ("kip", "cianjur-education", 1),
        ("pbi_jk", "cianjur-health", 1),
    ]
    (proposal,) = moved.handling.proposals
    assert (proposal.programme, proposal.period, proposal.status) == ("pkh", "2026-Q4", ProposalStatus.DRAFTED)
    assert moved.handling.status is HandlingStatus.DECIDED


def test_every_fact_of_a_move_carries_the_state_that_is_saved_with_it() -> None:
    moved = decided()
    state = public_state(moved.handling)
    carried = [fact.handling for fact in moved.facts if isinstance(fact, CaseDecided | ReferralIssued)]
    assert carried == [state, state, state]


def test_an_agency_is_told_bands_and_a_pseudonym_and_no_more() -> None:
    (told,) = [fact for fact in decided(refer("kip")).facts if isinstance(fact, PartnerReferralIssued)]
    assert told.family == family()
    assert set(told.model_dump()) == {
        "referral_id", "agency", "programme", "attempt", "issued_at", "due_at", "family",
    }  # fmt: skip


def test_no_fact_names_an_officer() -> None:
    for fact in decided().facts:
        assert "person:" not in fact.model_dump_json()


def test_a_case_whose_every_need_is_refused_is_resolved_at_once() -> None:
    moved = decided(refuse("pkh"), refuse("kip"))
    assert topics(moved) == ["case.decided", "case.resolved"]
    assert moved.handling.resolution is not None
    assert moved.handling.resolution.outcome is CaseOutcome.NOT_GIVEN


def test_a_proposal_alone_resolves_the_case_and_leaves_the_result_to_its_period() -> None:
    moved = decided(propose("pkh"))
    resolution = moved.handling.resolution
    assert resolution is not None
    assert [(need.programme, need.ending) for need in resolution.needs] == [("pkh", NeedEnding.PROPOSED)]
    assert resolution.outcome is CaseOutcome.AWAITING_RESULT
    assert resolution.reopen_until == RULES.calendar.due_after(MONDAY, 10)
    assert all(clock.stopped_at for clock in moved.handling.clocks)


def test_a_need_that_no_agency_takes_resolves_the_case_and_tells_of_no_passing_up() -> None:
    nobody = first_heard(complaint(needs=("kip",)), area="18.04.08.2001").handling
    draft = recommend(nobody, BACK_OFFICE, (refer("kip"),), rules=RULES, now=MONDAY).handling
    ready = review(draft, SUPERVISOR, Ruling.APPROVE, now=MONDAY).handling
    moved = decide(ready, MANAGER, Ruling.APPROVE, rules=RULES, now=MONDAY, new_id=ids())
    assert topics(moved) == ["case.decided", "case.resolved"]
    assert moved.handling.tier is Tier.DISTRICT
    resolved = moved.facts[-1]
    assert isinstance(resolved, CaseResolved)
    assert resolved.outcome is CaseOutcome.NOT_GIVEN


def test_needs_that_no_agency_takes_pass_the_case_up_once_while_another_is_open() -> None:
    only_school = RULES.directory.but(
        agencies=tuple(agency for agency in RULES.directory.agencies if "kip" in agency.programmes)
    )
    rules = replace(RULES, directory=only_school)
    moved = decided(refer("kip"), refer("pbi_jk"), refer("kur"), rules=rules)
    assert topics(moved) == ["case.decided", "referral.issued", "partner.referral.issued", "case.escalated"]
    escalated = moved.facts[-1]
    assert isinstance(escalated, CaseEscalated)
    assert (escalated.cause, escalated.to_tier) == (EscalationCause.NO_AGENCY_LEFT, Tier.PROVINCE)
    assert moved.handling.tier is Tier.PROVINCE


@pytest.mark.parametrize("status", ["recommended", "reviewed", "decided"])
def test_a_recommendation_is_drafted_only_on_an_assessed_case(status: str) -> None:
    handling = {
        "recommended": recommended(),
        "reviewed": reviewed(),
        "decided": decided().handling,
    }[status]
    with pytest.raises(IllegalMove, match=f"a case that is {status}; it must be one of: assessed"):
        recommend(handling, BACK_OFFICE, THE_STORY, rules=RULES, now=LATER)


# What the village says


def test_waiting_for_the_citizen_from_monday_to_wednesday_pauses_every_clock_for_tuesday() -> None:
    waiting = hear(assessed(), status=ComplaintStatus.WAITING_FOR_CITIZEN, waiting_since=MONDAY).handling
    assert all(clock.paused and clock.pauses[-1].since == MONDAY for clock in waiting.clocks)
    back = heard(waiting, complaint(), at=MONDAY + timedelta(days=2)).handling
    assert all(
        clock.due_at == RULES.calendar.due_after(before.due_at, 1)
        for clock, before in zip(back.clocks, assessed().clocks, strict=True)
    )


def test_a_verification_that_starts_while_the_citizen_is_awaited_waits_too() -> None:
    waiting = hear(assessed(), status=ComplaintStatus.WAITING_FOR_CITIZEN, waiting_since=MONDAY).handling
    draft = recommend(waiting, BACK_OFFICE, (propose("pkh"), refer("kip")), rules=RULES, now=LATER).handling
    assert {clock.name: clock.paused for clock in draft.clocks if clock.stopped_at is None} == {
        ClockName.HANDLING: True,
        ClockName.VERIFICATION: True,
    }


def test_the_fast_track_changes_the_limit_and_not_the_start() -> None:
    hurried = hear(assessed(), fast_track=True).handling
    (clock,) = [clock for clock in hurried.clocks if clock.name is ClockName.HANDLING]
    assert (clock.started_at, clock.limit) == (MONDAY, 3)


def test_an_edit_that_changes_nothing_for_the_clocks_leaves_them_alone() -> None:
    assert hear(assessed(), sector="education").handling.clocks == assessed().clocks


@pytest.mark.parametrize(
    ("status", "ended"),
    [
        (ComplaintStatus.ANSWERED, HandlingStatus.ENDED_IN_VILLAGE),
        (ComplaintStatus.WITHDRAWN, HandlingStatus.WITHDRAWN),
    ],
)
def test_a_case_that_ends_in_the_village_ends_here_without_another_word(
    status: ComplaintStatus, ended: HandlingStatus
) -> None:
    moved = hear(decided().handling, status=status, ended_at=LATER)
    assert (moved.handling.status, moved.facts) == (ended, ())
    assert all(clock.stopped_at for clock in moved.handling.clocks)
    assert moved.handling.open_referrals == ()
    assert next_deadline(moved.handling) is None


def test_a_case_first_heard_of_when_it_has_ended_opens_ended() -> None:
    handling = assessed(status=ComplaintStatus.ANSWERED, ended_at=MONDAY)
    assert handling.status is HandlingStatus.ENDED_IN_VILLAGE
    assert overdue_clocks(handling, MONDAY + timedelta(days=90)) == ()


def test_corrected_facts_match_anew_and_drop_a_recommendation_on_the_old_ones() -> None:
    moved = hear(recommended(), family=family(decile=9))
    assert topics(moved) == ["case.assessed"]
    assert moved.handling.status is HandlingStatus.ASSESSED
    assert moved.handling.recommendation is None
    assert moved.handling.matches[0].verdict == "unlikely"


def test_corrected_facts_do_not_undo_a_decision() -> None:
    before = decided().handling
    moved = hear(before, family=family(decile=9))
    assert moved.facts == ()
    assert moved.handling.decisions == before.decisions


# Reopening


def test_a_reopened_case_goes_back_to_whoever_handled_it_last_with_a_clock() -> None:
    resolved = decided(propose("pkh"), needs=("pkh",)).handling.but(tier=Tier.PROVINCE)
    moved = hear(resolved, round=1)
    reopened = moved.handling
    assert topics(moved) == ["case.assessed"]
    assert (reopened.status, reopened.round, reopened.handler_id) == (HandlingStatus.ASSESSED, 1, BACK_OFFICE)
    assert reopened.resolution is None
    assert reopened.tier is Tier.DISTRICT
    (clock,) = reopened.clocks_of_round
    assert (clock.name, clock.started_at, clock.stopped_at) == (ClockName.HANDLING, LATER, None)
    assert [one.name for one in reopened.clocks if one.round == 0] == [one.name for one in resolved.clocks]


def test_a_new_round_may_ask_the_same_agency_again_and_goes_on_counting_attempts() -> None:
    new_id = ids()
    first = decided(refer("kip"), needs=("kip",), new_id=new_id).handling
    resolved = answer_referral(
        first,
        "cianjur-education",
        first.referrals[0].referral_id,
        AgencyAnswer.REJECTED,
        rules=RULES,
        now=LATER,
        new_id=new_id,
        reason=RejectionReason.INCOMPLETE_DOCUMENTS,
    ).handling
    assert resolved.status is HandlingStatus.RESOLVED
    reopened = hear(resolved, round=1).handling
    draft = recommend(reopened, BACK_OFFICE, (refer("kip"),), rules=RULES, now=LATER).handling
    ready = review(draft, SUPERVISOR, Ruling.APPROVE, now=LATER).handling
    again = decide(ready, MANAGER, Ruling.APPROVE, rules=RULES, now=LATER, new_id=new_id).handling
    assert [(one.round, one.attempt, one.agency) for one in again.referrals] == [
        (0, 1, "cianjur-education"),
        (1, 2, "cianjur-education"),
    ]


def test_a_case_that_has_not_ended_cannot_be_reassessed() -> None:
    with pytest.raises(IllegalMove, match="reopen"):
        hear(decided().handling, round=1)


def test_a_state_of_an_earlier_round_changes_nothing() -> None:
    reopened = hear(decided(propose("pkh"), needs=("pkh",)).handling, round=1).handling
    late = hear(reopened, round=0, status=ComplaintStatus.WITHDRAWN, ended_at=LATER).handling
    assert late.but(village=()) == reopened.but(village=())


# Deadlines


def test_a_breached_clock_passes_the_case_up_once() -> None:
    handling = assessed()
    too_late = handling.clocks[0].due_at + timedelta(minutes=1)
    assert overdue_clocks(handling, too_late) == (ClockName.FIRST_RESPONSE,)
    moved = breach_clock(handling, ClockName.FIRST_RESPONSE, too_late)
    (fact,) = moved.facts
    assert isinstance(fact, CaseEscalated)
    assert (fact.cause, fact.clock, fact.to_tier) == ("breached_clock", "first_response", Tier.PROVINCE)
    assert moved.handling.tier is Tier.PROVINCE
    assert overdue_clocks(moved.handling, too_late) == ()
    with pytest.raises(NotYetDue):
        breach_clock(moved.handling, ClockName.FIRST_RESPONSE, too_late)


def test_a_breach_at_the_ministry_stays_there_and_is_told() -> None:
    late = assessed().but(tier=Tier.MINISTRY)
    moved = breach_clock(late, ClockName.HANDLING, MONDAY + timedelta(days=60))
    assert moved.handling.tier is Tier.MINISTRY
    assert topics(moved) == ["case.escalated"]


def test_a_clock_that_is_not_due_or_not_there_breaches_nothing() -> None:
    with pytest.raises(NotYetDue):
        breach_clock(assessed(), ClockName.HANDLING, MONDAY)
    with pytest.raises(UnknownClock):
        breach_clock(assessed(), ClockName.VERIFICATION, MONDAY)


def test_the_next_deadline_is_the_earliest_that_runs() -> None:
    assert next_deadline(assessed()) == assessed().clocks[0].due_at
    handling = decided().handling
    assert next_deadline(handling) == handling.referrals[0].due_at
    waiting = hear(assessed(), status=ComplaintStatus.WAITING_FOR_CITIZEN, waiting_since=MONDAY).handling
    assert next_deadline(waiting) is None


def test_a_handling_is_the_same_after_a_visit_to_the_store() -> None:
    handling = decided().handling
    assert Handling.model_validate_json(handling.model_dump_json()) == handling
    assert Handling.model_validate(handling.model_dump()) == handling
