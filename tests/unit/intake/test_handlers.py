"""What the village makes of what it hears, whatever the order and however often."""

import random
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chassis.bus import Handlers
from chassis.store import Work
from contracts import Event, EventData
from contracts.events import (
    CaseAssessed,
    CaseDecided,
    CaseEscalated,
    CaseResolved,
    ComplaintAmended,
    HandlingState,
    NotificationFailed,
    ReferralAnswered,
    ReferralExpired,
    ReferralIssued,
    Resolution,
)
from contracts.manifest import Manifest
from contracts.vocabulary import (
    AgencyAnswer,
    Amendment,
    CaseOutcome,
    ComplaintStatus,
    DeliveryFailure,
    EscalationCause,
    ExpiryFollow,
    HandlingStatus,
    Tier,
)
from services.intake.domain.amending import wait_for_citizen
from services.intake.domain.closing import confirm_solved, reopen
from services.intake.handlers import UnknownCase, build_handlers
from services.intake.store import StoredComplaint
from tests.unit.intake.builders import CASE, JAMBUDIPA, MONDAY, id_of, recorded

HANDLERS: Handlers[StoredComplaint] = build_handlers()
UNTIL = MONDAY + timedelta(days=14)
REFERRAL = id_of(50)


def state(status: HandlingStatus, round_: int = 0, resolution: Resolution | None = None) -> HandlingState:
    return HandlingState(status=status, round=round_, tier=Tier.DISTRICT, opened_at=MONDAY, resolution=resolution)


def resolution(round_: int = 0, at: datetime = MONDAY, until: datetime = UNTIL) -> Resolution:
    return Resolution(round=round_, outcome=CaseOutcome.GIVEN, resolved_at=at, reopen_until=until)


def resolved(round_: int = 0, until: datetime = UNTIL) -> CaseResolved:
    return CaseResolved(
        round=round_,
        outcome=CaseOutcome.GIVEN,
        reopen_until=until,
        handling=state(HandlingStatus.RESOLVED, round_, resolution(round_, until=until)),
    )


def event(data: EventData, sequence: int, *, teller: str = "referral", subject: str = CASE) -> Event[EventData]:
    return Event.of(
        data,
        id=id_of(1000 + sequence),
        source=f"/districts/32.03/{teller}",
        subject=subject,
        time=MONDAY + timedelta(minutes=sequence),
        sequence=sequence,
        area=JAMBUDIPA,
        correlationid=CASE,
    )


def story() -> list[Event[EventData]]:
    """A case as the district and the messenger tell it."""
    decided = state(HandlingStatus.DECIDED)
    return [
        event(CaseAssessed(handling=state(HandlingStatus.ASSESSED)), 1),
        event(CaseDecided(handling=decided), 2),
        event(
            ReferralIssued(
                referral_id=REFERRAL, programme="kip", agency="school", due_at=UNTIL, attempt=1, handling=decided
            ),
            3,
        ),
        event(
            ReferralExpired(referral_id=REFERRAL, agency="school", follow=ExpiryFollow.ESCALATED, handling=decided), 4
        ),
        event(CaseEscalated(cause=EscalationCause.NO_AGENCY_LEFT, to_tier=Tier.PROVINCE, handling=decided), 5),
        event(
            ReferralAnswered(referral_id=REFERRAL, agency="school", answer=AgencyAnswer.ACCEPTED, handling=decided),
            6,
        ),
        event(resolved(), 7),
        event(
            NotificationFailed(
                delivery_id=id_of(60),
                about=id_of(1007),
                about_type="puskesos.case.resolved.v1",
                template="case_resolved",
                reason=DeliveryFailure.NO_CONTACT,
                failed_at=MONDAY,
            ),
            1,
            teller="notification",
            subject=id_of(60),
        ),
    ]


def case(**changes: object) -> StoredComplaint:
    return StoredComplaint(id=CASE, area=JAMBUDIPA, complaint=recorded()).model_copy(update=changes)


def hear(stored: StoredComplaint, *events: Event[EventData]) -> tuple[StoredComplaint, dict[str, Work]]:
    """As the batch processor has it: repetitions dropped, the heard sequence noted after each event."""
    work: dict[str, Work] = {}
    for one in events:
        if stored.heard.contains(one.source, one.subject, one.sequence):
            continue
        handler = HANDLERS.handler_of(one)
        assert handler is not None
        reaction = handler(stored, one, MONDAY)
        after = reaction.document or stored
        stored = after.model_copy(update={"heard": after.heard.adding(one.source, one.subject, one.sequence)})
        work |= {item.row_id: item for item in reaction.work}
    return stored, work


def shown(stored: StoredComplaint) -> tuple[object, ...]:
    return stored.complaint, stored.handling, stored.timeline


def test_every_topic_the_village_reads_has_a_handler() -> None:
    read = {topic.model for topic in Manifest.load().read_by("intake")}
    assert read == set(HANDLERS.models)


