"""What the district's rules refuse, as problems. The one place where they are mapped."""

from collections.abc import Callable, Mapping
from typing import Any

from chassis.http.problems import Problem
from contracts.vocabulary import AnswerRefusal, HandlingStatus
from services.referral.domain.deciding import NEXT_MOVE
from services.referral.domain.errors import (
    AnswerRefused,
    HandlingRefusal,
    IllegalMove,
    NoPeriod,
    OwnDraft,
    ReasonNeeded,
    UnknownProgramme,
    UnsoundRecommendation,
)

INCOMPLETE = frozenset({AnswerRefusal.REASON_MISSING, AnswerRefusal.OUTCOME_MISSING})
NOT_SEEN = frozenset({AnswerRefusal.UNKNOWN_REFERRAL, AnswerRefusal.OTHER_AGENCY})


def problem_of(refusal: HandlingRefusal) -> Problem:
    """409: the case is elsewhere by now. 422: what was sent does not fit. 403: right deed, wrong person."""
    code = refusal.code.replace("_", "-")
    match refusal:
        case IllegalMove():
            return Problem(409, code, f"{_sentence(refusal)} {_possible(refusal.status)}")
        case OwnDraft():
            return Problem(403, code, _sentence(refusal))
        case ReasonNeeded() | UnsoundRecommendation() | UnknownProgramme() | NoPeriod():
            return Problem(422, code, _sentence(refusal))
        case AnswerRefused():
            return _answer_refused(refusal)
    return Problem(409, code, _sentence(refusal))


def _answer_refused(refused: AnswerRefused) -> Problem:
    code = refused.reason.value.replace("_", "-")
    if refused.reason in NOT_SEEN:
        # Whether another agency has such a referral is not told.
        return Problem(404, "not-found", "There is no such referral for your agency. Check the id.")
    return Problem(422 if refused.reason in INCOMPLETE else 409, code, _sentence(refused))


def _possible(status: HandlingStatus) -> str:
    move = NEXT_MOVE.get(status)
    if move is not None:
        return f"Possible now: {move.value}."
    if status is HandlingStatus.DECIDED:
        return "Possible now: nothing by the office; agencies have it."
    return "Possible now: nothing; the case has ended, and only the village may reopen it."


def _sentence(refusal: HandlingRefusal) -> str:
    text = str(refusal)
    return f"{text[:1].upper()}{text[1:]}."


PROBLEMS: Mapping[type[Exception], Callable[[Any], Problem]] = {HandlingRefusal: problem_of}
