"""What the API shows of a case and its people."""

from datetime import date, datetime

from pydantic import BaseModel, Field

from contracts.vocabulary import (
    Circumstance,
    ClosedBy,
    ComplaintKind,
    ComplaintStatus,
    HandlingStatus,
    IntakeChannel,
    Sector,
    SubjectKind,
    WithdrawalReason,
)
from services.intake.domain.complaint import HeardResolution, Move, Reopening
from services.intake.domain.consent import Basis
from services.intake.domain.nik import NikAbsence
from services.intake.domain.people import Condition, Contact, RegistryEntry, Relation, Sex
from services.intake.domain.suggestions import Suggestion
from services.intake.queries import Case
from services.intake.store import StoredComplaint, StoredPerson


class ComplaintSummary(BaseModel):
    """A line of the queue: what the case is about, not whom."""

    case_id: str
    case_number: str = Field(examples=["3203022002-26-00017-4"])
    area: str = Field(examples=["32.03.02.2002"])
    status: ComplaintStatus
    kind: ComplaintKind
    sector: Sector
    subject_kind: SubjectKind
    needs: tuple[str, ...]
    channel: IntakeChannel
    fast_track: bool
    round: int = Field(description="Counts reopenings")
    recorded_at: datetime
    waiting_since: datetime | None
    resolved: bool = Field(description="The district has resolved this round; the citizen confirms or reopens")
    handling: HandlingStatus | None = Field(description="How far the district is, as last heard")


class PersonView(BaseModel):
    person_id: str
    name: str
    born: date | None
    sex: Sex | None
    relation: Relation | None
    nik: str | None
    nik_absence: NikAbsence | None
    conditions: tuple[Condition, ...]
    contact: Contact | None
    wants_messages: bool
    legal_bases: tuple[Basis, ...]


class FamilyView(BaseModel):
    family_id: str
    card: str | None
    registry: RegistryEntry
    circumstances: tuple[Circumstance, ...]
    members: tuple[PersonView, ...]


class ComplaintView(ComplaintSummary):
    """A case with its people, for the village only."""

    occurred_at: datetime
    recorded_by: str = Field(description="The issuer's subject, no name")
    story: str
    fast_track_cause: str | None
    missing_documents: tuple[str, ...]
    ended_at: datetime | None
    answer: str | None
    answer_text: str
    withdrawal: WithdrawalReason | None
    duplicate_of: str | None
    closed_by: ClosedBy | None
    resolution: HeardResolution | None
    reopenings: tuple[Reopening, ...]
    family: FamilyView | None
    reporter: PersonView | None
    suggestions: tuple[Suggestion, ...] = Field(description="What the desk should do beside the case")
    possible_moves: tuple[Move, ...] = Field(description="What may be done with the case now")


def summary_of(stored: StoredComplaint) -> ComplaintSummary:
    complaint = stored.complaint
    return ComplaintSummary(
        case_id=complaint.case_id,
        case_number=complaint.case_number,
        area=complaint.area,
        status=complaint.status,
        kind=complaint.kind,
        sector=complaint.sector,
        subject_kind=complaint.subject_kind,
        needs=complaint.needs,
        channel=complaint.channel,
        fast_track=complaint.fast_track,
        round=complaint.round,
        recorded_at=complaint.recorded_at,
        waiting_since=complaint.waiting_since,
        resolved=complaint.resolved,
        handling=None if stored.handling is None else stored.handling.status,
    )


def view_of(case: Case) -> ComplaintView:
    complaint = case.stored.complaint
    family = case.family
    return ComplaintView(
        **dict(summary_of(case.stored)),
        occurred_at=complaint.occurred_at,
        recorded_by=complaint.recorded_by,
        story=complaint.story,
        fast_track_cause=complaint.fast_track_cause,
        missing_documents=complaint.missing_documents,
        ended_at=complaint.ended_at,
        answer=complaint.answer,
        answer_text=complaint.answer_text,
        withdrawal=complaint.withdrawal,
        duplicate_of=complaint.duplicate_of,
        closed_by=complaint.closed_by,
        resolution=complaint.resolution,
        reopenings=complaint.reopenings,
        family=None
        if family is None
        else FamilyView(
            family_id=family.id,
            card=family.card,
            registry=family.registry,
            circumstances=family.circumstances,
            members=tuple(_person(one) for one in case.members),
        ),
        reporter=None if case.reporter is None else _person(case.reporter),
        suggestions=case.suggestions,
        possible_moves=complaint.possible_moves,
    )


def _person(stored: StoredPerson) -> PersonView:
    person = stored.person
    return PersonView(
        person_id=person.person_id,
        name=person.name,
        born=person.born,
        sex=person.sex,
        relation=person.relation,
        nik=person.nik,
        nik_absence=person.nik_absence,
        conditions=person.conditions,
        contact=person.contact,
        wants_messages=person.wants_messages,
        legal_bases=stored.bases,
    )