@settings(max_examples=200)
@given(st.randoms(use_true_random=False), st.integers(1, 3))
def test_any_order_with_repetitions_shows_the_same(rnd: random.Random, times: int) -> None:
    events = story() * times
    rnd.shuffle(events)
    assert (shown(hear(case(), *events)[0]), hear(case(), *events)[1]) == (
        shown(hear(case(), *story())[0]),
        hear(case(), *story())[1],
    )


@given(st.permutations(story()), st.integers(0, 7))
def test_a_fact_that_never_came_is_healed_by_the_newest(events: list[Event[EventData]], missing: int) -> None:
    newest = story()[6]
    lost = story()[missing]
    stored, _ = hear(case(), *(one for one in events if one.id != lost.id or one.id == newest.id))
    assert stored.handling == newest.data.handling  # type: ignore[attr-defined]
    assert stored.complaint.resolved


def test_an_older_state_heard_late_fills_the_timeline_and_moves_nothing_back() -> None:
    events = story()
    newer, _ = hear(case(), events[6])
    later, work = hear(newer, events[0])
    assert (later.handling, later.complaint) == (newer.handling, newer.complaint)
    assert [entry.what for entry in later.timeline] == ["case.assessed", "case.resolved"]
    assert work == {}


def test_a_resolution_gives_the_citizen_time_and_sets_the_closing_just_behind_it() -> None:
    stored, work = hear(case(), event(resolved(), 1))
    assert stored.complaint.resolution is not None
    assert stored.complaint.resolution.reopen_until == UNTIL
    (closing,) = work.values()
    assert (closing.key, closing.due_at) == (CASE, UNTIL + timedelta(milliseconds=1))


def test_a_resolution_is_heard_from_a_later_fact_when_its_own_is_lost() -> None:
    later = CaseEscalated(
        cause=EscalationCause.DECISION,
        to_tier=Tier.PROVINCE,
        handling=state(HandlingStatus.RESOLVED, resolution=resolution()),
    )
    stored, work = hear(case(), event(later, 8))
    assert stored.complaint.resolved
    assert len(work) == 1
    assert hear(stored, event(resolved(), 7))[1] == {}


def test_a_resolution_ends_the_wait_for_the_citizen_and_the_village_tells_so_once() -> None:
    waiting = case(complaint=wait_for_citizen(recorded(), ("family_card",), now=MONDAY).complaint)
    handler = HANDLERS.handler_of(event(resolved(), 1))
    assert handler is not None
    first = handler(waiting, event(resolved(), 1), MONDAY)
    assert first.document is not None
    (told,) = (fact.data for fact in first.events)
    assert isinstance(told, ComplaintAmended)
    assert told.change == Amendment.NO_LONGER_WAITING
    assert (told.complaint.status, told.complaint.waiting_since) == (ComplaintStatus.OPEN, None)
    assert [(entry.teller, entry.what) for entry in first.document.timeline if entry.teller == "village"] == [
        ("village", "complaint.amended")
    ]
    assert handler(first.document, event(resolved(), 2), MONDAY).events == ()


def test_a_resolution_of_a_round_that_was_reopened_resolves_nothing() -> None:
    stored, _ = hear(case(), event(resolved(), 1))
    reopened = stored.model_copy(update={"complaint": reopen(stored.complaint, now=MONDAY).complaint})
    later = CaseEscalated(
        cause=EscalationCause.DECISION,
        to_tier=Tier.PROVINCE,
        handling=state(HandlingStatus.RESOLVED, resolution=resolution()),
    )
    after, work = hear(reopened, event(later, 2))
    assert not after.complaint.resolved
    assert work == {}
    again, work = hear(after, event(resolved(1, UNTIL + timedelta(days=20)), 3))
    assert again.complaint.resolved
    assert [item.due_at for item in work.values()] == [UNTIL + timedelta(days=20, milliseconds=1)]


def test_a_resolution_heard_after_the_case_closed_schedules_nothing() -> None:
    stored, _ = hear(case(), event(resolved(), 1))
    closed = case(complaint=confirm_solved(stored.complaint, now=MONDAY).complaint)
    after, work = hear(closed, event(resolved(), 1))
    assert after.complaint == closed.complaint
    assert work == {}


def test_what_happened_stands_in_codes() -> None:
    stored, _ = hear(case(), *story())
    details = {entry.what: entry.details for entry in stored.timeline}
    assert (details["referral.issued"].agency, details["referral.issued"].until) == ("school", UNTIL)
    assert details["referral.expired"].follow == "escalated"
    assert (details["case.escalated"].cause, details["case.escalated"].tier) == ("no_agency_left", "province")
    assert details["referral.answered"].answer == "accepted"
    assert details["case.resolved"].outcome == "given"
    assert details["notification.failed"].reason == "no_contact"


def test_a_fact_about_an_unknown_case_is_set_aside_with_its_reason() -> None:
    one = story()[0]
    handler = HANDLERS.handler_of(one)
    assert handler is not None
    with pytest.raises(UnknownCase) as unknown:
        handler(None, one, MONDAY)
    assert unknown.value.dead_letter_reason == "unknown_case"
