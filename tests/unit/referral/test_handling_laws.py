"""Whatever happens to a case in whatever order, these laws hold."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from contracts.vocabulary import (
    AgencyAnswer,
    ComplaintKind,
    ComplaintStatus,
    HandlingStatus,
    Outcome,
    ReferralStatus,
    RejectionReason,
    Track,
)
from services.referral.domain.answering import answer_referral
from services.referral.domain.clocks import Clock, ClockName, due_with
from services.referral.domain.deadlines import breach_clock
from services.referral.domain.deciding import Ruling, decide, recommend, review
from services.referral.domain.errors import AnswerRefused, HandlingRefusal
from services.referral.domain.handling import Handling, public_state
from services.referral.domain.hearing import hear_village
from services.referral.domain.moves import Moved
from services.referral.domain.referral import Referral
from services.referral.domain.referring import expire_referral
from tests.strategies.effort import examples
from tests.unit.referral.builders import (
    BACK_OFFICE,
    MANAGER,
    MONDAY,
    RULES,
    SUPERVISOR,
    complaint,
    fact_of,
    family,
    first_heard,
    ids,
    next_deadline,
    overdue_clocks,
    propose,
    refer,
    refuse,
)

ACTORS = st.sampled_from([BACK_OFFICE, SUPERVISOR, MANAGER])
FORWARD = st.sampled_from([timedelta(minutes=10), timedelta(hours=5), timedelta(days=2), timedelta(days=9)])
NEEDS = st.lists(st.sampled_from(["pkh", "kip", "pbi_jk"]), min_size=1, max_size=3, unique=True).map(tuple)
ANSWERED = {
    ReferralStatus.ISSUED: (ReferralStatus.ACCEPTED, ReferralStatus.REJECTED, ReferralStatus.EXPIRED),
    ReferralStatus.ACCEPTED: (ReferralStatus.COMPLETED,),
}
DRAFTS = {Track.REFERRAL: refer, Track.PROPOSAL: propose}


class CaseLaws(RuleBasedStateMachine):
    """Plays officers, agencies, the village and time against one handling; a refused move changes nothing."""

    handling: Handling

    def __init__(self) -> None:
        super().__init__()
        self.now: datetime = MONDAY
        self.new_id = ids()
        self.said = 1
        self.clocks_seen: dict[tuple[int, ClockName], Clock] = {}
        self.referrals_seen: dict[str, Referral] = {}
        self.resolved_rounds: set[int] = set()
        self.in_force = RULES

    @initialize(needs=NEEDS, kind=st.sampled_from([ComplaintKind.PARTICIPATION, ComplaintKind.ENQUIRY]))
    def opens(self, needs: tuple[str, ...], kind: ComplaintKind) -> None:
        self.village = complaint(needs=needs, kind=kind)
        self.handling = first_heard(self.village, now=self.now).handling

    def moves(self, what: Any, *args: Any, **kwargs: Any) -> None:
        before = self.handling
        try:
            moved: Moved = what(before, *args, **kwargs)
        except HandlingRefusal as refusal:
            assert refusal.code
            return
        reopened = moved.handling.round > before.round
        assert not (before.ended and moved.facts) or reopened, "an ended case told something"
        carried = [fact.handling for fact in moved.facts if hasattr(fact, "handling")]
        assert all(state == public_state(moved.handling) for state in carried)
        resolutions = [fact for fact in moved.facts if fact.topic == "case.resolved"]
        became_resolved = moved.handling.status is HandlingStatus.RESOLVED and not before.ended
        assert len(resolutions) == int(became_resolved)
        assert not resolutions or moved.facts[-1] is resolutions[0], "something was told after the end"
        if became_resolved:
            assert before.round not in self.resolved_rounds, "a round was resolved twice"
            self.resolved_rounds.add(before.round)
        self.handling = moved.handling

    @rule(forward=FORWARD)
    def time_passes(self, forward: timedelta) -> None:
        self.now += forward

    @rule(days=st.integers(1, 20))
    def the_district_changes_its_limits(self, days: int) -> None:
        """Limits are data, in force from a date: what runs is measured against today's, from its old start."""
        limits = self.in_force.limits.but(first_response=days, handling=days + 3, enquiry=days, agency_answer=days)
        self.in_force = replace(self.in_force, limits=limits)

    @rule(actor=ACTORS, refused=st.sets(st.sampled_from(["pkh", "kip", "pbi_jk"])))
    def is_recommended(self, actor: str, refused: set[str]) -> None:
        decisions = tuple(
            refuse(match.programme) if match.programme in refused else DRAFTS[match.track](match.programme)
            for match in self.handling.matches
            if match.programme in self.handling.complaint.needs
        )
        self.moves(recommend, actor, decisions, rules=self.in_force, now=self.now)

    @rule(actor=ACTORS, ruling=st.sampled_from(Ruling))
    def is_reviewed(self, actor: str, ruling: Ruling) -> None:
        self.moves(review, actor, ruling, now=self.now, reason="wrong_programme")

    @rule(actor=ACTORS, ruling=st.sampled_from(Ruling))
    def is_decided(self, actor: str, ruling: Ruling) -> None:
        self.moves(
            decide, actor, ruling, rules=self.in_force, now=self.now, new_id=self.new_id, reason="wrong_programme"
        )

    @rule()
    def the_office_does_its_work(self) -> None:
        """Straight to a decision: moves drawn one by one rarely get that far."""
        self.is_recommended(BACK_OFFICE, set())
        self.is_reviewed(SUPERVISOR, Ruling.APPROVE)
        self.is_decided(MANAGER, Ruling.APPROVE)

    @precondition(lambda self: self.handling.open_referrals)
    @rule(what=st.sampled_from(AgencyAnswer), outcome=st.sampled_from(Outcome))
    def the_agency_that_holds_a_need_answers(self, what: AgencyAnswer, outcome: Outcome) -> None:
        referral = self.handling.open_referrals[0]
        self.moves(
            answer_referral,
            referral.agency,
            referral.referral_id,
            what,
            rules=self.in_force,
            now=self.now,
            new_id=self.new_id,
            reason=RejectionReason.NO_CAPACITY,
            outcome=outcome,
        )

    @precondition(lambda self: self.handling.referrals)
    @rule(data=st.data(), what=st.sampled_from(AgencyAnswer), complete=st.booleans())
    def any_agency_answers(self, data: st.DataObject, what: AgencyAnswer, complete: bool) -> None:
        referral: Referral = data.draw(st.sampled_from(self.handling.referrals))
        before = self.handling
        try:
            answer_referral(
                before,
                "somebody-else",
                referral.referral_id,
                what,
                rules=self.in_force,
                now=self.now,
                new_id=self.new_id,
            )
        except AnswerRefused as refused:
            assert refused.reason == "other_agency"
        else:
            raise AssertionError("another agency's answer counted")
        self.moves(
            answer_referral,
            referral.agency,
            referral.referral_id,
            what,
            rules=self.in_force,
            now=self.now,
            new_id=self.new_id,
            reason=RejectionReason.NO_CAPACITY if complete else None,
            outcome=data.draw(st.sampled_from(Outcome)) if complete else None,
        )

    @rule()
    def whatever_is_due_happens(self) -> None:
        for clock in overdue_clocks(self.handling, self.now):
            self.moves(breach_clock, clock, self.now)
        for referral in self.handling.open_referrals:
            self.moves(expire_referral, referral.referral_id, rules=self.in_force, now=self.now, new_id=self.new_id)
        due = next_deadline(self.handling)
        assert due is None or due >= self.now, "a deadline passed unnoticed"

    def hears(self, **changes: Any) -> None:
        self.village = type(self.village).model_validate({**dict(self.village), **changes})
        self.said += 1
        fact = fact_of(self.village, sequence=self.said, at=self.now)
        self.moves(hear_village, fact, self.village, rules=self.in_force)

    @rule(waits=st.booleans())
    def the_village_waits_or_does_not(self, waits: bool) -> None:
        if self.village.ended_at is None:
            status = ComplaintStatus.WAITING_FOR_CITIZEN if waits else ComplaintStatus.OPEN
            self.hears(status=status, waiting_since=self.now if waits else None)

    @rule(decile=st.integers(1, 10), fast_track=st.booleans())
    def the_village_corrects_facts(self, decile: int, fast_track: bool) -> None:
        if self.village.ended_at is None:
            self.hears(family=family(decile=decile), fast_track=fast_track)

    @rule(status=st.sampled_from([ComplaintStatus.WITHDRAWN, ComplaintStatus.ANSWERED]), one_in_ten=st.integers(0, 9))
    def it_ends_in_the_village(self, status: ComplaintStatus, one_in_ten: int) -> None:
        if one_in_ten == 9 and self.village.ended_at is None and not self.handling.ended:
            self.hears(status=status, ended_at=self.now, waiting_since=None)

    @precondition(lambda self: self.handling.status is HandlingStatus.RESOLVED)
    @rule()
    def the_citizen_reopens(self) -> None:
        if self.village.ended_at is None:
            self.hears(round=self.village.round + 1, status=ComplaintStatus.OPEN, waiting_since=None)

    @invariant()
    def a_need_has_at_most_one_open_referral(self) -> None:
        held = [referral.programme for referral in self.handling.open_referrals]
        assert len(held) == len(set(held))

    @invariant()
    def attempts_of_a_programme_count_up_and_no_agency_is_asked_twice_in_a_round(self) -> None:
        for programme in {referral.programme for referral in self.handling.referrals}:
            referrals = [one for one in self.handling.referrals if one.programme == programme]
            assert [one.attempt for one in referrals] == list(range(1, len(referrals) + 1))
            asked = [(one.round, one.agency) for one in referrals]
            assert len(asked) == len(set(asked))

    @invariant()
    def a_clock_is_never_reset_nor_removed_and_forgets_neither_pause_nor_breach(self) -> None:
        now = {(clock.round, clock.name): clock for clock in self.handling.clocks}
        assert len(now) == len(self.handling.clocks)
        for key, before in self.clocks_seen.items():
            clock = now[key]
            assert clock.started_at == before.started_at
            assert [pause.since for pause in clock.pauses][: len(before.pauses)] == [
                pause.since for pause in before.pauses
            ]
            assert before.breached_at in (None, clock.breached_at)
            assert before.stopped_at in (None, clock.stopped_at)
        self.clocks_seen = now

    @invariant()
    def a_resolved_case_has_nothing_open_and_an_ending_for_every_decided_need(self) -> None:
        if self.handling.status is not HandlingStatus.RESOLVED:
            assert self.handling.resolution is None
            return
        resolution = self.handling.resolution
        assert resolution is not None
        assert resolution.round == self.handling.round
        assert [need.programme for need in resolution.needs] == [one.programme for one in self.handling.decisions]
        assert {one.status for one in self.handling.referrals}.isdisjoint(
            {ReferralStatus.ISSUED, ReferralStatus.ACCEPTED}
        )

    @invariant()
    def an_ended_case_has_no_running_clock(self) -> None:
        if self.handling.ended:
            assert all(clock.stopped_at is not None for clock in self.handling.clocks)

    @invariant()
    def a_clock_is_due_when_its_start_its_limit_and_its_waits_say(self) -> None:
        for clock in self.handling.clocks:
            assert clock.due_at == due_with(clock.started_at, clock.limit, clock.pauses, self.in_force.calendar)
            assert clock.stopped_at is None or clock.stopped_at >= clock.started_at
            if clock.breached_at is not None:
                assert clock.stopped_at is None or clock.breached_at <= clock.stopped_at

    @invariant()
    def a_referral_only_goes_forward_and_is_never_forgotten(self) -> None:
        now = {referral.referral_id: referral for referral in self.handling.referrals}
        for key, before in self.referrals_seen.items():
            assert now[key].status is before.status or now[key].status in ANSWERED.get(before.status, ())
            assert (now[key].agency, now[key].round, now[key].issued_at) == (
                before.agency,
                before.round,
                before.issued_at,
            )
        self.referrals_seen = now

    @invariant()
    def a_proposal_is_made_once_a_round_and_kept(self) -> None:
        made = [(proposal.round, proposal.programme) for proposal in self.handling.proposals]
        assert len(made) == len(set(made))

    @invariant()
    def nobody_approved_their_own_draft(self) -> None:
        draft = self.handling.recommendation
        if draft is not None:
            assert draft.drafted_by not in (draft.reviewed_by, draft.decided_by)


CaseLaws.TestCase.settings = examples(100, steps=40)
TestCaseLaws = CaseLaws.TestCase
