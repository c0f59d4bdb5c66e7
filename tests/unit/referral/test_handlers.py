"""What the district makes of each fact of the village. The handlers are pure: no Kafka, no database."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
)
from contracts.manifest import Manifest
from contracts.vocabulary import (
    AgencyAnswer,
    Amendment,
    ClosedBy,
    ComplaintKind,
    ComplaintStatus,
    HandlingStatus,
    Outcome,
    WithdrawalReason,
)
from services.referral.handlers import NotHeard
from services.referral.store import StoredHandling
from tests.unit.referral.builders import CASE, MONDAY, complaint, decided, family
from tests.unit.referral.hearing import HANDLERS, District, after_decision, answer, created, said


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
