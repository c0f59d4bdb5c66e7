"""How satisfied the citizen is: asked when a round has ended, said once."""

from datetime import timedelta

import pytest

from contracts.events import CaseRated
from services.intake.domain.closing import answer_at_desk, confirm_solved, hear_resolution, reopen
from services.intake.domain.complaint import Complaint, public_state
from services.intake.domain.errors import AlreadyRated, IllegalMove
from services.intake.domain.rating import may_rate, rate
from tests.unit.intake.builders import MONDAY, recorded, resolution

LATER = MONDAY + timedelta(hours=1)
RESOLVED = hear_resolution(recorded(), resolution()).complaint
ENDED: dict[str, Complaint] = {
    "resolved": RESOLVED,
    "confirmed": confirm_solved(RESOLVED, now=LATER).complaint,
    "answered at the desk": answer_at_desk(recorded(), "told_status", now=LATER).complaint,
}


@pytest.mark.parametrize("case", ENDED)
def test_what_has_an_end_can_be_rated_once(case: str) -> None:
    moved = rate(ENDED[case], 4, now=LATER)
    assert moved.facts == (
        CaseRated(rating=4, round=0, closed_by=ENDED[case].closed_by, complaint=public_state(ENDED[case])),
    )
    assert not may_rate(moved.complaint)
    with pytest.raises(AlreadyRated):
        rate(moved.complaint, 5, now=LATER)


def test_what_goes_on_cannot_be_rated() -> None:
    assert not may_rate(recorded())
    with pytest.raises(IllegalMove):
        rate(recorded(), 4, now=LATER)


def test_another_round_is_rated_anew_and_the_earlier_word_stays() -> None:
    first = rate(RESOLVED, 1, now=LATER).complaint
    second = hear_resolution(reopen(first, now=LATER).complaint, resolution(1)).complaint
    assert may_rate(second)
    assert [one.stars for one in rate(second, 5, now=LATER).complaint.ratings] == [1, 5]
