"""What the district makes of each fact it hears. The handlers are pure: no Kafka, no database."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chassis.bus import Reaction
from chassis.outbox.outgoing import Outgoing
from chassis.store import Work
from contracts import Event, EventData
from contracts.events import (
    CaseAssessed,
    CaseClosed,
    CaseReopened,
    ComplaintAmended,
    ComplaintAnswered,
    ComplaintCreated,
    ComplaintState,
    ComplaintWithdrawn,
    PartnerAnswerRefused,
    PartnerReferralAnswered,
    PartnerReferralIssued,
    ReferralIssued,
)
from contracts.manifest import Manifest
from contracts.vocabulary import (
    AgencyAnswer,
    Amendment,
    AnswerRefusal,
    ClosedBy,
    ComplaintKind,
    ComplaintStatus,
    HandlingStatus,
    Outcome,
    RejectionReason,
    WithdrawalReason,
)
from services.referral.consequences import AGENCY_ANSWER, copies_of, deadlines_of
from services.referral.handlers import NotHeard, build_handlers, on_its_own_topic
from services.referral.reference import Reference
from services.referral.store import DeedKind, StoredHandling, StoredReferral
from tests.harness.builders import an_event
from tests.unit.referral.builders import CASE, MONDAY, complaint, decided, family

HANDLERS = build_handlers(Reference.load())
NOW = MONDAY + timedelta(days=1)
EDUCATION, HEALTH = "cianjur-education", "cianjur-health"


class District:
    """What stands in the database after everything heard, without one."""

    def __init__(self, stored: StoredHandling | None = None) -> None:
        self.stored = stored
        self.told: list[Outgoing] = []
        handling = stored.handling if stored else None
        self.work = {work.row_id: work for work in deadlines_of(handling)} if handling else {}
        self.copies = {copy.id: copy for copy in copies_of(handling)} if handling else {}

    def hear(self, event: Event[Any]) -> None:
        stored = self.stored
        if stored is not None and stored.heard.contains(event.source, event.subject, event.sequence):
            return
        handler = HANDLERS.handler_of(event)
        assert handler is not None
        reaction: Reaction[StoredHandling] = handler(stored, event, NOW)
        assert reaction.document is not None
        heard = reaction.document.heard.adding(event.source, event.subject, event.sequence)
        self.stored = reaction.document.model_copy(update={"heard": heard})
        self.told.extend(reaction.events)
        self.work.update({work.row_id: work for work in reaction.work})
        for kind, key in reaction.undo_work:
            del self.work[f"{kind}:{key}"]
        for copy in reaction.copies:
            assert isinstance(copy.document, StoredReferral)
            self.copies[copy.document.id] = copy.document

    @property
    def document(self) -> StoredHandling:
        assert self.stored is not None
        return self.stored

    @property
    def view(self) -> dict[str, object]:
        return self.document.model_dump(exclude={"heard", "published", "revision"})

    def standing_is_what_the_handling_wants(self) -> None:
        """No deadline is forgotten, none is watched in vain, no copy is stale."""
        handling = self.document.handling
        assert self.work == {work.row_id: work for work in deadlines_of(handling)}
        assert self.copies == {copy.id: copy for copy in copies_of(handling)}


def said(sequence: int, data: EventData, at: datetime = MONDAY) -> Event[EventData]:
    return an_event(data, case=CASE, sequence=sequence).model_copy(update={"time": at})


def created(**changes: Any) -> Event[EventData]:
    return said(1, ComplaintCreated(complaint=complaint(**changes)))


def after_decision() -> StoredHandling:
    return StoredHandling.opened(decided().handling)


def referral_to(agency: str, stored: StoredHandling) -> str:
    return next(one.referral_id for one in stored.handling.referrals if one.agency == agency)


def answer(
    agency: str,
    referral_id: str,
    what: AgencyAnswer = AgencyAnswer.ACCEPTED,
    *,
    sequence: int = 1,
    reason: RejectionReason | None = None,
    outcome: Outcome | None = None,
) -> Event[EventData]:
    return an_event(
        PartnerReferralAnswered(referral_id=referral_id, answer=what, reason=reason, outcome=outcome),
        case=CASE,
        subject=referral_id,
        source=f"/agencies/{agency}",
        sequence=sequence,
    )


def test_everything_the_manifest_says_this_service_reads_has_a_handler() -> None:
    read = {topic.model for topic in Manifest.load().read_by("referral")}
    assert read == set(HANDLERS.models)


# The village


def test_a_recorded_case_opens_with_its_clocks_watched_and_is_assessed() -> None:
    district = District()
    district.hear(created())
    assert district.document.handling.status is HandlingStatus.ASSESSED
    assert [type(fact.data) for fact in district.told] == [CaseAssessed]
    assert {work.key for work in district.work.values()} == {f"{CASE}:first_response:0", f"{CASE}:handling:0"}


def test_a_deadline_is_looked_at_only_when_it_has_passed() -> None:
    district = District()
    district.hear(created())
    for clock in district.document.handling.clocks:
        (work,) = [one for one in district.work.values() if one.detail == clock.name.value]
        assert clock.overdue(work.due_at)
        assert not clock.overdue(work.due_at - timedelta(milliseconds=1))


def test_waiting_for_the_citizen_takes_the_deadlines_away_and_brings_them_back_later() -> None:
    district = District()
    district.hear(created())
    before = dict(district.work)
    waiting = complaint(status=ComplaintStatus.WAITING_FOR_CITIZEN, waiting_since=MONDAY)
    district.hear(said(2, ComplaintAmended(change=Amendment.WAITING_FOR_CITIZEN, complaint=waiting)))
    assert district.work == {}
    back = ComplaintAmended(change=Amendment.NO_LONGER_WAITING, complaint=complaint())
    district.hear(said(3, back, MONDAY + timedelta(days=2)))
    assert {key: work.due_at > before[key].due_at for key, work in district.work.items()} == dict.fromkeys(before, True)


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (ComplaintAnswered(answer="explained", complaint=complaint(status="answered")), "ended_in_village"),
        (
            ComplaintWithdrawn(reason=WithdrawalReason.TAKEN_BACK, complaint=complaint(status="withdrawn")),
            "withdrawn",
        ),
    ],
)
def test_a_case_that_ends_in_the_village_leaves_no_deadline_and_nothing_to_answer(data: EventData, status: str) -> None:
    district = District(after_decision())
    assert {copy.open for copy in district.copies.values()} == {True}
    district.hear(said(2, data))
    assert district.document.handling.status.value == status
    assert district.work == {}
    assert {copy.open for copy in district.copies.values()} == {False}


def test_a_reopened_case_has_a_deadline_again() -> None:
    resolved = StoredHandling.opened(decided(needs=()).handling)
    district = District(resolved)
    while district.document.handling.open_referrals:
        referral = district.document.handling.open_referrals[0]
        district.hear(answer(referral.agency, referral.referral_id))
        done = answer(referral.agency, referral.referral_id, AgencyAnswer.COMPLETED, sequence=2, outcome=Outcome.GIVEN)
        district.hear(done)
    assert district.document.handling.status is HandlingStatus.RESOLVED
    assert district.work == {}
    district.hear(said(2, CaseReopened(round=1, complaint=complaint(round=1))))
    assert {work.key for work in district.work.values()} == {f"{CASE}:handling:1"}
    district.standing_is_what_the_handling_wants()


def test_a_confirmed_case_stays_resolved() -> None:
    district = District(StoredHandling.opened(decided(needs=()).handling.but(status=HandlingStatus.RESOLVED)))
    closed = complaint(status=ComplaintStatus.CLOSED, ended_at=MONDAY)
    district.hear(said(2, CaseClosed(by=ClosedBy.CONFIRMATION, round=0, complaint=closed)))
    assert district.document.handling.status is HandlingStatus.RESOLVED


def test_a_complaint_about_an_officer_is_set_aside_by_name() -> None:
    with pytest.raises(NotHeard) as refused:
        District().hear(created(kind=ComplaintKind.CONDUCT))
    assert refused.value.dead_letter_reason == "conduct_not_handled_here"


def test_a_need_nobody_knows_is_no_poison() -> None:
    district = District()
    district.hear(created(needs=("moon_landing", "kip")))
    assert [match.verdict.value for match in district.document.handling.matches[:2]] == ["unknown", "likely"]


# Any order, any repetition

WAITING = ComplaintStatus.WAITING_FOR_CITIZEN


def story(draw: st.DrawFn) -> list[Event[EventData]]:
    state, at = complaint(), MONDAY
    events = [said(1, ComplaintCreated(complaint=state))]
    for what in draw(st.lists(st.sampled_from(Amendment), max_size=6)):
        at += timedelta(hours=draw(st.integers(1, 50)))
        changes: dict[str, object] = {"status": ComplaintStatus.OPEN, "waiting_since": None}
        if what is Amendment.WAITING_FOR_CITIZEN and state.status is not WAITING:
            changes = {"status": WAITING, "waiting_since": at}
        elif what is Amendment.FACTS_CORRECTED:
            changes = {"family": family(decile=draw(st.integers(1, 10))), "fast_track": draw(st.booleans())}
        state = ComplaintState.model_validate({**dict(state), **changes})
        events.append(said(len(events) + 1, ComplaintAmended(change=what, complaint=state), at))
    if draw(st.booleans()):
        state = ComplaintState.model_validate(
            {**dict(state), "status": "withdrawn", "ended_at": at, "waiting_since": None}
        )
        withdrawn = ComplaintWithdrawn(reason=WithdrawalReason.TAKEN_BACK, complaint=state)
        events.append(said(len(events) + 1, withdrawn, at))
    return events


stories = st.composite(story)()


@settings(deadline=None, max_examples=100)
@given(st.data(), stories, st.booleans())
def test_any_order_with_repetitions_gives_the_same_document_deadlines_and_copies(
    data: st.DataObject, events: list[Event[EventData]], decided_before: bool
) -> None:
    if decided_before:
        events = events[1:]
    repeated = data.draw(st.lists(st.sampled_from(events), max_size=4)) if events else []
    shuffled = data.draw(st.permutations([*events, *repeated]))
    in_order, in_any = (District(after_decision() if decided_before else None) for _ in range(2))
    for event in events:
        in_order.hear(event)
    for event in shuffled:
        in_any.hear(event)
        in_any.standing_is_what_the_handling_wants()
    if events:
        assert in_any.view == in_order.view
    assert (in_any.work, in_any.copies) == (in_order.work, in_order.copies)


# Agencies


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
