"""A complaint on the village's side, move by move."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from contracts.events import CaseClosed, CaseReopened, ComplaintAmended
from contracts.vocabulary import ClosedBy, ComplaintKind, ComplaintStatus, SubjectKind, WithdrawalReason
from services.intake.domain.amending import (
    Correction,
    complete_documents,
    correct_facts,
    stop_waiting,
    wait_for_citizen,
)
from services.intake.domain.case_number import CaseNumber
from services.intake.domain.closing import (
    answer_at_desk,
    close_by_silence,
    confirm_solved,
    hear_resolution,
    reopen,
    withdraw,
)
from services.intake.domain.complaint import Complaint, Moved, public_state
from services.intake.domain.errors import (
    ConductNeedsProtection,
    IllegalMove,
    ImpossibleMoment,
    IncompleteComplaint,
    NothingToCorrect,
    TooLateToReopen,
    UnknownArea,
    UnknownNeed,
)
from services.intake.domain.profile import profile_of
from services.intake.domain.recording import record_complaint
from services.intake.programmes import PROGRAMMES
from tests.unit.intake.builders import (
    CASE,
    FACILITATOR,
    MONDAY,
    NUMBER,
    REGIONS,
    SECRET,
    TODAY,
    family,
    id_of,
    narrative,
    recorded,
    resolution,
)

LATER = MONDAY + timedelta(days=1)
OTHER_CASE = id_of(999)
CITIZEN_SILENT_UNTIL = resolution().reopen_until


def waiting() -> Complaint:
    return wait_for_citizen(recorded(), ("family_card",), now=LATER).complaint


def resolved() -> Complaint:
    return hear_resolution(recorded(), resolution()).complaint


ENDED: dict[str, Complaint] = {
    "answered": answer_at_desk(recorded(), "explained_requirements", now=LATER).complaint,
    "withdrawn": withdraw(recorded(), WithdrawalReason.TAKEN_BACK, now=LATER).complaint,
    "closed": confirm_solved(resolved(), now=LATER).complaint,
}
MOVES: dict[str, Callable[[Complaint], Moved]] = {
    "wait": lambda complaint: wait_for_citizen(complaint, ("family_card",), now=LATER),
    "stop waiting": stop_waiting,
    "complete": complete_documents,
    "correct": lambda complaint: correct_facts(complaint, Correction(needs=("kip",)), programmes=PROGRAMMES),
    "answer": lambda complaint: answer_at_desk(complaint, "explained_requirements", now=LATER),
    "withdraw": lambda complaint: withdraw(complaint, WithdrawalReason.TAKEN_BACK, now=LATER),
    "reopen": lambda complaint: reopen(complaint, now=LATER),
    "confirm": lambda complaint: confirm_solved(complaint, now=LATER),
    "silence": lambda complaint: close_by_silence(complaint, now=LATER + timedelta(days=90)),
}


# Recording


def test_recording_tells_the_district_everything_but_who_and_why() -> None:
    moved = record_complaint(
        narrative(fast_track=True, fast_track_cause="violence_at_home"),
        case_id=CASE,
        case_number=NUMBER,
        family=profile_of(family(), SECRET, TODAY),
        recorded_by=FACILITATOR,
        now=MONDAY,
        regions=REGIONS,
        programmes=PROGRAMMES,
    )
    (fact,) = moved.facts
    assert fact.topic == "complaint.created"
    wire = fact.model_dump_json()
    assert public_state(moved.complaint).fast_track
    for secret in ("violence_at_home", "Rekaan", FACILITATOR, id_of(1), id_of(100)):
        assert secret not in wire


def test_a_complaint_about_an_officer_is_sent_to_the_inspectorate() -> None:
    with pytest.raises(ConductNeedsProtection, match="district inspectorate"):
        recorded(kind=ComplaintKind.CONDUCT)


def test_an_unknown_village_is_refused() -> None:
    with pytest.raises(UnknownArea):
        record_complaint(
            narrative(),
            case_id=CASE,
            case_number=CaseNumber(area="32.03.02.9999", year=2026, serial=1),
            family=profile_of(family(), SECRET, TODAY),
            recorded_by=FACILITATOR,
            now=MONDAY,
            regions=REGIONS,
            programmes=PROGRAMMES,
        )


def test_an_unknown_programme_is_refused_at_the_desk() -> None:
    with pytest.raises(UnknownNeed, match="'moon_landing'"):
        recorded(needs=("pkh", "moon_landing"))


def test_what_a_complaint_cannot_be_handled_without_must_be_there() -> None:
    with pytest.raises(IncompleteComplaint, match="which programme"):
        recorded(needs=())
    with pytest.raises(IncompleteComplaint, match="why the case takes the fast track"):
        recorded(fast_track=True)
    with pytest.raises(IncompleteComplaint, match="without the fast track"):
        recorded(fast_track_cause="violence_at_home")
    with pytest.raises(IncompleteComplaint, match="which family"):
        record_complaint(
            narrative(),
            case_id=CASE,
            case_number=NUMBER,
            family=None,
            recorded_by=FACILITATOR,
            now=MONDAY,
            regions=REGIONS,
            programmes=PROGRAMMES,
        )


def test_a_community_needs_no_family_and_an_enquiry_no_programme() -> None:
    complaint = recorded(kind=ComplaintKind.ENQUIRY, subject_kind=SubjectKind.COMMUNITY, needs=())
    assert complaint.status is ComplaintStatus.OPEN


def test_an_offline_deed_keeps_what_was_claimed_and_counts_from_its_recording() -> None:
    complaint = recorded(occurred_at=MONDAY - timedelta(days=4))
    assert (complaint.occurred_at, complaint.recorded_at) == (MONDAY - timedelta(days=4), MONDAY)


def test_a_tablet_a_little_ahead_is_forgiven_and_one_in_the_future_is_not() -> None:
    assert recorded(occurred_at=MONDAY + timedelta(minutes=4)).occurred_at == MONDAY
    with pytest.raises(ImpossibleMoment):
        recorded(occurred_at=MONDAY + timedelta(minutes=6))


def test_a_need_said_twice_is_one_need() -> None:
    assert recorded(needs=("pkh", "kip", "pkh")).needs == ("pkh", "kip")


# Amending


def test_waiting_for_the_citizen_says_since_when_and_for_what() -> None:
    complaint = waiting()
    assert (complaint.status, complaint.waiting_since) == (ComplaintStatus.WAITING_FOR_CITIZEN, LATER)
    assert complaint.missing_documents == ("family_card",)
    with pytest.raises(IncompleteComplaint):
        wait_for_citizen(recorded(), (), now=LATER)
    with pytest.raises(IllegalMove):
        wait_for_citizen(complaint, ("birth_certificate",), now=LATER)


@pytest.mark.parametrize(
    ("move", "change", "missing"),
    [(stop_waiting, "no_longer_waiting", ("family_card",)), (complete_documents, "documents_completed", ())],
)
def test_a_waiting_case_runs_again(move: Callable[[Complaint], Moved], change: str, missing: tuple[str, ...]) -> None:
    moved = move(waiting())
    (fact,) = moved.facts
    assert isinstance(fact, ComplaintAmended)
    assert fact.change == change
    assert (moved.complaint.status, moved.complaint.waiting_since) == (ComplaintStatus.OPEN, None)
    assert moved.complaint.missing_documents == missing


def test_a_correction_changes_what_it_names_and_never_a_time() -> None:
    moved = correct_facts(recorded(), Correction(needs=("kip",), story="one child only"), programmes=PROGRAMMES)
    assert (moved.complaint.needs, moved.complaint.story) == (("kip",), "one child only")
    assert moved.complaint.recorded_at == MONDAY
    assert not set(Correction.model_fields) & {"recorded_at", "occurred_at", "kind", "round", "status"}


def test_a_correction_that_changes_nothing_or_names_nothing_known_is_refused() -> None:
    with pytest.raises(NothingToCorrect):
        correct_facts(recorded(), Correction(needs=("pkh", "kip")), programmes=PROGRAMMES)
    with pytest.raises(UnknownNeed):
        correct_facts(recorded(), Correction(needs=("moon_landing",)), programmes=PROGRAMMES)


def test_what_the_district_has_decided_on_is_not_changed_any_more() -> None:
    with pytest.raises(IllegalMove, match="record another case"):
        correct_facts(recorded(), Correction(needs=("pkh", "kip", "kur")), programmes=PROGRAMMES, decided=True)
    told_anew = Correction(needs=("kip", "pkh"), story="as before, in other words")
    assert correct_facts(recorded(), told_anew, programmes=PROGRAMMES, decided=True).complaint.story


def test_a_wish_for_a_programme_cannot_lose_its_programme() -> None:
    with pytest.raises(IncompleteComplaint):
        correct_facts(recorded(), Correction(needs=()), programmes=PROGRAMMES)


def test_the_fast_track_is_given_with_its_cause_and_taken_away_with_it() -> None:
    with pytest.raises(IncompleteComplaint):
        correct_facts(recorded(), Correction(fast_track=True), programmes=PROGRAMMES)
    fast = correct_facts(
        recorded(), Correction(fast_track=True, fast_track_cause="violence_at_home"), programmes=PROGRAMMES
    ).complaint
    slow = correct_facts(fast, Correction(fast_track=False), programmes=PROGRAMMES).complaint
    assert (slow.fast_track, slow.fast_track_cause) == (False, None)


# Ending


def test_a_cause_without_the_fast_track_is_not_corrected_into_a_case() -> None:
    with pytest.raises(IncompleteComplaint, match="cause of the fast track without"):
        correct_facts(recorded(), Correction(fast_track_cause="violence_at_home"), programmes=PROGRAMMES)


def test_the_desk_answers_and_the_case_ends_in_the_village() -> None:
    complaint = ENDED["answered"]
    assert (complaint.answer, complaint.ended_at) == ("explained_requirements", LATER)


def test_a_duplicate_names_another_case_and_nothing_else_does() -> None:
    duplicate = withdraw(recorded(), WithdrawalReason.DUPLICATE, now=LATER, duplicate_of=OTHER_CASE).complaint
    assert duplicate.duplicate_of == OTHER_CASE
    for reason, other in (
        (WithdrawalReason.DUPLICATE, None),
        (WithdrawalReason.TAKEN_BACK, OTHER_CASE),
        (WithdrawalReason.DUPLICATE, CASE),
    ):
        with pytest.raises(IncompleteComplaint):
            withdraw(recorded(), reason, now=LATER, duplicate_of=other)


@pytest.mark.parametrize("ending", ENDED)
@pytest.mark.parametrize("move", MOVES)
def test_nothing_more_is_done_with_an_ended_case(move: str, ending: str) -> None:
    with pytest.raises(IllegalMove, match=f"the case has ended \\({ending}\\)"):
        MOVES[move](ENDED[ending])


@pytest.mark.parametrize("move", ["wait", "stop waiting", "complete", "correct", "answer", "withdraw"])
def test_a_resolved_case_is_confirmed_or_reopened_and_nothing_else(move: str) -> None:
    with pytest.raises(IllegalMove, match="the citizen confirms or reopens"):
        MOVES[move](resolved())


@pytest.mark.parametrize("move", ["reopen", "confirm", "silence"])
def test_a_case_the_district_has_not_resolved_is_neither_confirmed_nor_reopened(move: str) -> None:
    with pytest.raises(IllegalMove, match="the district has not resolved it"):
        MOVES[move](recorded())


# Reopening and closing


def test_a_citizen_may_reopen_until_the_last_moment_and_a_round_begins() -> None:
    moved = reopen(resolved(), now=CITIZEN_SILENT_UNTIL)
    (fact,) = moved.facts
    assert isinstance(fact, CaseReopened)
    assert (fact.round, fact.complaint.round, moved.complaint.resolution) == (1, 1, None)
    with pytest.raises(TooLateToReopen):
        reopen(resolved(), now=CITIZEN_SILENT_UNTIL + timedelta(seconds=1))


def test_a_resolution_of_an_earlier_round_heard_late_resolves_nothing() -> None:
    reopened = reopen(resolved(), now=LATER).complaint
    assert hear_resolution(reopened, resolution(0)).complaint == reopened
    assert hear_resolution(reopened, resolution(1)).complaint.resolved


def test_a_resolution_heard_after_the_case_ended_here_changes_nothing() -> None:
    assert hear_resolution(ENDED["withdrawn"], resolution()) == Moved(ENDED["withdrawn"])


def test_a_resolution_ends_the_waiting_for_the_citizen() -> None:
    complaint = hear_resolution(waiting(), resolution()).complaint
    assert (complaint.status, complaint.waiting_since) == (ComplaintStatus.OPEN, None)


def test_solved_is_what_the_citizen_confirms_and_silence_is_counted_apart() -> None:
    facts = (
        confirm_solved(resolved(), now=LATER).facts
        + close_by_silence(resolved(), now=CITIZEN_SILENT_UNTIL + timedelta(seconds=1)).facts
    )
    assert [fact.by for fact in facts if isinstance(fact, CaseClosed)] == [ClosedBy.CONFIRMATION, ClosedBy.SILENCE]
    with pytest.raises(IllegalMove, match="may still reopen"):
        close_by_silence(resolved(), now=CITIZEN_SILENT_UNTIL)


def test_every_fact_carries_the_state_that_is_saved_with_it() -> None:
    for moved in (reopen(resolved(), now=LATER), stop_waiting(waiting())):
        assert [fact.complaint for fact in moved.facts if hasattr(fact, "complaint")] == [public_state(moved.complaint)]


def test_a_complaint_is_the_same_after_a_visit_to_the_store_and_its_repr_tells_no_story() -> None:
    complaint = waiting()
    assert Complaint.model_validate_json(complaint.model_dump_json()) == complaint
    assert "Rekaan" not in repr(complaint)
