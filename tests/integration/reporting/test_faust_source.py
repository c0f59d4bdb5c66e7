"""The Faust source acknowledges exactly what was committed, whatever happens around a batch."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer

from chassis.bus import BatchProcessor
from chassis.operation import watch
from chassis.service import Platform, Service, ServiceDefinition
from chassis.settings import ServiceSettings
from chassis.store.batch import BatchStore
from contracts.manifest import Manifest
from services.reporting.app import DEFINITION, wire
from services.reporting.faust_reading import EXIT_UNFORESEEN
from services.reporting.faust_source import FaustSource
from services.reporting.settings import ReportingSettings
from tests.harness.builders import a_record
from tests.harness.fixtures import Start
from tests.harness.service import RunningService, running_service
from tests.harness.waiting import eventually
from tests.integration.reporting.cases import acknowledged, count_cases, count_of, more_than, recorded, tell

CREATED = "complaint.created"


class Gate:
    """Holds whoever comes by, inside the transaction, until it is opened."""

    def __init__(self) -> None:
        self.reached = asyncio.Event()
        self.opened = asyncio.Event()

    async def pass_by(self) -> None:
        self.reached.set()
        await self.opened.wait()


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    """Stops every batch in the middle of its transaction; opened at the end, or a failing test could not stop."""
    held, load = Gate(), BatchStore.load

    async def load_and_wait(batch: BatchStore, *arguments: Any) -> Any:
        found = await load(batch, *arguments)
        await held.pass_by()
        return found

    monkeypatch.setattr(BatchStore, "load", load_and_wait)
    yield held
    held.opened.set()


def source_of(service: RunningService) -> FaustSource:
    source = service.runtime.source
    assert isinstance(source, FaustSource)
    return source


def agents_of(source: FaustSource) -> list[asyncio.Task[None]]:
    assert source.app is not None
    return [actor.actor_task for agent in source.app.agents.values() for actor in agent._actors]


async def test_an_agent_cancelled_in_mid_transaction_finishes_the_batch_and_the_source_goes_on(
    start: Start, kafka_bootstrap: str, topics: str, gate: Gate
) -> None:
    reporting = await start(DEFINITION)
    store = reporting.runtime.store
    await tell(kafka_bootstrap, topics, recorded(10))
    await asyncio.wait_for(gate.reached.wait(), 30)
    for agent in agents_of(source_of(reporting)):
        agent.cancel()
    assert await acknowledged(kafka_bootstrap, topics, CREATED) == 0
    gate.opened.set()
    await eventually(lambda: count_of(store, "recorded"), lambda count: count == 10)
    await tell(kafka_bootstrap, topics, recorded(5))
    await eventually(lambda: acknowledged(kafka_bootstrap, topics, CREATED), lambda offset: offset == 15)
    assert await count_of(store, "recorded") == 15


async def test_agents_cancelled_again_and_again_while_events_arrive_lose_none_and_double_none(
    start: Start, kafka_bootstrap: str, topics: str
) -> None:
    """Faust restarts a cancelled agent on a stream whose old buffer swallows events; once rarely shows it."""
    reporting = await start(DEFINITION, batch_limit_events=20)
    store, source = reporting.runtime.store, source_of(reporting)
    for number in range(1, 7):
        await tell(kafka_bootstrap, topics, recorded(40))
        await eventually(lambda: count_cases(store), more_than((number - 1) * 40))
        for agent in agents_of(source):
            agent.cancel()
    handled = lambda: acknowledged(kafka_bootstrap, topics, CREATED)  # noqa: E731
    await eventually(handled, lambda offset: offset == 240, patience=90)
    assert await count_cases(store) == 240
    assert await count_of(store, "recorded") == 240


async def test_instances_that_come_and_go_lose_nothing_and_double_nothing(
    start: Start, kafka_bootstrap: str, topics: str
) -> None:
    first = await start(DEFINITION, batch_limit_events=20)
    store = first.runtime.store
    for number in range(1, 4):
        await tell(kafka_bootstrap, topics, recorded(100))
        await eventually(lambda: count_cases(store), more_than((number - 1) * 100))
        another = await start(DEFINITION, batch_limit_events=20)
        await tell(kafka_bootstrap, topics, recorded(100))
        await eventually(lambda: count_cases(store), more_than(number * 100), patience=90)
        await another.runtime.stop()
    handled = lambda: acknowledged(kafka_bootstrap, topics, CREATED)  # noqa: E731
    await eventually(handled, lambda offset: offset == 600, patience=90)
    assert await count_cases(store) == 600
    assert await count_of(store, "recorded") == 600


async def test_a_stop_in_mid_transaction_waits_for_the_batch_and_acknowledges_it(
    start: Start, kafka_bootstrap: str, topics: str, gate: Gate
) -> None:
    reporting = await start(DEFINITION)
    await tell(kafka_bootstrap, topics, recorded(10))
    await asyncio.wait_for(gate.reached.wait(), 30)
    stopping = asyncio.create_task(source_of(reporting).stop())
    done, _ = await asyncio.wait([stopping], timeout=0.5)
    assert not done, "it stopped while a batch was in hand"
    assert await acknowledged(kafka_bootstrap, topics, CREATED) == 0
    gate.opened.set()
    await stopping
    handled = await count_cases(reporting.runtime.store)
    assert handled > 0
    assert await acknowledged(kafka_bootstrap, topics, CREATED) == handled


async def test_streams_closed_under_a_batch_acknowledge_nothing_of_it(
    start: Start, kafka_bootstrap: str, topics: str, gate: Gate
) -> None:
    """Faust closes a stream's buffer when it stops it, and would acknowledge the batch in hand."""
    reporting = await start(DEFINITION)
    await tell(kafka_bootstrap, topics, recorded(10))
    await asyncio.wait_for(gate.reached.wait(), 30)
    app = source_of(reporting).app
    assert app is not None
    for agent in app.agents.values():
        for actor in agent._actors:
            await actor.stream.stop()
    await app.consumer.commit()
    assert await acknowledged(kafka_bootstrap, topics, CREATED) == 0
    gate.opened.set()
    await eventually(lambda: acknowledged(kafka_bootstrap, topics, CREATED), lambda offset: offset == 10)
    assert await count_cases(reporting.runtime.store) == 10


