"""As many real events as are wanted, of as many cases, on the topics that a service reads or in its outbox."""

from collections.abc import Iterator, Mapping
from typing import Any

from aiokafka import AIOKafkaProducer
from pymongo.database import Database

from chassis.outbox.publisher import OutboxRows, Queued
from chassis.store.documents import document_to_stored
from contracts import Event, EventData, encode
from contracts.events import CaseAssessed, ComplaintAmended, ComplaintCreated
from services.intake.domain.case_number import MAX_SERIAL, CaseNumber
from services.intake.store import COMPLAINTS, StoredComplaint
from tests.harness.builders import JAMBUDIPA, a_complaint_state, an_event
from tests.unit.intake.builders import recorded
from tests.unit.notification.story import a_handling_state, accepted

DOCUMENTS_A_WRITE = 500

_CREATED = ComplaintCreated(complaint=a_complaint_state())
_VILLAGE = (_CREATED, ComplaintAmended(change="facts_corrected", complaint=a_complaint_state(sector="education")))
_TOLD_TO: Mapping[str, tuple[str, tuple[EventData, ...]]] = {
    "intake": ("referral", (CaseAssessed(handling=a_handling_state()), accepted())),
    "referral": ("intake", _VILLAGE),
    "notification": ("referral", (accepted(), accepted())),
    "reporting": ("intake", _VILLAGE),
}
SERVICES = tuple(_TOLD_TO)


def facts_for(service: str, cases: list[str]) -> Iterator[Event[Any]]:
    """Two facts of each case; all first ones come before all second ones."""
    teller, facts = _TOLD_TO[service]
    for sequence, data in enumerate(facts, start=1):
        for case in cases:
            yield an_event(data, case=case, sequence=sequence, source=f"/districts/32.03/{teller}")


def topics_for(service: str, prefix: str) -> list[str]:
    """Where `facts_for` are told."""
    return sorted({prefix + data.topic for data in _TOLD_TO[service][1]})


async def tell(bootstrap_servers: str, prefix: str, events: Iterator[Event[Any]]) -> int:
    """Write them to their topics; returns how many."""
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap_servers, enable_idempotence=True, linger_ms=20)
    await producer.start()
    count = 0
    try:
        for event in events:
            await producer.send(prefix + event.data.topic, key=event.subject.encode(), value=encode(event))
            count += 1
    finally:
        await producer.stop()
    return count


def record_at_intake(database: Database[Any], cases: list[str]) -> None:
    """Have intake know these cases: a fact about a case that was never recorded is a dead letter there."""
    complaint = recorded()
    for start in range(0, len(cases), DOCUMENTS_A_WRITE):
        rows = []
        for place, case in enumerate(cases[start : start + DOCUMENTS_A_WRITE], start=start):
            years, serial = divmod(place, MAX_SERIAL)  # a village has no more numbers in a year
            number = CaseNumber(area=JAMBUDIPA, year=2026 - years, serial=serial + 1)
            mine = complaint.model_copy(update={"case_id": case, "case_number": str(number)})
            rows.append(document_to_stored(StoredComplaint(id=case, area=JAMBUDIPA, complaint=mine)))
        database[COMPLAINTS.name].insert_many(rows)


def fill_outbox(database: Database[Any], count: int) -> None:
    """So many facts of intake waiting in its outbox, a hundred a row as a batch writes them."""
    waiting = count
    while waiting:
        events = [an_event(_CREATED) for _ in range(min(waiting, 20 * DOCUMENTS_A_WRITE))]
        rows = OutboxRows([Queued(e.data.topic, e.subject, encode(e), "", e.type) for e in events])
        database["outbox"].insert_many(list(rows.rows()))
        waiting -= len(events)
