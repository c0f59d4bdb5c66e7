"""Which facts a citizen is told, and what the message says."""

import pytest

from contracts.events import ComplaintAmended, ComplaintCreated, EventData
from contracts.manifest import Manifest
from contracts.vocabulary import Amendment, ComplaintKind, EscalationCause, ExpiryFollow, Outcome, ReferralStatus, Tier
from services.notification.domain import message
from services.notification.domain.telling import UnknownReferral, message_about
from services.notification.handlers import build_handlers
from tests.harness.builders import a_complaint_state
from tests.unit.notification import story
from tests.unit.notification.story import BPJS, DUE_AT, HEALTH, KIP, a_handling_state, a_referral


def test_every_topic_that_notification_reads_has_a_handler() -> None:
    from datetime import timedelta

    heard = set(build_handlers(timedelta()).models)
    read = {topic.model for topic in Manifest.load().read_by("notification")}

    assert read
    assert read == heard


@pytest.mark.parametrize(
    ("fact", "template"),
    [
        (ComplaintCreated(complaint=a_complaint_state()), "complaint_received"),
        (story.answered_at_desk(), "complaint_answered"),
        (story.waiting(), "complaint_waiting"),
        (story.withdrawn(), "complaint_withdrawn"),
        (story.decided(), "case_decided"),
        (story.rerouted(), "referral_passed_on"),
        (story.accepted(), "referral_accepted"),
        (story.rejected(), "referral_rejected"),
        (story.completed(), "referral_completed"),
        (story.expired(), "referral_expired"),
        (story.escalated(), "case_late"),
        (story.escalated(EscalationCause.NO_AGENCY_LEFT), "case_passed_up"),
        (story.escalated(EscalationCause.DECISION), "case_passed_up"),
        (story.resolved(), "case_resolved"),
        (story.reopened(), "case_reopened"),
        (story.closed(), "case_closed"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_a_fact_that_concerns_the_citizen_has_a_message_of_its_own(fact: EventData, template: str) -> None:
    told = message_about(fact)

    assert told is not None
    assert told.template == template


def test_every_message_there_is_comes_from_some_fact() -> None:
    teller = story.Teller()
    facts = [event.data for event in story.whole_story(teller)] + [story.answered_at_desk(), story.withdrawn()]

    assert {told.template for fact in facts if (told := message_about(fact))} == set(message.TEMPLATES)


@pytest.mark.parametrize(
    "change", [Amendment.DOCUMENTS_COMPLETED, Amendment.FACTS_CORRECTED, Amendment.NO_LONGER_WAITING]
)
def test_an_amendment_that_asks_nothing_of_the_citizen_is_not_told(change: Amendment) -> None:
    assert message_about(ComplaintAmended(change=change, complaint=a_complaint_state())) is None


def test_the_first_referral_of_a_need_is_told_with_the_decision_only() -> None:
    assert message_about(story.first_issued()) is None


def test_the_first_referral_of_a_later_round_is_no_passing_on() -> None:
    second_round = story.first_issued().model_copy(update={"attempt": 3})

    assert message_about(second_round) is None


def test_the_decision_says_what_happens_to_each_need() -> None:
    told = message_about(story.decided())

    assert isinstance(told, message.CaseDecided)
    assert [(need.programme, need.agency, need.answer_by) for need in told.referred] == [
        ("kip", "cianjur-education", DUE_AT),
        ("pbi_jk", "cianjur-health", DUE_AT),
    ]
    assert [(need.programme, str(need.cut_off), str(need.result_expected)) for need in told.proposed] == [
        ("pkh", "2026-12-17", "2027-01-08")
    ]
    assert [(need.programme, need.reason) for need in told.refused] == [("sembako", "already_receiving")]


def test_a_need_referred_anew_names_the_agency_asked_now_and_not_an_earlier_rounds() -> None:
    earlier = a_referral(HEALTH, status=ReferralStatus.COMPLETED, outcome=Outcome.NO_QUOTA)
    state = a_handling_state(referrals=(a_referral(KIP), earlier, a_referral(BPJS)))

    told = message_about(story.decided(referrals=state.referrals))

    assert isinstance(told, message.CaseDecided)
    assert told.referred[1].agency == "cianjur-health-bpjs"


def test_a_need_that_no_agency_could_be_found_for_names_none() -> None:
    told = message_about(story.decided(referrals=()))

    assert isinstance(told, message.CaseDecided)
    assert [need.agency for need in told.referred] == [None, None]


def test_a_rejection_says_whether_another_agency_was_asked() -> None:
    asked, none_left = message_about(story.rejected()), message_about(story.rejected(handling=story.nobody_left()))

    assert isinstance(asked, message.ReferralRejected)
    assert isinstance(none_left, message.ReferralRejected)
    assert (asked.passed_on, none_left.passed_on) == (True, False)


def test_an_expiry_says_whether_another_agency_was_asked() -> None:
    rerouted, escalated = message_about(story.expired()), message_about(story.expired(ExpiryFollow.ESCALATED))

    assert isinstance(rerouted, message.ReferralExpired)
    assert isinstance(escalated, message.ReferralExpired)
    assert (rerouted.passed_on, escalated.passed_on) == (True, False)
    assert rerouted.programme == "pbi_jk"


def test_an_answer_about_a_referral_that_its_own_state_does_not_list_is_refused_by_name() -> None:
    broken = story.accepted().model_copy(update={"handling": a_handling_state(referrals=())})

    with pytest.raises(UnknownReferral) as refused:
        message_about(broken)
    assert refused.value.dead_letter_reason == "unknown_referral"


def test_the_receipt_knows_what_the_promise_depends_on() -> None:
    urgent = a_complaint_state(kind=ComplaintKind.ENQUIRY, fast_track=True)

    told = message_about(ComplaintCreated(complaint=urgent))

    assert told == message.ComplaintReceived(kind=ComplaintKind.ENQUIRY, fast_track=True)


def test_being_late_names_the_tier_that_has_it_now() -> None:
    assert message_about(story.escalated(tier=Tier.MINISTRY)) == message.CaseLate(to_tier=Tier.MINISTRY)