async def test_nothing_lags_once_all_was_handled_though_a_marker_stands_behind_each_transaction(
    start: Start, kafka_bootstrap: str, topics: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "EVERY_SECONDS", 0.2)
    reporting = await start(DEFINITION)
    producer = AIOKafkaProducer(bootstrap_servers=kafka_bootstrap, transactional_id=f"{topics}lag")
    await producer.start()
    try:
        for event in recorded(4):
            key, value = a_record(event)
            async with producer.transaction():
                await producer.send(f"{topics}{CREATED}", key=key.encode(), value=value)
    finally:
        await producer.stop()
    await eventually(lambda: count_cases(reporting.runtime.store), lambda count: count == 4)

    async def lags() -> list[float]:
        lines = (await reporting.api.get("/metrics")).text.splitlines()
        return [
            float(line.split()[-1]) for line in lines if line.startswith("puskesos_consumer_lag{") and CREATED in line
        ]

    await eventually(lags, lambda seen: bool(seen) and not any(seen))


async def test_a_crash_of_faust_is_survived(start: Start, kafka_bootstrap: str, topics: str) -> None:
    reporting = await start(DEFINITION)
    source, store = source_of(reporting), reporting.runtime.store
    await tell(kafka_bootstrap, topics, recorded(3))
    await eventually(lambda: count_cases(store), lambda count: count == 3)
    crashed = source.app
    assert crashed is not None
    await crashed.crash(RuntimeError("as if the consumer's thread had died"))
    await tell(kafka_bootstrap, topics, recorded(3))
    await eventually(lambda: count_cases(store), lambda count: count == 6)
    assert source.app is not crashed


