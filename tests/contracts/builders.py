"""Small events to bend in tests."""

import json
from datetime import UTC, datetime
from typing import Any

from contracts import Event, encode
from contracts.events import ComplaintCreated, ComplaintState, FamilyProfile
from contracts.vocabulary import (
    ComplaintKind,
    ComplaintStatus,
    Component,
    IntakeChannel,
    MembersBand,
    Sector,
    SubjectKind,
)

CASE = "01a1e220-c1c0-7001-8001-000001f3e4c6"
NOW = datetime(2026, 11, 16, 2, 12, 40, tzinfo=UTC)


def a_complaint() -> ComplaintState:
    return ComplaintState(
        status=ComplaintStatus.OPEN,
        case_number="3203022002-26-000147-8",
        kind=ComplaintKind.PARTICIPATION,
        sector=Sector.SOCIAL_ASSISTANCE,
        subject_kind=SubjectKind.FAMILY,
        needs=("pkh", "kip"),
        channel=IntakeChannel.HOME_VISIT,
        family=FamilyProfile(
            family_key="q7Zt0fXw2mJ5r9Lc8VbN1y",
            listed=True,
            decile=3,
            components=(Component.PUPIL,),
            members_band=MembersBand.FOUR_TO_SIX,
            registry_period="2026-Q4",
        ),
        recorded_at=NOW,
        occurred_at=NOW,
    )


def a_recorded_complaint(*, time: datetime = NOW, sequence: int = 1) -> Event[ComplaintCreated]:
    return Event.of(
        ComplaintCreated(complaint=a_complaint()),
        id="01a1e220-c1c0-7011-8011-000001f60f35",
        source="/districts/32.03/intake",
        subject=CASE,
        time=time,
        sequence=sequence,
        area="32.03.02.2002",
        correlationid=CASE,
    )


def on_the_wire(event: Event[Any]) -> dict[str, Any]:
    """The JSON of an event, to be bent and sent with `as_bytes`."""
    wire: dict[str, Any] = json.loads(encode(event))
    return wire


def as_bytes(wire: object) -> bytes:
    return json.dumps(wire).encode()
