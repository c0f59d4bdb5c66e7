"""What happens next with a case, who does it and by when: said alike to the village and to the citizen."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from contracts.events import HandlingState, ProposalState
from contracts.vocabulary import ComplaintStatus, HandlingStatus, NeedEnding, ProposalStatus, ReferralStatus
from services.intake.store import StoredComplaint

FIRST_LOOK = ("first_response",)
DECIDING = ("verification",)
WHOLE = ("handling", "enquiry")
"""Names of the district's clocks; one that it adds is simply not shown."""
ENDED_PROPOSALS = (
    ProposalStatus.GRANTED,
    ProposalStatus.NOT_GRANTED,
    ProposalStatus.NO_QUOTA,
    ProposalStatus.EXCLUDED,
)


class Step(StrEnum):
    """The next step; the pages have the words."""

    ENDED = "ended"
    RESULT_AFTER_END = "result_after_end"
    BRING_DOCUMENTS = "bring_documents"
    CITIZEN_SAYS = "citizen_says"
    REACHES_DISTRICT = "reaches_district"
    DISTRICT_LOOKS = "district_looks"
    SUPERVISOR_REVIEWS = "supervisor_reviews"
    MANAGER_DECIDES = "manager_decides"
    AGENCY_ANSWERS = "agency_answers"
    AGENCY_GIVES = "agency_gives"
    PERIOD_RESULT = "period_result"
    DISTRICT_WORKS = "district_works"


@dataclass(frozen=True)
class NextStep:
    """`by` is when it is due, None where nobody promised a time; `day` where only a day is expected."""

    step: Step
    by: datetime | None = None
    day: date | None = None
    agency: str | None = None
    programme: str | None = None
    late: bool = False
    """Its time passed; the case was passed up a tier."""


def next_step(stored: StoredComplaint) -> NextStep:
    complaint = stored.complaint
    if not complaint.alive:
        still = results_to_come(stored.handling) if complaint.status is ComplaintStatus.CLOSED else ()
        return _result(Step.RESULT_AFTER_END, still[0]) if still else NextStep(Step.ENDED)
    if complaint.resolution is not None:
        return NextStep(Step.CITIZEN_SAYS, by=complaint.resolution.reopen_until)
    if complaint.status is ComplaintStatus.WAITING_FOR_CITIZEN:
        return NextStep(Step.BRING_DOCUMENTS)
    handling = stored.handling
    if handling is None or handling.round < complaint.round:
        return NextStep(Step.REACHES_DISTRICT)
    return _at_district(handling)


def results_to_come(handling: HandlingState | None) -> tuple[ProposalState, ...]:
    """Proposals of the present round that nothing was decided on yet, the soonest result first. They go on when the
    case is closed.
    """
    if handling is None:
        return ()
    # Of a programme proposed again after a reopening the later proposal counts, of one refused then none.
    latest = {one.programme: one for one in sorted(handling.proposals, key=lambda one: one.result_expected)}
    resolution = handling.resolution
    if resolution is not None and resolution.round == handling.round:
        proposed = {need.programme for need in resolution.needs if need.ending is NeedEnding.PROPOSED}
        latest = {programme: one for programme, one in latest.items() if programme in proposed}
    undecided = (one for one in latest.values() if one.status not in ENDED_PROPOSALS)
    return tuple(sorted(undecided, key=lambda one: one.result_expected))


def due_of(stored: StoredComplaint) -> datetime | None:
    """The moment by which the next step has to be done."""
    return next_step(stored).by


def _at_district(handling: HandlingState) -> NextStep:
    match handling.status:
        case HandlingStatus.OPENED | HandlingStatus.ASSESSED:
            return _timed(Step.DISTRICT_LOOKS, handling, FIRST_LOOK)
        case HandlingStatus.RECOMMENDED:
            return _timed(Step.SUPERVISOR_REVIEWS, handling, DECIDING)
        case HandlingStatus.REVIEWED:
            return _timed(Step.MANAGER_DECIDES, handling, DECIDING)
        case HandlingStatus.DECIDED:
            return _decided(handling)
    return _timed(Step.DISTRICT_WORKS, handling, WHOLE)


def _timed(step: Step, handling: HandlingState, clocks: tuple[str, ...]) -> NextStep:
    clock = next((one for one in handling.clocks if one.name in clocks), None)
    if clock is None:
        return NextStep(step)
    return NextStep(step, by=None if clock.paused else clock.due_at, late=clock.breached)


def _result(step: Step, proposal: ProposalState) -> NextStep:
    return NextStep(step, day=proposal.result_expected, programme=proposal.programme)


def _decided(handling: HandlingState) -> NextStep:
    asked = [one for one in handling.referrals if one.status is ReferralStatus.ISSUED]
    if asked:
        first = min(asked, key=lambda one: one.due_at)
        return NextStep(Step.AGENCY_ANSWERS, by=first.due_at, agency=first.agency, programme=first.programme)
    overall = _timed(Step.AGENCY_GIVES, handling, WHOLE)
    accepted = next((one for one in handling.referrals if one.status is ReferralStatus.ACCEPTED), None)
    if accepted is not None:
        return replace(overall, agency=accepted.agency, programme=accepted.programme)
    if results := results_to_come(handling):
        return _result(Step.PERIOD_RESULT, results[0])
    return replace(overall, step=Step.DISTRICT_WORKS)