def ending(ends: list[int]) -> ServiceDefinition[ReportingSettings]:
    """Reporting that notes the exit code instead of ending this process."""

    def source(platform: Platform[Any], processor: BatchProcessor[Any]) -> FaustSource:
        settings: ServiceSettings = platform.settings
        return FaustSource(
            processor,
            platform.telemetry,
            bootstrap_servers=settings.kafka_bootstrap_servers,
            group=f"{settings.topic_prefix}{DEFINITION.group}",
            topics=Manifest.load().read_by("reporting"),
            prefix=settings.topic_prefix,
            batch_limit=settings.batch_limit_events,
            end_process=ends.append,
        )

    def wired(platform: Platform[ReportingSettings]) -> Service:
        return replace(wire(platform), source=source)

    return ServiceDefinition(
        name=DEFINITION.name,
        summary=DEFINITION.summary,
        settings=DEFINITION.settings,
        collections=DEFINITION.collections,
        wire=wired,
    )


async def test_an_outcome_nobody_foresaw_ends_the_process_and_acknowledges_nothing(
    start: Start, kafka_bootstrap: str, topics: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def process(*_: Any) -> None:
        raise ZeroDivisionError

    ends: list[int] = []
    with monkeypatch.context() as patch:
        patch.setattr(BatchProcessor, "process", process)
        reporting = await start(ending(ends))
        await tell(kafka_bootstrap, topics, recorded(4))

        async def ended() -> bool:
            return bool(ends)

        await eventually(ended)
        await reporting.runtime.stop()
    assert set(ends) == {EXIT_UNFORESEEN}
    assert await acknowledged(kafka_bootstrap, topics, CREATED) == 0
    successor = await start(DEFINITION)
    assert await eventually(lambda: count_cases(successor.runtime.store), lambda count: count == 4)


@asynccontextmanager
async def forwarding(port: int, bootstrap: str) -> AsyncIterator[None]:
    """A broker's address that answers from now on."""
    host, _, its_port = bootstrap.partition(":")

    async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        upstream, downstream = await asyncio.open_connection(host, int(its_port))
        await asyncio.gather(_pump(reader, downstream), _pump(upstream, writer))

    server = await asyncio.start_server(forward, "127.0.0.1", port)
    try:
        yield
    finally:
        server.close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while block := await reader.read(65536):
            writer.write(block)
            await writer.drain()
    except ConnectionError:
        return
    finally:
        writer.close()


def a_free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


async def test_a_broker_that_is_away_at_the_start_is_waited_for(
    settings_of: Callable[..., ReportingSettings], kafka_bootstrap: str, topics: str
) -> None:
    port = a_free_port()
    settings = settings_of(DEFINITION, kafka_bootstrap_servers=f"127.0.0.1:{port}")
    async with running_service(DEFINITION, settings) as reporting:
        ready = await reporting.api.get("/health/ready")
        assert ready.status_code == 200, "readiness must not depend on Kafka"
        source = source_of(reporting)
        first = await eventually(lambda: _app_of(source))

        async def begun_anew() -> bool:
            return source.app is not first

        await eventually(begun_anew)
        async with forwarding(port, kafka_bootstrap):
            await tell(kafka_bootstrap, topics, recorded(3))
            await eventually(lambda: count_cases(reporting.runtime.store), lambda count: count == 3)


async def _app_of(source: FaustSource) -> Any:
    return source.app


async def test_a_source_whose_broker_never_answers_stops_when_asked(
    settings_of: Callable[..., ReportingSettings], topics: str
) -> None:
    settings = settings_of(DEFINITION, kafka_bootstrap_servers=f"127.0.0.1:{a_free_port()}")
    async with running_service(DEFINITION, settings) as reporting:
        await asyncio.wait_for(source_of(reporting).stop(), 30)
    assert not [task for task in asyncio.all_tasks() if task.get_name().startswith("faust")]
