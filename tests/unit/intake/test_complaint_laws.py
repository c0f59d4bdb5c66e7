"""Whatever is done to a complaint in whatever order, these laws hold."""

from collections.abc import Callable
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from contracts.vocabulary import CaseOutcome, ClosedBy, ComplaintStatus, WithdrawalReason
from services.intake.domain.amending import (
    Correction,
    complete_documents,
    correct_facts,
    stop_waiting,
    wait_for_citizen,
)
from services.intake.domain.closing import (
    answer_at_desk,
    close_by_silence,
    confirm_solved,
    hear_resolution,
    reopen,
    withdraw,
)
from services.intake.domain.complaint import Complaint, HeardResolution, Move, Moved, public_state
from services.intake.domain.errors import IllegalMove, IntakeRefusal, TooLateToReopen
from services.intake.programmes import PROGRAMMES
from tests.strategies.effort import examples
from tests.unit.intake.builders import MONDAY, id_of, recorded

DOCUMENTS = st.lists(st.sampled_from(["family_card", "birth_certificate"]), unique=True, max_size=2).map(tuple)
NEEDS = st.none() | st.lists(st.sampled_from([*sorted(PROGRAMMES), "not_a_programme"]), max_size=2).map(tuple)
CORRECTIONS = st.builds(
    Correction,
    needs=NEEDS,
    fast_track=st.none() | st.booleans(),
    fast_track_cause=st.none() | st.just("danger"),
    story=st.none() | st.text(max_size=20),
)
AS_IT_WAS_RECORDED = ("case_id", "area", "case_number", "kind", "channel", "recorded_by", "recorded_at", "occurred_at")


