"""What the district makes of an agency's answer, and whose word it takes."""

from datetime import timedelta

import pytest

from chassis.store import Work
from contracts.events import (
    PartnerAnswerRefused,
    PartnerReferralIssued,
    ReferralIssued,
)
from contracts.vocabulary import (
    AgencyAnswer,
    AnswerRefusal,
    Outcome,
    RejectionReason,
)
from services.referral.consequences import AGENCY_ANSWER
from services.referral.handlers import NotHeard, on_its_own_topic
from services.referral.store import DeedKind
from tests.unit.referral.builders import CASE
from tests.unit.referral.hearing import (
    EDUCATION,
    HANDLERS,
    HEALTH,
    District,
    after_decision,
    answer,
    created,
    referral_to,
)


def test_an_accepted_referral_no_longer_expires_and_its_copy_says_so() -> None:
    district = District(after_decision())
    referral_id = referral_to(EDUCATION, district.document)
    assert f"{AGENCY_ANSWER}:{referral_id}" in district.work
    district.hear(answer(EDUCATION, referral_id))
    assert f"{AGENCY_ANSWER}:{referral_id}" not in district.work
    assert district.copies[referral_id].status.value == "accepted"
    (deed,) = district.document.history
    assert (deed.what, deed.by, deed.about) == (DeedKind.REFERRAL_ACCEPTED, f"/agencies/{EDUCATION}", referral_id)


def test_a_rejection_asks_the_next_agency_on_its_own_feed_and_watches_its_deadline() -> None:
    district = District(after_decision())
    rejected = referral_to(HEALTH, district.document)
    district.hear(answer(HEALTH, rejected, AgencyAnswer.REJECTED, reason=RejectionReason.NO_CAPACITY))
    issued, feed = district.told[-2:]
    assert isinstance(issued.data, ReferralIssued)
    assert isinstance(feed.data, PartnerReferralIssued)
    assert (feed.agency, feed.subject) == ("cianjur-health-bpjs", issued.data.referral_id)
    assert (issued.data.reroute_of, issued.subject, issued.agency) == (rejected, None, None)
    row: Work = district.work[f"{AGENCY_ANSWER}:{issued.data.referral_id}"]
    assert row.due_at == issued.data.due_at + timedelta(milliseconds=1)
    district.standing_is_what_the_handling_wants()


def test_an_answer_that_does_not_count_goes_back_on_the_agencys_feed_under_its_own_id() -> None:
    district = District(after_decision())
    referral_id = referral_to(HEALTH, district.document)
    event = answer(HEALTH, referral_id, AgencyAnswer.COMPLETED, outcome=Outcome.GIVEN)
    before = district.view
    district.hear(event)
    (refused,) = district.told
    assert refused.data == PartnerAnswerRefused(
        answer_id=event.id, referral_id=referral_id, reason=AnswerRefusal.NOT_ACCEPTED_YET
    )
    assert (refused.subject, refused.agency) == (event.id, HEALTH)
    assert district.view == before


def test_an_agency_hears_when_it_answers_for_another() -> None:
    district = District(after_decision())
    district.hear(answer(EDUCATION, referral_to(HEALTH, district.document)))
    assert isinstance(district.told[0].data, PartnerAnswerRefused)
    assert district.told[0].data.reason is AnswerRefusal.OTHER_AGENCY
    assert district.told[0].agency == EDUCATION


def test_an_answer_about_a_case_nobody_knows_is_set_aside_by_name() -> None:
    with pytest.raises(NotHeard) as refused:
        District().hear(answer(EDUCATION, CASE))
    assert refused.value.dead_letter_reason == "unknown_referral"


@pytest.mark.parametrize(
    ("source", "topic", "reason"),
    [
        ("/agencies/cianjur-health", "partner.cianjur-education.referral.answered", "other_agency"),
        ("/districts/32.03/intake", "partner.cianjur-education.referral.answered", "no_agency"),
        ("/agencies/cianjur-education/x", "partner.cianjur-education.referral.answered", "no_agency"),
        ("/agencies/cianjur-education", "complaint.created", "wrong_topic"),
        ("/agencies/cianjur-education", "partner.cianjur-education.referral.issued", "wrong_topic"),
        ("/agencies/cianjur-education", "of.no.manifest", "wrong_topic"),
    ],
)
def test_an_answer_counts_only_on_the_topic_of_the_agency_it_names(source: str, topic: str, reason: str) -> None:
    forged = answer(EDUCATION, CASE).model_copy(update={"source": source})
    with pytest.raises(NotHeard) as refused:
        on_its_own_topic(forged, topic)
    assert refused.value.dead_letter_reason == reason


def test_an_agency_cannot_tell_complaints_on_its_topic() -> None:
    with pytest.raises(NotHeard) as refused:
        on_its_own_topic(created(), "partner.cianjur-education.referral.answered")
    assert refused.value.dead_letter_reason == "wrong_topic"


def test_what_comes_on_its_own_topic_is_believed() -> None:
    on_its_own_topic(created(), "complaint.created")
    on_its_own_topic(answer(EDUCATION, CASE), "partner.cianjur-education.referral.answered")


def test_poison_on_a_topic_that_agencies_write_is_no_sign_of_a_bad_release() -> None:
    assert HANDLERS.foreign("partner.cianjur-education.referral.answered")
    assert not HANDLERS.foreign("complaint.created")
    assert not HANDLERS.foreign("of.no.manifest")
