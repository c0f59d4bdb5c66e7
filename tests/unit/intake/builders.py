"""People, families and complaints for the tests of the village's domain. Everybody is invented."""

from datetime import UTC, date, datetime
from typing import Any

from chassis.regions import KemendagriRegions
from contracts.vocabulary import (
    CaseOutcome,
    ComplaintKind,
    IntakeChannel,
    MessageChannel,
    Sector,
    SubjectKind,
)
from services.intake.domain.case_number import CaseNumber
from services.intake.domain.complaint import Complaint, HeardResolution
from services.intake.domain.people import Condition, Contact, Family, Person, RegistryEntry
from services.intake.domain.profile import profile_of
from services.intake.domain.recording import Narrative, record_complaint
from services.intake.programmes import PROGRAMMES

JAMBUDIPA = "32.03.02.2002"
REGIONS = KemendagriRegions()
SECRET = b"a secret of thirty-two bytes or more"
MONDAY = datetime(2026, 11, 23, 2, tzinfo=UTC)
TODAY = date(2026, 11, 23)
FACILITATOR = "person:facilitator"
CASE = "01936d00-0000-7000-8000-000000000001"
NUMBER = CaseNumber(area=JAMBUDIPA, year=2026, serial=17)


def id_of(serial: int) -> str:
    return f"01936d00-0000-7000-a000-{serial:012d}"


def person(serial: int = 1, **changes: Any) -> Person:
    someone: dict[str, Any] = {
        "person_id": id_of(serial),
        "name": "Ibu Rekaan",
        "born": date(1990, 5, 17),
        "nik_absence": "not_at_hand",
        "contact": Contact(preferred=MessageChannel.EMAIL, email="ibu@rekaan.example"),
    }
    return Person(**(someone | changes))


def family(*members: Person, **changes: Any) -> Family:
    children = (
        person(2, name="Anak Pertama", born=date(2014, 2, 1), conditions=(Condition.PUPIL,)),
        person(
            3,
            name="Anak Kedua",
            born=date(2018, 8, 9),
            conditions=(Condition.PUPIL, Condition.ILL_WITHOUT_ACTIVE_INSURANCE),
        ),
    )
    somewhere: dict[str, Any] = {
        "family_id": id_of(100),
        "area": JAMBUDIPA,
        "members": members or (person(), *children),
        "registry": RegistryEntry(listed=True, period="2026-Q3", decile=2),
    }
    return Family(**(somewhere | changes))


def narrative(**changes: Any) -> Narrative:
    story: dict[str, Any] = {
        "kind": ComplaintKind.PARTICIPATION,
        "sector": Sector.SOCIAL_ASSISTANCE,
        "subject_kind": SubjectKind.FAMILY,
        "needs": ("pkh", "kip"),
        "channel": IntakeChannel.HOME_VISIT,
        "story": "Ibu Rekaan asks for help for her two children",
        "reporter_id": id_of(1),
        "family_id": id_of(100),
        "occurred_at": MONDAY,
    }
    return Narrative(**(story | changes))


def recorded(**changes: Any) -> Complaint:
    return record_complaint(
        narrative(**changes),
        case_id=CASE,
        case_number=NUMBER,
        family=profile_of(family(), SECRET, TODAY),
        recorded_by=FACILITATOR,
        now=MONDAY,
        regions=REGIONS,
        programmes=PROGRAMMES,
    ).complaint


def resolution(round_: int = 0, reopen_until: datetime = datetime(2026, 12, 7, 9, tzinfo=UTC)) -> HeardResolution:
    return HeardResolution(round=round_, outcome=CaseOutcome.GIVEN, resolved_at=MONDAY, reopen_until=reopen_until)
