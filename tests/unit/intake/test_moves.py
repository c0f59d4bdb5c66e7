"""What may be done with a case is what can be done with it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from contracts.vocabulary import WithdrawalReason
from services.intake.domain.amending import (
    Correction,
    complete_documents,
    correct_facts,
    stop_waiting,
    wait_for_citizen,
)
from services.intake.domain.closing import answer_at_desk, confirm_solved, hear_resolution, reopen, withdraw
from services.intake.domain.complaint import Complaint, Move, Moved
from services.intake.domain.errors import IllegalMove
from services.intake.programmes import PROGRAMMES
from tests.unit.intake.builders import MONDAY, recorded, resolution

LATER = MONDAY + timedelta(hours=1)
MOVES: dict[Move, Callable[[Complaint], Moved]] = {
    Move.COMPLETE_DOCUMENTS: complete_documents,
    Move.CORRECT_FACTS: lambda case: correct_facts(case, Correction(needs=("kip",)), programmes=PROGRAMMES),
    Move.WAIT_FOR_CITIZEN: lambda case: wait_for_citizen(case, ("family_card",), now=LATER),
    Move.STOP_WAITING: stop_waiting,
    Move.ANSWER: lambda case: answer_at_desk(case, "told_status", now=LATER, text="On the 20th"),
    Move.WITHDRAW: lambda case: withdraw(case, WithdrawalReason.TAKEN_BACK, now=LATER),
    Move.CONFIRM: lambda case: confirm_solved(case, now=LATER),
    Move.REOPEN: lambda case: reopen(case, now=LATER, reason="got nothing"),
}
WAITING = wait_for_citizen(recorded(), ("family_card",), now=LATER).complaint
CASES: dict[str, Complaint] = {
    "open": recorded(),
    "open, a document missing": recorded(missing_documents=("family_card",)),
    "waiting": WAITING,
    "resolved": hear_resolution(recorded(), resolution()).complaint,
    "reopened": reopen(hear_resolution(recorded(), resolution()).complaint, now=LATER).complaint,
    "answered": answer_at_desk(recorded(), "told_status", now=LATER).complaint,
    "withdrawn": withdraw(WAITING, WithdrawalReason.TAKEN_BACK, now=LATER).complaint,
}


@pytest.mark.parametrize("case", CASES)
def test_a_case_promises_what_it_allows_and_allows_what_it_promises(case: str) -> None:
    complaint = CASES[case]
    allowed = set()
    for move, make in MOVES.items():
        try:
            make(complaint)
            allowed.add(move)
        except IllegalMove as refused:
            assert refused.possible == tuple(one.value for one in complaint.possible_moves)
    assert allowed == set(complaint.possible_moves)


def test_the_citizens_words_are_kept_and_do_not_leave() -> None:
    answered = MOVES[Move.ANSWER](CASES["open"])
    reopened = MOVES[Move.REOPEN](CASES["resolved"])
    assert answered.complaint.answer_text == "On the 20th"
    assert [(one.round, one.reason) for one in reopened.complaint.reopenings] == [(1, "got nothing")]
    wire = "".join(fact.model_dump_json() for fact in (*answered.facts, *reopened.facts))
    assert "On the 20th" not in wire
    assert "got nothing" not in wire + repr(reopened.complaint)
