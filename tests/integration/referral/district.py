"""A district's office run for one test: its people, its clock, the village and the agencies around it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx

from chassis.area import COUNTRY
from chassis.clock import SettableClock
from chassis.outbox.outgoing import new_id
from contracts import Event, EventData, decode, encode
from contracts.events import ComplaintCreated, PartnerReferralAnswered
from contracts.vocabulary import HandlingStatus
from services.referral.domain.handling import Handling
from services.referral.store import HANDLINGS, StoredHandling
from tests.harness.builders import an_event
from tests.harness.kafka import Record, read_topics, send
from tests.harness.service import RunningService
from tests.harness.tokens import Issuer
from tests.harness.waiting import eventually
from tests.unit.referral.builders import complaint

MONDAY = datetime(2026, 11, 23, 2, tzinfo=UTC)
JAMBUDIPA = "32.03.02.2002"
DISTRICT, SUB_DISTRICT = "32.03", "32.03.02"
EDUCATION, HEALTH, BPJS, BAZNAS = "cianjur-education", "cianjur-health", "cianjur-health-bpjs", "cianjur-baznas"

STORY = [
    {"programme": "pkh", "decision": "propose"},
    {"programme": "kip", "decision": "refer"},
    {"programme": "pbi_jk", "decision": "refer"},
]
KIP_ONLY = [{"programme": "pkh", "decision": "refuse", "reason": "above_threshold"}, STORY[1]]


@dataclass(frozen=True)
class Person:
    """Who asks: a role, an area, and perhaps an agency."""

    role: str
    area: str = DISTRICT
    agency: str | None = None
    subject: str = ""

    def headers(self, issuer: Issuer) -> dict[str, str]:
        claims = {"area": self.area, "subject": self.subject or f"{self.role}-of-{self.area}"}
        return issuer.bearer(self.role, **claims, **({"agency": self.agency} if self.agency else {}))


BACK_OFFICE, MANAGER = Person("back_office"), Person("manager")
SUPERVISOR = Person("supervisor", SUB_DISTRICT)


def agency_person(code: str) -> Person:
    return Person("agency", DISTRICT, code, f"somebody-at-{code}")


def problem(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of a refusal; fails on anything that is none."""
    body = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert body["detail"]
    return body["status"], body["type"].removeprefix("urn:puskesos:problem:")


@dataclass
class District:
    """One running service, and what happens around it."""

    service: RunningService
    issuer: Issuer
    kafka: str
    prefix: str
    clock: SettableClock
    said: dict[str, int] = field(default_factory=dict)

    # The village and the agencies

    async def hears(self, *events: Event[EventData], topic: str | None = None) -> None:
        for event in events:
            await send(self.kafka, self.prefix + (topic or event.data.topic), (event.subject, encode(event)))

    def fact(
        self, case: str, data: EventData, *, sequence: int | None = None, area: str = JAMBUDIPA
    ) -> Event[EventData]:
        """What the village says next about a case, now."""
        sequence = sequence or self.said.get(case, 0) + 1
        self.said[case] = max(sequence, self.said.get(case, 0))
        event = an_event(data, case=case, sequence=sequence, area=area)
        return event.model_copy(update={"time": self.clock.now()})

    async def opens(self, *, area: str = JAMBUDIPA, **changes: Any) -> str:
        """A case recorded by a village just now, once the district has opened it."""
        case = new_id()
        changes = {"recorded_at": self.clock.now(), "occurred_at": self.clock.now(), **changes}
        await self.hears(self.fact(case, ComplaintCreated(complaint=complaint(**changes)), area=area))
        await self.until(case, lambda handling: True)
        return case

    async def agency_says(
        self, agency: str, case: str, referral_id: str, *, sequence: int = 1, on: str | None = None, **answer: Any
    ) -> str:
        """An answer on an agency's own topic; the id of its event."""
        event = an_event(
            PartnerReferralAnswered(referral_id=referral_id, **answer),
            case=case,
            subject=referral_id,
            source=f"/agencies/{agency}",
            sequence=sequence,
        )
        await self.hears(event, topic=f"partner.{on or agency}.referral.answered")
        return event.id

    # People

    async def get(self, path: str, who: Person, **query: Any) -> httpx.Response:
        return await self.service.api.get(f"/v1{path}", headers=who.headers(self.issuer), params=query)

    async def post(self, path: str, who: Person, body: Mapping[str, Any], etag: str | None = None) -> httpx.Response:
        headers = who.headers(self.issuer) | ({"If-Match": etag} if etag else {})
        return await self.service.api.post(f"/v1{path}", headers=headers, json=body)

    async def moves(self, case: str, move: str, who: Person, **body: Any) -> httpx.Response:
        """A move on the state as it is now."""
        current = (await self.stored(case)).revision
        return await self.post(f"/handlings/{case}/{move}", who, body, f'"{current}"')

    async def recommends(self, case: str, decisions: list[dict[str, str]] | None = None) -> None:
        answer = await self.moves(case, "recommendation", BACK_OFFICE, decisions=decisions or STORY)
        assert answer.status_code == 200, answer.text

    async def decides(self, case: str, decisions: list[dict[str, str]] | None = None) -> StoredHandling:
        """Through all three hands."""
        await self.recommends(case, decisions)
        for move, who in (("review", SUPERVISOR), ("decision", MANAGER)):
            answer = await self.moves(case, move, who, ruling="approve")
            assert answer.status_code == 200, answer.text
        return await self.stored(case)

    async def answers(self, agency: str, referral_id: str, answer: str, **more: str) -> httpx.Response:
        return await self.post(f"/referrals/{referral_id}/answer", agency_person(agency), {"answer": answer, **more})

    # What became of it

    async def stored(self, case: str) -> StoredHandling:
        return await self.service.runtime.store.reading(COUNTRY, HANDLINGS).get(case)

    async def until(self, case: str, holds: Callable[[Handling], bool]) -> Handling:
        """The handling, once it is as wanted."""

        async def look() -> StoredHandling | None:
            return await self.service.runtime.store.reading(COUNTRY, HANDLINGS).find(case)

        stored = await eventually(look, lambda stored: stored is not None and holds(stored.handling))
        assert stored is not None
        return stored.handling

    async def until_status(self, case: str, status: HandlingStatus) -> Handling:
        return await self.until(case, lambda handling: handling.status is status)

    async def facts(
        self, *topics: str, until: Callable[[list[Event[EventData]]], bool] = bool
    ) -> list[Event[EventData]]:
        """Everything told on these topics, once it is as wanted."""

        async def look() -> list[Event[EventData]]:
            records: list[Record] = await read_topics(self.kafka, [self.prefix + topic for topic in topics])
            return [decode(record.value) for record in records]

        return await eventually(look, until)

    async def work_rows(self) -> dict[str, datetime]:
        """What is watched: row id and moment."""
        rows = self.service.runtime.store.database["work"].find({})
        return {row["_id"]: row["due_at"] async for row in rows}

    async def dead_letter_reasons(self) -> list[str]:
        letters = self.service.runtime.store.database["dead_letters"].find({})
        return [letter["reason"] async for letter in letters]

    def referral_to(self, agency: str, handling: Handling) -> str:
        return next(one.referral_id for one in reversed(handling.referrals) if one.agency == agency)
