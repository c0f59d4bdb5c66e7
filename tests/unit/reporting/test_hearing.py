"""What a case and its figures become, whatever the order in which its events are heard."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.store.documents import document_from_stored, document_to_stored
from contracts import Event
from contracts.events import (
    CaseClosed,
    CaseEscalated,
    CaseReopened,
    CaseResolved,
    ClockState,
    ComplaintAmended,
    ComplaintCreated,
    ReferralIssued,
)
from contracts.manifest import Manifest
from services.reporting.domain.figures import REFERRAL_STATES
from services.reporting.domain.standing import Standing
from services.reporting.domain.view import EscalatedTo
from services.reporting.handlers import build_handlers
from services.reporting.store import StoredCase
from tests.harness.builders import a_complaint_state
from tests.unit.reporting.builders import (
    INTAKE,
    REFERRAL,
    REFERRAL_SOURCE,
    Hearing,
    a_handling_state,
    a_referral,
    a_resolution,
    a_whole_case,
    answered_at_the_desk,
    day,
    decided,
    of_programme,
    summed,
    taken_back,
    told_by,
)

STORIES = {"whole": a_whole_case(), "answered": answered_at_the_desk(), "withdrawn": taken_back()}


def orders_of(events: list[Event[Any]]) -> st.SearchStrategy[list[Event[Any]]]:
    """Any order, with any of the events repeated any number of times in between."""
    repeated = st.lists(st.sampled_from(events), max_size=8)
    return repeated.flatmap(lambda again: st.permutations([*events, *again]))


@pytest.mark.parametrize("story", STORIES)
@given(data=st.data())
def test_any_order_with_repetitions_gives_the_same_case_and_the_same_figures(story: str, data: st.DataObject) -> None:
    events = STORIES[story]
    in_order = Hearing().hear(*events)
    shuffled = Hearing().hear(*data.draw(orders_of(events)))
    assert shuffled.case == in_order.case
    assert shuffled.figures == in_order.figures
    assert shuffled.stored is not None
    assert in_order.stored is not None
    assert shuffled.stored.standing is in_order.stored.standing
    assert shuffled.stored.recorded_at == in_order.stored.recorded_at


@given(data=st.data())
def test_figures_are_at_every_moment_what_the_case_as_heard_adds(data: st.DataObject) -> None:
    events = data.draw(st.permutations(a_whole_case()))
    hearing = Hearing()
    for event in events:
        hearing.hear(event)
        added = sum(sum(counts.values()) for counts in hearing.case.adds("32.03.02.2002").values())
        assert sum(count for (place, _), count in hearing.figures.items() if "_figures:" in place) == added


def test_every_topic_that_reporting_reads_has_a_handler() -> None:
    handled = set(build_handlers().models)
    assert {topic.model for topic in Manifest.load().read_by("reporting")} == handled


def test_a_case_is_counted_only_once_the_village_was_heard() -> None:
    created, *rest = a_whole_case()
    handling = [event for event in rest if event.source == REFERRAL_SOURCE]
    hearing = Hearing().hear(*handling)
    assert hearing.figures == {}
    assert summed(hearing.hear(created))["recorded"] == 1


def test_an_older_event_fills_the_timeline_and_moves_no_state_back() -> None:
    created, amended = told_by(
        INTAKE,
        ComplaintCreated(complaint=a_complaint_state(sector="health")),
        ComplaintAmended(change="facts_corrected", complaint=a_complaint_state(sector="food")),
    )
    hearing = Hearing().hear(amended, created)
    assert hearing.case.complaint is not None
    assert hearing.case.complaint.sector == "food"
    assert [entry.event for entry in hearing.case.timeline] == [created.id, amended.id]


def test_a_whole_case_ends_as_confirmed_and_counts_what_happened_on_the_way() -> None:
    counts = summed(Hearing().hear(*a_whole_case()))
    told = {"recorded": 1, "confirmed": 1, "reopened": 1, "ended_late": 1}
    assert counts == told | {"messages_delivered": 2, "messages_failed": 1, "timed": 1, "days": 6, "days_7": 1}


LATE = {"clocks": (ClockState(name="handling", due_at=day(5), breached=True),), "tier": "province"}


def test_a_late_case_is_overdue_and_escalated_while_it_is_in_hand_and_ended_late_afterwards() -> None:
    created, withdrawn = taken_back()
    breach = CaseEscalated(
        cause="breached_clock", clock="handling", to_tier="province", handling=a_handling_state(**LATE)
    )
    hearing = Hearing().hear(created, *told_by(REFERRAL_SOURCE, breach))
    assert summed(hearing) == {"recorded": 1, "open": 1, "escalated": 1, "overdue": 1}
    assert summed(hearing.hear(withdrawn)) == {"recorded": 1, "withdrawn": 1, "ended_late": 1}
    assert hearing.stored is not None
    assert hearing.stored.escalated_to is EscalatedTo.PROVINCE, "above the district it is still to be seen how it ended"


def test_a_reopened_case_is_not_overdue_for_what_was_late_in_the_round_before() -> None:
    resolved = a_handling_state(status="resolved", resolution=a_resolution(), **LATE)
    district = told_by(REFERRAL_SOURCE, CaseResolved(round=0, outcome="given", reopen_until=day(20), handling=resolved))
    village = told_by(
        INTAKE,
        ComplaintCreated(complaint=a_complaint_state()),
        CaseReopened(round=1, complaint=a_complaint_state(round=1)),
    )
    counts = summed(Hearing().hear(*district, *village))
    assert "overdue" not in counts
    assert "ended_late" not in counts


@pytest.mark.parametrize("status", ["issued", "accepted"])
def test_a_referral_that_nobody_waits_for_any_more_is_dropped(status: str) -> None:
    created, withdrawn = taken_back()
    referrals = (a_referral(status=status),)
    issued = ReferralIssued(
        programme="kip",
        due_at=day(5),
        referral_id=REFERRAL,
        agency="cianjur-education",
        attempt=1,
        handling=a_handling_state(status="decided", **decided(), referrals=referrals),
    )
    hearing = Hearing().hear(created, *told_by(REFERRAL_SOURCE, issued))
    assert of_programme(hearing, "kip")["referrals_in_progress"] == 1
    counts = of_programme(hearing.hear(withdrawn), "kip")
    assert counts["referrals"] == counts["referrals_dropped"] == 1
    assert "referrals_in_progress" not in counts


@given(data=st.data())
def test_referrals_are_at_every_moment_the_sum_of_their_states(data: st.DataObject) -> None:
    hearing = Hearing()
    for event in data.draw(st.permutations(a_whole_case())):
        counts = of_programme(hearing.hear(event), "kip")
        assert counts.get("referrals", 0) == sum(counts.get(state, 0) for state in REFERRAL_STATES)


def test_a_case_answered_at_the_desk_took_less_than_a_day() -> None:
    counts = summed(Hearing().hear(*answered_at_the_desk()))
    assert counts == {"recorded": 1, "answered_at_desk": 1, "timed": 1, "days_0": 1}


def test_a_case_taken_back_has_no_duration() -> None:
    assert summed(Hearing().hear(*taken_back())) == {"recorded": 1, "withdrawn": 1}


def test_a_reopened_case_is_open_again_though_the_old_resolution_is_still_known() -> None:
    resolved = told_by(
        REFERRAL_SOURCE,
        CaseResolved(
            round=0,
            outcome="given",
            reopen_until=day(20),
            handling=a_handling_state(status="resolved", resolution=a_resolution()),
        ),
    )
    village = told_by(
        INTAKE,
        ComplaintCreated(complaint=a_complaint_state()),
        CaseReopened(round=1, complaint=a_complaint_state(round=1)),
    )
    assert Hearing().hear(village[0], *resolved).stored.standing is Standing.RESOLVED  # type: ignore[union-attr]
    reopened = Hearing().hear(*village, *resolved)
    assert reopened.stored is not None
    assert reopened.stored.standing is Standing.OPEN
    assert summed(reopened) == {"recorded": 1, "open": 1, "reopened": 1}


@pytest.mark.parametrize(("by", "standing"), [("confirmation", "confirmed"), ("silence", "closed_by_silence")])
def test_only_what_the_citizen_confirmed_counts_as_solved(by: str, standing: str) -> None:
    events = told_by(
        INTAKE,
        ComplaintCreated(complaint=a_complaint_state()),
        CaseClosed(by=by, round=0, complaint=a_complaint_state(status="closed", ended_at=day(12))),
    )
    assert summed(Hearing().hear(*events))[standing] == 1


def test_a_stored_case_is_read_back_as_it_was() -> None:
    stored = Hearing().hear(*a_whole_case()).stored
    assert stored is not None
    assert document_from_stored(StoredCase, document_to_stored(stored)) == stored
