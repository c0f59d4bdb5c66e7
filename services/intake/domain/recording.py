"""Recording a complaint: what a case is when it enters the village's book."""

from collections.abc import Container
from datetime import datetime, timedelta

from pydantic import Field

from contracts.events import ComplaintCreated, FamilyProfile
from contracts.fields import Code, Id, UtcTime
from contracts.vocabulary import ComplaintKind, IntakeChannel, Sector, SubjectKind
from services.intake.domain.case_number import CaseNumber
from services.intake.domain.complaint import LONGEST_STORY, Complaint, Moved, told
from services.intake.domain.errors import (
    ConductNeedsProtection,
    ImpossibleMoment,
    IncompleteComplaint,
    UnknownNeed,
)
from services.intake.domain.regions import Regions, known_village
from services.intake.domain.value import Value

CLOCK_TOLERANCE = timedelta(minutes=5)
"""How far a tablet's clock may run ahead of ours before its claim is called impossible."""


class Narrative(Value):
    """What the citizen and the officer say: the content of a new complaint."""

    kind: ComplaintKind
    sector: Sector
    subject_kind: SubjectKind
    needs: tuple[Code, ...] = ()
    channel: IntakeChannel
    fast_track: bool = False
    fast_track_cause: Code | None = Field(default=None, repr=False)
    story: str = Field(default="", max_length=LONGEST_STORY, repr=False)
    reporter_id: Id | None = None
    family_id: Id | None = None
    missing_documents: tuple[Code, ...] = ()
    occurred_at: UtcTime


def record_complaint(
    narrative: Narrative,
    *,
    case_id: str,
    case_number: CaseNumber,
    family: FamilyProfile | None,
    recorded_by: str,
    now: datetime,
    regions: Regions,
    programmes: Container[str],
) -> Moved:
    """Records a complaint in the village of its case number. Tells ComplaintCreated.

    Raises ConductNeedsProtection, UnknownArea, UnknownNeed, IncompleteComplaint, ImpossibleMoment.
    """
    refuse_conduct(narrative.kind)
    area = known_village(case_number.area, regions)
    check_needs(narrative.needs, programmes)
    _check_completeness(narrative, family)
    if narrative.occurred_at > now + CLOCK_TOLERANCE:
        raise ImpossibleMoment
    complaint = Complaint(
        case_id=case_id,
        area=area,
        case_number=str(case_number),
        family=family,
        recorded_by=recorded_by,
        recorded_at=now,
        **{name: getattr(narrative, name) for name in Narrative.model_fields}
        | {"occurred_at": min(narrative.occurred_at, now), "needs": tuple(dict.fromkeys(narrative.needs))},
    )
    return told(complaint, lambda state: ComplaintCreated(complaint=state))


def refuse_conduct(kind: ComplaintKind) -> None:
    """Raises ConductNeedsProtection."""
    if kind is ComplaintKind.CONDUCT:
        raise ConductNeedsProtection


def check_needs(needs: tuple[str, ...], programmes: Container[str]) -> None:
    """Raises UnknownNeed."""
    for need in needs:
        if need not in programmes:
            raise UnknownNeed(need)


def _check_completeness(narrative: Narrative, family: FamilyProfile | None) -> None:
    if narrative.kind is ComplaintKind.PARTICIPATION and not narrative.needs:
        raise IncompleteComplaint("say which programme the citizen wants to take part in")
    if narrative.subject_kind in (SubjectKind.PERSON, SubjectKind.FAMILY) and family is None:
        raise IncompleteComplaint("say which family the case is about")
    check_fast_track(narrative.fast_track, narrative.fast_track_cause)


def check_fast_track(fast_track: bool, cause: str | None) -> None:
    """The fast track and its cause come together. Raises IncompleteComplaint."""
    if cause is not None and not fast_track:
        raise IncompleteComplaint("a cause of the fast track without the fast track: set it, or leave the cause out")
    if fast_track and cause is None:
        raise IncompleteComplaint("say why the case takes the fast track (it stays in the village)")
