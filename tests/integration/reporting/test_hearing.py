"""Events on real Kafka become cases and figures through Faust, once each; poison is set aside."""

from datetime import datetime
from typing import Any

from chassis.area import COUNTRY
from chassis.bus import Handlers, Reaction
from chassis.dead_letters.box import Choice, DeadLetterBox
from chassis.service import Service, ServiceDefinition
from contracts import Event, encode
from contracts.manifest import Manifest
from services.reporting.app import DEFINITION, faust_source
from services.reporting.faust_source import FaustSource
from services.reporting.handlers import take_in
from services.reporting.settings import ReportingSettings
from services.reporting.store import CASE_FIGURES, CASES, PROGRAMME_FIGURES, StoredCase
from tests.harness.builders import an_event
from tests.harness.fixtures import Start
from tests.harness.kafka import send
from tests.harness.waiting import eventually
from tests.integration.reporting.cases import (
    acknowledged,
    all_cases_heard,
    count_cases,
    count_of,
    created_and_amended,
    recorded,
    tell,
)
from tests.unit.reporting.builders import CASE, Hearing, a_whole_case

CREATED = "complaint.created"
POISON_AREA = "99.99.99.9999"


async def test_a_case_told_by_three_services_is_heard_whole(start: Start, kafka_bootstrap: str, topics: str) -> None:
    reporting = await start(DEFINITION)
    events = a_whole_case()
    await tell(kafka_bootstrap, topics, events)
    reader = reporting.runtime.store.reading(COUNTRY, CASES)
    stored = await eventually(
        lambda: reader.find(CASE), lambda found: found is not None and len(found.case.timeline) == len(events)
    )
    assert stored is not None
    assert stored.case == Hearing().hear(*events).case
    assert await count_of(reporting.runtime.store, "confirmed") == 1


async def test_two_thousand_events_arrive_each_once_though_they_are_told_twice(
    start: Start, kafka_bootstrap: str, topics: str
) -> None:
    pairs = created_and_amended(1000)
    events = [event for pair in pairs for event in pair]
    await tell(kafka_bootstrap, topics, events)
    await tell(kafka_bootstrap, topics, events[:500])
    reporting = await start(DEFINITION)
    store = reporting.runtime.store
    handled = lambda: acknowledged(kafka_bootstrap, topics, CREATED, "complaint.amended")  # noqa: E731
    await eventually(handled, lambda offset: offset == 2500, patience=90)
    assert await count_of(store, "recorded") == 1000
    assert set(await all_cases_heard(store, [pair[0].subject for pair in pairs])) == {
        (pair[0].subject, 2) for pair in pairs
    }


async def test_a_restart_goes_on_where_the_last_committed_batch_ended(
    start: Start, kafka_bootstrap: str, topics: str
) -> None:
    first = await start(DEFINITION)
    await tell(kafka_bootstrap, topics, recorded(20))
    await eventually(lambda: count_cases(first.runtime.store), lambda count: count == 20)
    await first.runtime.stop()
    assert await acknowledged(kafka_bootstrap, topics, CREATED) == 20
    second = await start(DEFINITION)
    await tell(kafka_bootstrap, topics, recorded(5))
    assert await eventually(lambda: count_of(second.runtime.store, "recorded"), lambda count: count == 25)


async def test_malformed_unknown_and_future_events_become_dead_letters_and_stop_nobody(
    start: Start, kafka_bootstrap: str, topics: str
) -> None:
    good = an_event()
    future = encode(good).replace(b"complaint.created.v1", b"complaint.created.v7")
    unknown = encode(good).replace(b"puskesos.complaint.created.v1", b"puskesos.something.else.v1")
    broken = [("x", b"no json"), ("x", b""), ("x", future), ("x", unknown)]
    await send(kafka_bootstrap, f"{topics}{CREATED}", *broken, (good.subject, encode(good)))
    reporting = await start(DEFINITION)
    store = reporting.runtime.store
    await eventually(lambda: acknowledged(kafka_bootstrap, topics, CREATED), lambda offset: offset == 5)
    assert await count_cases(store) == 1
    reasons = sorted([letter.reason async for letter in DeadLetterBox(store).list(Choice())])
    assert reasons == ["malformed_event", "malformed_event", "unknown_event_type", "unsupported_major"]


def _wire_with_poison(platform: Any) -> Service:
    """Reporting with a handler that breaks on one area."""
    handlers = Handlers(CASES)

    def break_on_poison(stored: StoredCase | None, event: Event[Any], now: datetime) -> Reaction[StoredCase]:
        if event.area == POISON_AREA:
            raise RuntimeError
        return take_in(stored, event, now)

    models = [topic.model for topic in Manifest.load().read_by("reporting") if topic.model is not None]
    handlers.on(*models)(break_on_poison)
    return Service(routers=(), handlers=handlers, source=faust_source)


BREAKING: ServiceDefinition[ReportingSettings] = ServiceDefinition(
    name="reporting",
    summary="Reporting with a bad release.",
    settings=ReportingSettings,
    collections=(CASES, CASE_FIGURES, PROGRAMME_FIGURES),
    wire=_wire_with_poison,
)


async def test_a_handler_that_raises_costs_its_own_event_only(start: Start, kafka_bootstrap: str, topics: str) -> None:
    before, poison, after = recorded(10), recorded(3, area=POISON_AREA), recorded(10)
    await tell(kafka_bootstrap, topics, [*before, *poison, *after])
    reporting = await start(BREAKING)
    store = reporting.runtime.store
    await eventually(lambda: acknowledged(kafka_bootstrap, topics, CREATED), lambda offset: offset == 23)
    assert await count_cases(store) == 20
    letters = [letter async for letter in DeadLetterBox(store).list(Choice(reason="handler_failed"))]
    assert {letter.case for letter in letters} == {event.correlationid for event in poison}


async def test_too_many_dead_letters_in_a_row_stop_the_consumer_and_acknowledge_none_of_them(
    start: Start, kafka_bootstrap: str, topics: str
) -> None:
    await tell(kafka_bootstrap, topics, recorded(20, area=POISON_AREA))
    reporting = await start(BREAKING, dead_letters_in_a_row_limit=5)
    source = reporting.runtime.source
    assert isinstance(source, FaustSource)

    async def stopped() -> bool:
        return source.stopped_by_poison

    await eventually(stopped)
    ready = await reporting.api.get("/health/ready")
    assert ready.json()["consumer"] == "stopped"
    await reporting.runtime.stop()
    assert await acknowledged(kafka_bootstrap, topics, CREATED) == 0
    mended = await start(DEFINITION)
    assert await eventually(lambda: count_cases(mended.runtime.store), lambda count: count == 20)
