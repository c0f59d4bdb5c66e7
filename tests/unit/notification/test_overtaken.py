"""When a planned message is still sent, when it is not, and which goes first."""

from datetime import timedelta

from contracts import Event, EventData
from contracts.events import ComplaintCreated
from contracts.vocabulary import MessageChannel
from services.notification.domain.case import reason_to_skip, waits_for
from services.notification.domain.delivery import Delivery, SkipReason, delivery_id
from services.notification.store import StoredCase
from tests.harness.builders import RECORDED_AT, a_complaint_state
from tests.unit.notification import story
from tests.unit.notification.story import Teller
from tests.unit.notification.test_handlers import NOW, after


def skip(case: StoredCase, event: Event[EventData]) -> SkipReason | None:
    delivery = case.delivery(delivery_id(event.id))
    assert delivery is not None
    return reason_to_skip(delivery, case.deliveries, case.village, case.district)


def delivered(case: StoredCase, event: Event[EventData]) -> StoredCase:
    delivery = case.delivery(delivery_id(event.id))
    assert delivery is not None
    return case.with_delivery(delivery.delivered(MessageChannel.EMAIL, NOW))


def planned(case: StoredCase, event: Event[EventData]) -> Delivery:
    delivery = case.delivery(delivery_id(event.id))
    assert delivery is not None
    return delivery


def test_a_message_in_its_time_is_sent() -> None:
    event = Teller().tells(story.accepted())
    case, _ = after([event])

    assert skip(case, event) is None


def test_a_backlog_of_one_round_is_told_whole() -> None:
    teller = Teller()
    confirmed_at = RECORDED_AT + timedelta(minutes=5)
    facts = (
        story.decided(),
        story.accepted(),
        story.completed(),
        story.resolved(),
        story.closed(ended_at=confirmed_at),
    )
    events = [teller.tells(fact) for fact in facts]
    case, _ = after(events)

    assert [skip(case, event) for event in events] == [None] * 5


def test_the_end_of_a_round_is_not_told_once_the_next_has_begun() -> None:
    teller = Teller()
    resolved, reopened = teller.tells(story.resolved()), teller.tells(story.reopened())
    case, _ = after([reopened, resolved])

    assert skip(case, resolved) is SkipReason.ROUND_SUPERSEDED
    assert skip(case, reopened) is None


def test_the_district_shows_a_new_round_as_well_as_the_village() -> None:
    teller = Teller()
    first, second = teller.tells(story.resolved()), teller.tells(story.resolved(1))
    case, _ = after([first, second])

    assert skip(case, first) is SkipReason.ROUND_SUPERSEDED


def test_a_step_heard_late_is_not_told_after_the_end_that_followed_it() -> None:
    teller = Teller()
    accepted, resolved = teller.tells(story.accepted()), teller.tells(story.resolved())
    case, _ = after([resolved])
    case = delivered(case, resolved)
    late, _ = after([resolved, accepted])
    case = case.with_delivery(planned(late, accepted))

    assert skip(case, accepted) is SkipReason.END_ALREADY_TOLD


def test_a_fact_of_the_same_deed_as_the_end_is_told_even_after_it() -> None:
    teller = Teller()
    completed = teller.tells(story.completed())
    resolved = teller.tells(story.resolved(), at=completed.time)
    case, _ = after([completed, resolved])

    assert skip(delivered(case, resolved), completed) is None


def test_what_the_district_did_before_it_knew_of_the_withdrawal_is_not_told() -> None:
    teller = Teller()
    withdrawn_at = RECORDED_AT + timedelta(minutes=1)
    withdrawn = teller.tells(story.withdrawn(at=withdrawn_at), at=withdrawn_at)
    expired = teller.tells(story.expired())
    case, _ = after([expired, withdrawn])

    assert skip(case, expired) is SkipReason.CASE_ENDED
    assert skip(case, withdrawn) is None


def test_the_citizens_own_ending_is_told_even_if_the_clocks_differ_a_little() -> None:
    teller = Teller()
    closed = teller.tells(story.closed(ended_at=RECORDED_AT))  # told a minute after it ended
    case, _ = after([closed])

    assert skip(case, closed) is None


def test_messages_of_a_case_go_in_the_order_in_which_things_happened() -> None:
    teller = Teller()
    created = teller.tells(ComplaintCreated(complaint=a_complaint_state()))
    expired = teller.tells(story.expired())
    passed_on = teller.tells(story.rerouted(), at=expired.time)
    case, _ = after([passed_on, expired, created])

    first, second, third = (planned(case, event) for event in (created, expired, passed_on))
    assert waits_for(first, case.deliveries) is None
    assert waits_for(second, case.deliveries) == first
    assert waits_for(third, case.deliveries) == first
    told = delivered(case, created)
    assert waits_for(third, told.deliveries) == second
    assert waits_for(third, delivered(told, expired).deliveries) is None
