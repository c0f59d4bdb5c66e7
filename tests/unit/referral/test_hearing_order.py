"""The village's facts, heard in any order and more than once, lead to the same handling."""

from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.events import ComplaintState
from contracts.vocabulary import ComplaintStatus
from services.referral.domain.handling import Handling
from services.referral.domain.hearing import hear_village, open_handling
from services.referral.domain.village import VillageFact
from tests.unit.referral.builders import (
    CASE,
    JAMBUDIPA,
    MONDAY,
    RULES,
    complaint,
    decided,
    fact_of,
    family,
    heard,
    propose,
)

HOURS = st.integers(1, 60)
ENDINGS = st.sampled_from([ComplaintStatus.WITHDRAWN, ComplaintStatus.ANSWERED])
WAITING, OPEN = ComplaintStatus.WAITING_FOR_CITIZEN, ComplaintStatus.OPEN
Said = tuple[VillageFact, ComplaintState]


@st.composite
def village_stories(draw: st.DrawFn, first: ComplaintState, sequence: int) -> list[Said]:
    """What a village may say of one case after it was first told, in its own order."""
    state, at, story = first, MONDAY, [(fact_of(first, sequence=sequence), first)]
    for what in draw(st.lists(st.sampled_from(["wait", "go on", "correct", "hurry", "end"]), max_size=7)):
        at += timedelta(hours=draw(HOURS))
        state = type(state).model_validate({**dict(state), **_change(draw, what, state, at)})
        story.append((fact_of(state, sequence=sequence + len(story), at=at), state))
        if state.ended_at is not None:
            break
    return story


def _change(draw: st.DrawFn, what: str, state: ComplaintState, at: datetime) -> dict[str, Any]:
    waiting = state.status is WAITING
    match what:
        case "wait" if not waiting:
            return {"status": WAITING, "waiting_since": at}
        case "go on" if waiting:
            return {"status": OPEN, "waiting_since": None}
        case "correct":
            return {
                "family": family(decile=draw(st.integers(1, 10))),
                "needs": draw(st.sampled_from([("pkh",), ("kip",)])),
            }
        case "hurry":
            return {"fast_track": not state.fast_track}
        case "end":
            return {"status": draw(ENDINGS), "ended_at": at, "waiting_since": None}
    return {}


def told_in(order: list[Said], handling: Handling | None = None) -> Handling:
    for fact, state in order:
        if handling is None:
            handling = open_handling(CASE, JAMBUDIPA, fact, state, rules=RULES, now=MONDAY).handling
        else:
            handling = hear_village(handling, fact, state, rules=RULES).handling
    assert handling is not None
    return handling


def shuffled(data: st.DataObject, story: list[Said]) -> list[Said]:
    repeated = data.draw(st.lists(st.sampled_from(story), max_size=4), label="heard again")
    return data.draw(st.permutations([*story, *repeated]), label="order")


@settings(deadline=None, max_examples=150)
@given(st.data(), village_stories(complaint(), 1))
def test_any_order_of_what_the_village_says_opens_the_same_handling(data: st.DataObject, story: list[Said]) -> None:
    assert told_in(shuffled(data, story)) == told_in(story)


@settings(deadline=None, max_examples=75)
@given(st.data(), village_stories(complaint(needs=("pkh",), round=1), 2))
def test_any_order_of_what_the_village_says_reopens_the_same_handling(data: st.DataObject, story: list[Said]) -> None:
    resolved = decided(propose("pkh"), needs=("pkh",)).handling
    assert told_in(shuffled(data, story), resolved) == told_in(story, resolved)


@settings(deadline=None, max_examples=75)
@given(st.data(), village_stories(complaint(), 2))
def test_any_order_of_what_the_village_says_after_a_decision_leaves_the_same_handling(
    data: st.DataObject, story: list[Said]
) -> None:
    before = decided().handling
    assert told_in(shuffled(data, story), before) == told_in(story, before)


def test_a_wait_heard_of_after_its_end_still_moves_the_deadline() -> None:
    opened = told_in([(fact_of(complaint()), complaint())])
    waiting = complaint(status=WAITING, waiting_since=MONDAY)
    back = heard(opened, complaint(), at=MONDAY + timedelta(days=2), sequence=3).handling
    assert [clock.due_at for clock in back.clocks] == [clock.due_at for clock in opened.clocks]
    late = heard(back, waiting, at=MONDAY, sequence=2).handling
    assert late.complaint.status is OPEN
    assert not any(clock.paused for clock in late.clocks)
    assert all(clock.due_at > before.due_at for clock, before in zip(late.clocks, opened.clocks, strict=True))