class ComplaintLaws(RuleBasedStateMachine):
    """Plays the desk, the citizen, time and the district's word against one complaint."""

    complaint: Complaint

    def __init__(self) -> None:
        super().__init__()
        self.now = MONDAY
        self.ends = 0

    @initialize(missing=DOCUMENTS, fast=st.booleans())
    def is_recorded(self, missing: tuple[str, ...], fast: bool) -> None:
        cause = {"fast_track": True, "fast_track_cause": "danger"} if fast else {}
        self.complaint = self.first = recorded(missing_documents=missing, **cause)

    def moves(self, move: Move | None, deed: Callable[[Complaint], Moved]) -> None:
        before = self.complaint
        try:
            moved = deed(before)
        except IllegalMove as refused:
            assert move is None or move not in before.possible_moves or decided_on_needs(refused)
            assert all(possible in before.possible_moves for possible in refused.possible)
            return
        except IntakeRefusal as refused:
            assert move in before.possible_moves or isinstance(refused, TooLateToReopen)
            return
        assert move is None or move in before.possible_moves
        assert len(moved.facts) == 1, "a deed is one fact"
        assert moved.facts[0].complaint == public_state(moved.complaint)  # type: ignore[attr-defined]
        self.ends += before.alive and not moved.complaint.alive
        self.complaint = moved.complaint

    @rule(hours=st.integers(0, 24 * 20))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(documents=DOCUMENTS)
    def waits(self, documents: tuple[str, ...]) -> None:
        self.moves(Move.WAIT_FOR_CITIZEN, lambda one: wait_for_citizen(one, documents, now=self.now))

    @rule()
    def waits_no_longer(self) -> None:
        self.moves(Move.STOP_WAITING, stop_waiting)

    @rule()
    def has_its_documents(self) -> None:
        self.moves(Move.COMPLETE_DOCUMENTS, complete_documents)

    @rule(correction=CORRECTIONS, decided=st.booleans())
    def is_corrected(self, correction: Correction, decided: bool) -> None:
        self.moves(
            Move.CORRECT_FACTS, lambda one: correct_facts(one, correction, programmes=PROGRAMMES, decided=decided)
        )

    @rule(one_in_five=st.integers(0, 4))
    def is_answered(self, one_in_five: int) -> None:
        if one_in_five == 4:
            self.moves(Move.ANSWER, lambda one: answer_at_desk(one, "told_status", now=self.now))

    @rule(one_in_five=st.integers(0, 4), duplicate_of=st.sampled_from([None, id_of(9), recorded().case_id]))
    def is_withdrawn(self, one_in_five: int, duplicate_of: str | None) -> None:
        reason = WithdrawalReason.TAKEN_BACK if duplicate_of is None else WithdrawalReason.DUPLICATE
        if one_in_five == 4:
            self.moves(Move.WITHDRAW, lambda one: withdraw(one, reason, now=self.now, duplicate_of=duplicate_of))

    @rule(off=st.sampled_from([0, 0, 0, -1, 1]), days=st.integers(0, 15))
    def hears_that_a_round_is_resolved(self, off: int, days: int) -> None:
        before = self.complaint
        resolution = HeardResolution(
            round=max(before.round + off, 0),
            outcome=CaseOutcome.GIVEN,
            resolved_at=self.now,
            reopen_until=self.now + timedelta(days=days),
        )
        moved = hear_resolution(before, resolution)
        told = () if before.status == moved.complaint.status else ("complaint.amended",)
        assert tuple(fact.topic for fact in moved.facts) == told, "what is heard is not told again, but what it ends is"
        assert moved.complaint == before or (before.alive and resolution.round == before.round)
        self.complaint = moved.complaint

    @rule()
    def is_reopened(self) -> None:
        self.moves(Move.REOPEN, lambda one: reopen(one, now=self.now, reason="not solved"))

    @rule()
    def is_confirmed(self) -> None:
        self.moves(Move.CONFIRM, lambda one: confirm_solved(one, now=self.now))

    @rule()
    def is_left_in_silence(self) -> None:
        asked = self.complaint.resolution
        before = self.complaint
        self.moves(None, lambda one: close_by_silence(one, now=self.now))
        if self.complaint != before:
            assert asked is not None
            assert self.now > asked.reopen_until, "closed while the citizen could still reopen it"

    @invariant()
    def it_ends_at_most_once(self) -> None:
        assert self.ends == (not self.complaint.alive)
        assert (self.complaint.ended_at is not None) == (not self.complaint.alive)
        assert self.complaint.alive or self.complaint.possible_moves == ()

    @invariant()
    def each_end_has_its_own_words_and_no_others(self) -> None:
        one = self.complaint
        assert (one.answer is not None) == (one.status is ComplaintStatus.ANSWERED)
        assert (one.withdrawal is not None) == (one.status is ComplaintStatus.WITHDRAWN)
        assert (one.closed_by is not None) == (one.status is ComplaintStatus.CLOSED)
        assert (one.duplicate_of is not None) == (one.withdrawal is WithdrawalReason.DUPLICATE)
        assert one.duplicate_of != one.case_id
        assert one.closed_by is not ClosedBy.SILENCE or one.resolution is not None

    @invariant()
    def the_citizen_is_waited_for_exactly_while_it_says_so_and_for_something(self) -> None:
        waiting = self.complaint.status is ComplaintStatus.WAITING_FOR_CITIZEN
        assert (self.complaint.waiting_since is not None) == waiting
        assert not waiting or self.complaint.missing_documents
        assert not (waiting and self.complaint.resolved)

    @invariant()
    def rounds_count_reopenings_and_a_resolution_is_of_this_round(self) -> None:
        assert [one.round for one in self.complaint.reopenings] == list(range(1, self.complaint.round + 1))
        assert self.complaint.resolution is None or self.complaint.resolution.round == self.complaint.round

    @invariant()
    def what_was_recorded_is_never_corrected_away(self) -> None:
        for name in AS_IT_WAS_RECORDED:
            assert getattr(self.complaint, name) == getattr(self.first, name)
        assert self.complaint.needs, "somebody who wants to take part wants something"
        assert self.complaint.fast_track == (self.complaint.fast_track_cause is not None)


def decided_on_needs(refused: IllegalMove) -> bool:
    return refused.move == "correct facts" and "decided" in str(refused)


ComplaintLaws.TestCase.settings = examples(80, steps=40)
TestComplaintLaws = ComplaintLaws.TestCase
