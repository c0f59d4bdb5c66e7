"""Many cases for reporting, and what it made of them."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from chassis.area import COUNTRY
from chassis.bus import Message
from chassis.outbox.outgoing import new_id
from chassis.service import Runtime
from chassis.store import Store
from chassis.store.counters import sums
from contracts import Event, encode
from contracts.events import ComplaintAmended, ComplaintCreated
from services.reporting.app import DEFINITION
from services.reporting.store import CASE_FIGURES, CASES
from tests.harness.builders import JAMBUDIPA, RECORDED_AT, a_complaint_state, a_record, an_event
from tests.harness.kafka import send
from tests.harness.service import RunningService


async def hear(service: RunningService, *events: Event[Any]) -> None:
    """Hand events to the service as its source would, without a broker in between."""
    await hand(service.runtime, *events)


async def hand(runtime: Runtime[Any], *events: Event[Any]) -> None:
    assert runtime.processor is not None
    messages = [
        Message(event.data.topic, 0, number, event.subject.encode(), encode(event), event.traceparent)
        for number, event in enumerate(events)
    ]
    await runtime.processor.process(messages)


def recorded(
    count: int, *, area: str = JAMBUDIPA, recorded_at: datetime = RECORDED_AT, **state: Any
) -> list[Event[Any]]:
    """So many cases, just recorded."""
    complaint = a_complaint_state(recorded_at=recorded_at, **state)
    return [an_event(ComplaintCreated(complaint=complaint), case=new_id(), area=area) for _ in range(count)]


def created_and_amended(count: int) -> list[tuple[Event[Any], Event[Any]]]:
    """So many cases, each recorded and then corrected, on two topics."""
    amended = ComplaintAmended(change="facts_corrected", complaint=a_complaint_state(sector="education"))
    pairs = []
    for created in recorded(count):
        pairs.append((created, an_event(amended, case=created.correlationid, sequence=2)))
    return pairs


async def tell(bootstrap: str, prefix: str, events: Iterable[Event[Any]]) -> None:
    """Write events to their topics."""
    by_topic: dict[str, list[tuple[str, bytes]]] = {}
    for event in events:
        by_topic.setdefault(event.data.topic, []).append(a_record(event))
    for topic, records in by_topic.items():
        await send(bootstrap, prefix + topic, *records)


async def count_cases(store: Store) -> int:
    return await store.reading(COUNTRY, CASES).count()


def more_than(known: int) -> Callable[[int], bool]:
    """For `eventually`: more were counted than were known."""
    return lambda count: count > known


async def count_of(store: Store, name: str) -> int:
    """One count over all cases, wherever they are."""
    return sum(item.counts[name] for item in await sums(store, COUNTRY, CASE_FIGURES, by=(), counts=(name,)))


async def all_cases_heard(store: Store, cases: Sequence[str]) -> list[tuple[str, int]]:
    """Each case that was heard, with the length of its timeline."""
    found = []
    for case in cases:
        stored = await store.reading(COUNTRY, CASES).find(case)
        if stored is not None:
            found.append((case, len(stored.case.timeline)))
    return found


async def acknowledged(bootstrap: str, prefix: str, *topics: str) -> int:
    """How many messages of these topics the service's group has acknowledged."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        offsets: dict[TopicPartition, Any] = await admin.list_consumer_group_offsets(f"{prefix}{DEFINITION.group}")
    finally:
        await admin.close()
    wanted = {prefix + topic for topic in topics}
    return sum(max(meta.offset, 0) for partition, meta in offsets.items() if partition.topic in wanted)
