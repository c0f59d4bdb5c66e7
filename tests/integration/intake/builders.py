"""Requests to the village's window, and facts of the district about its cases. Everybody is invented."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from chassis.outbox.outgoing import new_id
from contracts import Event, EventData
from contracts.events import CaseAssessed, CaseResolved, HandlingState, NeedOutcome, Resolution
from contracts.vocabulary import CaseOutcome, HandlingStatus, NeedEnding, Tier
from tests.harness.builders import a_record
from tests.harness.kafka import send
from tests.harness.service import RunningService
from tests.harness.tokens import Issuer

JAMBUDIPA = "32.03.02.2002"
NEXT_VILLAGE = "32.03.02.2006"
SECRET = "a secret of thirty-two bytes or more"
MONDAY = datetime(2026, 11, 23, 2, tzinfo=UTC)
REOPEN_UNTIL = MONDAY + timedelta(days=14)
MOTHER_NIK, CHILD_NIK = "3203025705900000", "3203020102140000"
CARD = "3203020101200001"
SETTINGS: dict[str, Any] = {"family_key_secret": SECRET, "invented_people_allowed": True}

Body = dict[str, Any]


def mother(**changes: Any) -> Body:
    return {
        "name": "Ibu Rekaan",
        "nik": MOTHER_NIK,
        "born": "1990-05-17",
        "sex": "female",
        "relation": "head",
        "contact": {"preferred": "email", "email": "ibu@rekaan.example"},
    } | changes


def child(**changes: Any) -> Body:
    return {
        "name": "Anak Kedua",
        "nik_absence": "child_not_registered",
        "born": "2018-08-09",
        "relation": "child",
        "conditions": ["pupil"],
    } | changes


def a_family(*members: Body, **changes: Any) -> Body:
    return {
        "members": list(members) or [mother(), child()],
        "registry": {"listed": True, "decile": 2, "period": "2026-Q3"},
        "legal_bases": [{"member": 0, "purpose": "notify", "basis": "consent", "proof": "signed_form"}],
    } | changes


def a_complaint(**changes: Any) -> Body:
    return {
        "case_id": new_id(),
        "area": JAMBUDIPA,
        "kind": "participation",
        "sector": "social_assistance",
        "subject_kind": "family",
        "needs": ["pkh", "kip"],
        "channel": "home_visit",
        "story": "Asks for help with school",
        "family": a_family(),
        "reporter": 0,
    } | changes


@dataclass(frozen=True)
class Window:
    """The village's window, as people with different tokens stand before it."""

    service: RunningService
    issuer: Issuer

    def headers(self, role: str = "front_office", area: str = JAMBUDIPA, **claims: str) -> dict[str, str]:
        """Of somebody with this role, or with several: "back_office auditor"."""
        return self.issuer.bearer(*role.split(), area=area, **claims)

    async def record(self, told: Body | None = None, *, key: str | None = None, **who: str) -> httpx.Response:
        return await self.service.api.post(
            "/v1/complaints",
            json=told or a_complaint(),
            headers={**self.headers(**who), "Idempotency-Key": key or new_id()},
        )

    async def recorded(self, **changes: Any) -> Body:
        """A case that was taken, as the answer shows it."""
        answer = await self.record(a_complaint(**changes))
        assert answer.status_code == 201, answer.text
        shown: Body = answer.json()
        return shown

    async def get(self, path: str, **who: str) -> httpx.Response:
        return await self.service.api.get(f"/v1/complaints{path}", headers=self.headers(**who))

    async def read(self, case_id: str) -> Body:
        answer = await self.get(f"/{case_id}")
        assert answer.status_code == 200, answer.text
        shown: Body = answer.json()
        return shown

    async def post(
        self,
        case_id: str,
        deed: str,
        body: Body | None = None,
        *,
        etag: str | None = None,
        method: str = "POST",
        **who: str,
    ) -> httpx.Response:
        """A deed on the case as it is now, unless `etag` says how it was read."""
        if etag is None:
            etag = (await self.get(f"/{case_id}")).headers["ETag"]
        return await self.service.api.request(
            method, f"/v1/complaints/{case_id}/{deed}", json=body, headers={**self.headers(**who), "If-Match": etag}
        )

    async def prefer(self, case_id: str, body: Body, **how: str) -> httpx.Response:
        """How the citizen of the case wants to be told."""
        return await self.post(case_id, "contact-preferences", body, method="PUT", **how)

    async def ask_contact(self, case_id: str, *, role: str = "contact:read", area: str = "") -> httpx.Response:
        return await self.service.api.post(
            f"/v1/complaints/{case_id}/contact",
            json={"purpose": "inform_citizen", "causing_event": new_id()},
            headers=self.headers(role, area),
        )

    async def progress(self, case_id: str) -> Body:
        answer = await self.get(f"/{case_id}/progress")
        assert answer.status_code == 200, answer.text
        shown: Body = answer.json()
        return shown


Opener = Callable[..., Awaitable[Window]]


def a_handling(**changes: Any) -> HandlingState:
    fields: dict[str, Any] = {"status": HandlingStatus.ASSESSED, "tier": Tier.DISTRICT, "opened_at": MONDAY}
    return HandlingState(**(fields | changes))


def a_resolution(round_: int = 0, *, until: datetime = REOPEN_UNTIL, at: datetime = MONDAY) -> Resolution:
    return Resolution(
        round=round_,
        outcome=CaseOutcome.GIVEN,
        needs=(NeedOutcome(programme="kip", ending=NeedEnding.ENROLLED),),
        resolved_at=at,
        reopen_until=until,
    )


def assessed(**changes: Any) -> CaseAssessed:
    return CaseAssessed(handling=a_handling(**changes))


def resolved(round_: int = 0, *, until: datetime = REOPEN_UNTIL, at: datetime = MONDAY) -> CaseResolved:
    resolution = a_resolution(round_, until=until, at=at)
    return CaseResolved(
        round=round_,
        outcome=resolution.outcome,
        reopen_until=until,
        handling=a_handling(status=HandlingStatus.RESOLVED, round=round_, resolution=resolution),
    )


def from_district(data: EventData, case_id: str, sequence: int, *, at: datetime = MONDAY) -> Event[EventData]:
    return Event.of(
        data,
        id=new_id(),
        source="/districts/32.03/referral",
        subject=case_id,
        time=at,
        sequence=sequence,
        area=JAMBUDIPA,
        correlationid=case_id,
    )


async def tell(kafka: str, prefix: str, *events: Event[EventData]) -> None:
    """Send events of others as Kafka brings them."""
    for event in events:
        await send(kafka, f"{prefix}{event.data.topic}", a_record(event))
