"""Builders of contract data: valid by themselves, changed by keyword."""

from datetime import UTC, datetime
from typing import Any

from chassis.outbox.outgoing import new_id
from contracts import Event, EventData, encode
from contracts.events import ComplaintCreated, ComplaintState, FamilyProfile
from contracts.vocabulary import ComplaintKind, ComplaintStatus, Component, IntakeChannel, Sector, SubjectKind

RECORDED_AT = datetime(2026, 11, 16, 2, 12, 40, tzinfo=UTC)
JAMBUDIPA = "32.03.02.2002"


def a_family_profile(**changes: Any) -> FamilyProfile:
    """A listed family in decile 3 with a pupil."""
    fields: dict[str, Any] = {
        "family_key": "q7Zt0fXw2mJ5r9Lc8VbN1y",
        "listed": True,
        "decile": 3,
        "components": (Component.PUPIL,),
        "flags": (),
        "circumstances": (),
        "members_band": "4-6",
        "registry_period": "2026-Q4",
    }
    return FamilyProfile(**{**fields, **changes})


def a_complaint_state(**changes: Any) -> ComplaintState:
    """A family's wish for PKH and KIP, just recorded."""
    fields: dict[str, Any] = {
        "status": ComplaintStatus.OPEN,
        "case_number": "3203022002-26-000147-8",
        "kind": ComplaintKind.PARTICIPATION,
        "sector": Sector.SOCIAL_ASSISTANCE,
        "subject_kind": SubjectKind.FAMILY,
        "needs": ("pkh", "kip"),
        "channel": IntakeChannel.HOME_VISIT,
        "fast_track": False,
        "family": a_family_profile(),
        "round": 0,
        "recorded_at": RECORDED_AT,
        "occurred_at": RECORDED_AT,
        "waiting_since": None,
        "ended_at": None,
    }
    return ComplaintState(**{**fields, **changes})


def an_event(
    data: EventData | None = None,
    *,
    case: str | None = None,
    sequence: int = 1,
    source: str = "/districts/32.03/intake",
    subject: str | None = None,
    area: str = JAMBUDIPA,
    traceparent: str | None = None,
) -> Event[EventData]:
    """An event as its owner would tell it; a complaint.created unless `data` says otherwise."""
    case = case or new_id()
    return Event.of(
        data or ComplaintCreated(complaint=a_complaint_state()),
        id=new_id(),
        source=source,
        subject=subject or case,
        time=RECORDED_AT,
        sequence=sequence,
        area=area,
        correlationid=case,
        traceparent=traceparent,
    )


def a_record(event: Event[EventData]) -> tuple[str, bytes]:
    """Key and value as they travel."""
    return event.subject, encode(event)
