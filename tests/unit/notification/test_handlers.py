"""Hearing facts: in any order and repeated, they make the same case with one message a fact."""

import random
from collections.abc import Iterable
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from chassis.bus import Reaction
from chassis.store import Work
from contracts import Event, EventData
from contracts.events import ComplaintCreated, NotificationFailed
from contracts.vocabulary import ComplaintStatus, DeliveryFailure, HandlingStatus
from services.notification.domain.delivery import STALE_AFTER, DeliveryStatus, SkipReason, delivery_id
from services.notification.handlers import build_handlers
from services.notification.store import StoredCase
from tests.harness.builders import RECORDED_AT, a_complaint_state
from tests.unit.notification import story
from tests.unit.notification.story import Teller, whole_story

SETTLE = timedelta(seconds=1)
HANDLERS = build_handlers(SETTLE)
NOW = RECORDED_AT + timedelta(hours=1)


def hear(stored: StoredCase | None, event: Event[EventData], now: datetime = NOW) -> Reaction[StoredCase]:
    handler = HANDLERS.handler_of(event)
    assert handler is not None
    return handler(stored, event, now)


def after(events: Iterable[Event[EventData]], now: datetime = NOW) -> tuple[StoredCase, list[Work]]:
    """The case after hearing all, as the batch processor folds them: repetitions dropped, `heard` kept."""
    case: StoredCase | None = None
    work: list[Work] = []
    for event in events:
        if case is not None and case.heard.contains(event.source, event.subject, event.sequence):
            continue
        reaction = hear(case, event, now)
        assert reaction.document is not None
        heard = reaction.document.heard.adding(event.source, event.subject, event.sequence)
        case = reaction.document.model_copy(update={"heard": heard})
        work += reaction.work
    assert case is not None
    return case, work


EVENTS = whole_story(Teller())


@settings(max_examples=150)
@given(st.permutations(EVENTS), st.lists(st.sampled_from(EVENTS)), st.randoms(use_true_random=False))
def test_any_order_with_repetitions_makes_the_same_case(
    order: list[Event[EventData]], repeated: list[Event[EventData]], mix: random.Random
) -> None:
    heard = [*order, *repeated]
    mix.shuffle(heard)
    in_order, planned = after(EVENTS)

    case, work = after(heard)

    assert (case.village, case.district, case.deliveries) == (in_order.village, in_order.district, in_order.deliveries)
    assert sorted(row.row_id for row in work) == sorted(row.row_id for row in planned)


def test_each_fact_for_the_citizen_is_one_message_to_send_after_a_moment() -> None:
    case, work = after(EVENTS)

    assert [delivery.about for delivery in case.deliveries] == [
        event.id
        for event in EVENTS
        if event.type not in ("puskesos.complaint.amended.v1", "puskesos.referral.issued.v1")
        or event.data in (story.waiting(), story.rerouted())
    ]
    assert {row.key for row in work} == {delivery.id for delivery in case.deliveries}
    assert {row.due_at for row in work} == {NOW + SETTLE}
    assert {row.subject for row in work} == {case.id}


def test_the_latest_word_of_both_sides_is_kept_whatever_came_last() -> None:
    case, _ = after(reversed(EVENTS))

    assert case.village is not None
    assert (case.village.status, case.village.round) == (ComplaintStatus.CLOSED, 1)
    assert case.district is not None
    assert (case.district.status, case.district.round) == (HandlingStatus.RESOLVED, 1)


def test_an_event_replayed_to_a_case_that_forgot_hearing_it_plans_no_second_message() -> None:
    event = Teller().tells(ComplaintCreated(complaint=a_complaint_state()))
    case, _ = after([event])

    again = hear(case, event)

    assert again.work == ()
    assert again.document is not None
    assert again.document.deliveries == case.deliveries


def test_an_amendment_heard_before_the_recording_opens_the_case() -> None:
    teller = Teller()
    created, waiting = teller.tells(ComplaintCreated(complaint=a_complaint_state())), teller.tells(story.waiting())

    case, _ = after([waiting, created])

    assert case.village is not None
    assert case.village.status is ComplaintStatus.WAITING_FOR_CITIZEN
    assert [delivery.message.template for delivery in case.deliveries] == ["complaint_received", "complaint_waiting"]


def test_a_fact_a_week_old_when_it_is_heard_is_not_sent_and_the_village_is_told_so() -> None:
    event = Teller().tells(story.accepted())
    late = event.time + STALE_AFTER + timedelta(milliseconds=1)

    stale, no_work = after([event], now=late)
    (told,) = hear(None, event, late).events
    fresh, work = after([event], now=event.time + STALE_AFTER)

    (untold,) = stale.deliveries
    assert (untold.status, untold.failure, untold.skipped) == (
        DeliveryStatus.FAILED,
        DeliveryFailure.GAVE_UP,
        SkipReason.TOO_OLD,
    )
    assert no_work == []
    assert isinstance(told.data, NotificationFailed)
    assert (told.subject, told.data.about, told.data.reason) == (untold.id, event.id, DeliveryFailure.GAVE_UP)
    assert fresh.deliveries[0].status is DeliveryStatus.PLANNED
    assert [row.key for row in work] == [delivery_id(event.id)]


def test_what_is_kept_of_a_case_tells_nothing_about_the_family() -> None:
    case, _ = after(EVENTS)

    kept = case.model_dump_json()

    assert "family" not in kept
    assert a_complaint_state().case_number not in kept
