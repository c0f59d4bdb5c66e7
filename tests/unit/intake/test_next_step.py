"""What happens next with a case, who does it, and by when."""

from datetime import date, timedelta
from typing import Any

import pytest

from contracts.events import ClockState, HandlingState, NeedOutcome, ProposalState, ReferralState, Resolution
from contracts.vocabulary import CaseOutcome, HandlingStatus, NeedEnding, ProposalStatus, ReferralStatus, Tier
from services.intake.domain.amending import wait_for_citizen
from services.intake.domain.closing import answer_at_desk, confirm_solved, hear_resolution, reopen
from services.intake.domain.complaint import Complaint
from services.intake.next_step import NextStep, Step, next_step, results_to_come
from services.intake.store import StoredComplaint
from tests.unit.intake.builders import CASE, JAMBUDIPA, MONDAY, id_of, recorded, resolution

SOON, LATE = MONDAY + timedelta(days=3), MONDAY + timedelta(days=18)
CLOCKS = (
    ClockState(name="first_response", due_at=SOON),
    ClockState(name="handling", due_at=LATE),
    ClockState(name="verification", due_at=SOON + timedelta(days=1)),
)


def handled(status: HandlingStatus, **changes: Any) -> HandlingState:
    fields: dict[str, Any] = {"tier": Tier.DISTRICT, "opened_at": MONDAY, "clocks": CLOCKS}
    return HandlingState(status=status, **(fields | changes))


def referral(status: ReferralStatus) -> ReferralState:
    return ReferralState(
        referral_id=id_of(50),
        programme="kip",
        agency="cianjur-education",
        attempt=1,
        status=status,
        issued_at=MONDAY,
        due_at=SOON,
    )


PROPOSED = ProposalState(
    proposal_id=id_of(51),
    programme="pkh",
    period="2027-Q1",
    status=ProposalStatus.DRAFTED,
    cut_off=date(2026, 12, 17),
    result_expected=date(2027, 1, 10),
)


def step_of(complaint: Complaint, handling: HandlingState | None = None) -> NextStep:
    return next_step(StoredComplaint(id=CASE, area=JAMBUDIPA, complaint=complaint, handling=handling))


@pytest.mark.parametrize(
    ("handling", "expected"),
    [
        (None, NextStep(Step.REACHES_DISTRICT)),
        (handled(HandlingStatus.ASSESSED), NextStep(Step.DISTRICT_LOOKS, by=SOON)),
        (handled(HandlingStatus.RECOMMENDED), NextStep(Step.SUPERVISOR_REVIEWS, by=SOON + timedelta(days=1))),
        (handled(HandlingStatus.REVIEWED), NextStep(Step.MANAGER_DECIDES, by=SOON + timedelta(days=1))),
        (handled(HandlingStatus.DECIDED), NextStep(Step.DISTRICT_WORKS, by=LATE)),
        (
            handled(HandlingStatus.DECIDED, referrals=(referral(ReferralStatus.ISSUED),), proposals=(PROPOSED,)),
            NextStep(Step.AGENCY_ANSWERS, by=SOON, agency="cianjur-education", programme="kip"),
        ),
        (
            handled(HandlingStatus.DECIDED, referrals=(referral(ReferralStatus.ACCEPTED),)),
            NextStep(Step.AGENCY_GIVES, by=LATE, agency="cianjur-education", programme="kip"),
        ),
        (
            handled(HandlingStatus.DECIDED, proposals=(PROPOSED,)),
            NextStep(Step.PERIOD_RESULT, day=date(2027, 1, 10), programme="pkh"),
        ),
    ],
)
def test_at_the_district_the_step_is_whose_turn_it_is(handling: HandlingState | None, expected: NextStep) -> None:
    assert step_of(recorded(), handling) == expected


def test_a_clock_that_ran_out_is_late_and_one_that_pauses_promises_nothing() -> None:
    breached = handled(HandlingStatus.OPENED, clocks=(CLOCKS[0].model_copy(update={"breached": True}),))
    assert step_of(recorded(), breached).late
    paused = handled(HandlingStatus.OPENED, clocks=(CLOCKS[0].model_copy(update={"paused": True}),))
    assert step_of(recorded(), paused) == NextStep(Step.DISTRICT_LOOKS)


def test_the_citizens_turn_goes_before_the_districts() -> None:
    handling = handled(HandlingStatus.ASSESSED)
    waiting = wait_for_citizen(recorded(), ("id_card",), now=MONDAY).complaint
    assert step_of(waiting, handling) == NextStep(Step.BRING_DOCUMENTS)
    resolved = hear_resolution(recorded(), resolution()).complaint
    assert step_of(resolved, handling) == NextStep(Step.CITIZEN_SAYS, by=resolution().reopen_until)


def test_a_reopened_case_is_on_its_way_until_the_district_has_heard_of_it() -> None:
    reopened = reopen(hear_resolution(recorded(), resolution()).complaint, now=MONDAY).complaint
    assert step_of(reopened, handled(HandlingStatus.RESOLVED)) == NextStep(Step.REACHES_DISTRICT)
    assert step_of(reopened, handled(HandlingStatus.OPENED, round=1)).step is Step.DISTRICT_LOOKS


def test_a_result_that_still_comes_outlives_a_closed_case_and_no_other() -> None:
    proposed = handled(HandlingStatus.RESOLVED, proposals=(PROPOSED,))
    closed = confirm_solved(hear_resolution(recorded(), resolution()).complaint, now=MONDAY).complaint
    still = NextStep(Step.RESULT_AFTER_END, day=date(2027, 1, 10), programme="pkh")
    assert step_of(closed, proposed) == still
    granted = PROPOSED.model_copy(update={"status": ProposalStatus.GRANTED})
    assert step_of(closed, handled(HandlingStatus.RESOLVED, proposals=(granted,))) == NextStep(Step.ENDED)
    answered = answer_at_desk(recorded(), "told_status", now=MONDAY).complaint
    assert step_of(answered, proposed) == NextStep(Step.ENDED)


def test_of_what_was_proposed_in_two_rounds_the_later_proposal_counts_and_of_what_was_refused_then_none() -> None:
    again = PROPOSED.model_copy(update={"proposal_id": id_of(52), "result_expected": date(2027, 4, 10)})
    other = PROPOSED.model_copy(update={"proposal_id": id_of(53), "programme": "sembako"})
    second_round = Resolution(
        round=1,
        outcome=CaseOutcome.AWAITING_RESULT,
        needs=(
            NeedOutcome(programme="pkh", ending=NeedEnding.PROPOSED),
            NeedOutcome(programme="sembako", ending=NeedEnding.REFUSED),
        ),
        resolved_at=MONDAY,
        reopen_until=LATE,
    )
    handling = handled(HandlingStatus.RESOLVED, round=1, proposals=(again, other, PROPOSED), resolution=second_round)
    assert results_to_come(handling) == (again,)


def test_what_has_ended_has_no_next_step() -> None:
    ended = answer_at_desk(recorded(), "told_status", now=MONDAY).complaint
    assert step_of(ended, handled(HandlingStatus.ASSESSED)) == NextStep(Step.ENDED)
