"""Every refusal of the district's rules is a problem with a code that says what to do."""

import pytest

from contracts.vocabulary import AnswerRefusal, HandlingStatus
from services.referral.domain.errors import (
    AnswerRefused,
    HandlingRefusal,
    IllegalMove,
    NoPeriod,
    NotYetDue,
    OwnDraft,
    ReasonNeeded,
    UnknownProgramme,
    UnsoundRecommendation,
)
from services.referral.problems import problem_of


@pytest.mark.parametrize(
    ("refusal", "status", "code"),
    [
        (OwnDraft(), 403, "own-draft"),
        (ReasonNeeded("refusing pkh"), 422, "reason-needed"),
        (UnsoundRecommendation("decide on every need; missing: kip"), 422, "unsound-recommendation"),
        (UnknownProgramme("pkhh", ["pkh"]), 422, "unknown-programme"),
        (NoPeriod("kip"), 422, "no-period"),
        (NotYetDue("the referral"), 409, "not-yet-due"),
    ],
)
def test_a_refusal_has_its_code(refusal: HandlingRefusal, status: int, code: str) -> None:
    problem = problem_of(refusal)
    assert (problem.status, problem.code) == (status, code)
    assert problem.detail[0].isupper()
    assert problem.detail.endswith(".")


@pytest.mark.parametrize(
    ("status", "possible"),
    [
        (HandlingStatus.ASSESSED, "Possible now: recommendation."),
        (HandlingStatus.RECOMMENDED, "Possible now: review."),
        (HandlingStatus.REVIEWED, "Possible now: decision."),
        (HandlingStatus.DECIDED, "agencies have it"),
        (HandlingStatus.RESOLVED, "only the village may reopen it"),
        (HandlingStatus.WITHDRAWN, "the case has ended"),
    ],
)
def test_an_illegal_move_says_what_is_possible(status: HandlingStatus, possible: str) -> None:
    problem = problem_of(IllegalMove("review", status, [HandlingStatus.RECOMMENDED]))
    assert (problem.status, problem.code) == (409, "illegal-move")
    assert possible in problem.detail


@pytest.mark.parametrize(
    ("reason", "status", "code"),
    [
        (AnswerRefusal.UNKNOWN_REFERRAL, 404, "not-found"),
        (AnswerRefusal.OTHER_AGENCY, 404, "not-found"),
        (AnswerRefusal.ALREADY_ANSWERED, 409, "already-answered"),
        (AnswerRefusal.NOT_ACCEPTED_YET, 409, "not-accepted-yet"),
        (AnswerRefusal.EXPIRED, 409, "expired"),
        (AnswerRefusal.CASE_ENDED, 409, "case-ended"),
        (AnswerRefusal.REASON_MISSING, 422, "reason-missing"),
        (AnswerRefusal.OUTCOME_MISSING, 422, "outcome-missing"),
    ],
)
def test_an_answer_that_does_not_count_says_why_and_never_that_it_is_anothers(
    reason: AnswerRefusal, status: int, code: str
) -> None:
    problem = problem_of(AnswerRefused(reason))
    assert (problem.status, problem.code) == (status, code)
