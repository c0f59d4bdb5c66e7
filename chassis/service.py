"""What a service is made of, and how it is put together and run: the frame of every composition root."""

import argparse
import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Generic

import structlog
from fastapi import APIRouter

from chassis.bus import BatchProcessor, Handlers, Source
from chassis.bus.inspection import Inspector
from chassis.bus.source import AiokafkaSource
from chassis.bus.topics import subscription, topics_of
from chassis.clock import Clock, DemoClock, SystemClock
from chassis.dead_letters.replaying import Replaying
from chassis.dead_letters.run import RUNS
from chassis.http.idempotency import USED_KEYS
from chassis.http.problems import Problem
from chassis.identity import TokenVerifier
from chassis.operation.gauges import Gauges
from chassis.operation.watch import Watch
from chassis.outbox.relay import Relay
from chassis.pages import Pages
from chassis.settings import S
from chassis.signin.door import SignIn
from chassis.signin.kept import KEPT_FORMS
from chassis.signin.sessions import SESSIONS
from chassis.signin.started import STARTED
from chassis.store import Collection, Migration, Store
from chassis.store.errors import INFRASTRUCTURE, LeaseLost
from chassis.store.generations import Generations
from chassis.telemetry import Telemetry, start_telemetry
from chassis.vital import vital
from chassis.workers import Worker, Workers
from contracts.manifest import Manifest

log = structlog.get_logger(__name__)

DATABASE_WAIT_SECONDS = 1.0


@dataclass(frozen=True)
class Platform(Generic[S]):
    """What the chassis gives a service to build with."""

    settings: S
    store: Store
    clock: Clock
    telemetry: Telemetry


SourceFactory = Callable[[Platform[Any], "BatchProcessor[Any]"], Source]


@dataclass(frozen=True)
class Service:
    """What a service consists of, as its app.py wires it."""

    routers: Sequence[APIRouter]
    pages: Pages | None = None
    """The frame of its pages, also of what goes wrong on them."""
    handlers: Handlers[Any] | None = None
    workers: Sequence[Worker] = ()
    problems: Mapping[type[Exception], Callable[[Any], Problem]] = field(default_factory=dict)
    source: SourceFactory | None = None
    """Instead of the aiokafka source."""
    agencies: Sequence[str] = ()
    """Codes of the partner agencies it knows: each has feeds of its own that have to exist."""
    secrets_behind: Sequence[str] = ()
    """Paths behind which an address holds a secret, such as a letter's code: no span repeats it."""
    closing: Sequence[Callable[[], Awaitable[None]]] = ()
    """Closes the service's own connections, such as to another service's API, once nothing runs any more."""


@dataclass(frozen=True)
class Command:
    """A command that one service has beside those of every service; it runs without traces, beside the service."""

    name: str
    add_words: Callable[["argparse._SubParsersAction[argparse.ArgumentParser]"], None]
    run: Callable[["Runtime[Any]", argparse.Namespace], Coroutine[Any, Any, int]]
    """Gives the exit code: 0 done, 1 not possible, 2 wrong words."""


@dataclass(frozen=True)
class ServiceDefinition(Generic[S]):
    """A service by name: everything needed to run it, and nothing running yet."""

    name: str
    summary: str
    settings: type[S]
    collections: Sequence[Collection[Any]]
    wire: Callable[[Platform[S]], Service]
    migrations: Sequence[Migration] = ()
    commands: Sequence[Command] = ()

    @property
    def group(self) -> str:
        return f"puskesos.{self.name}"


class Runtime(Generic[S]):
    """One running instance: database, consumer, relay and workers, started and stopped in order."""

    def __init__(self, definition: ServiceDefinition[S], settings: S, *, clock: Clock | None = None) -> None:
        self.definition = definition
        self.settings = settings
        self.telemetry = start_telemetry(definition.name, settings)
        self.clock = clock or (DemoClock(settings.demo_clock_file) if settings.demo_clock_file else SystemClock())
        self.store = Store(settings.mongodb_uri, settings.mongodb_database, clock=self.clock, telemetry=self.telemetry)
        self.verifier = TokenVerifier(settings.oidc_issuer, settings.oidc_audience, settings.oidc_jwks_url)
        self.sign_in = SignIn(definition.name, settings, self.store, self.verifier)
        self.platform = Platform(settings, self.store, self.clock, self.telemetry)
        self.service = definition.wire(self.platform)
        self.relay = Relay(
            self.store,
            bootstrap_servers=settings.kafka_bootstrap_servers,
            topic_prefix=settings.topic_prefix,
        )
        self.topics = topics_of(Manifest.load(), definition.name, self.service.agencies)
        self.processor: BatchProcessor[Any] | None = None
        self.source: Source | None = None
        self.replaying: Replaying | None = None
        workers = [*self.service.workers]
        if self.service.handlers is not None:
            self.processor = BatchProcessor(
                self.store,
                self.service.handlers,
                group=self._group,
                dead_letters_in_a_row_limit=settings.dead_letters_in_a_row_limit,
            )
            factory = self.service.source or self._aiokafka
            self.source = factory(self.platform, self.processor)
            self.replaying = Replaying(self.store, self.processor)
            workers.append(self.replaying.worker())
        self.workers = Workers(self.store, workers)
        self.watch = Watch(
            self.store,
            Inspector(
                settings.kafka_bootstrap_servers,
                group=self._group,
                pattern=subscription(Manifest.load().read_by(definition.name), settings.topic_prefix)
                if self.processor is not None
                else None,
                prefix=settings.topic_prefix,
            ),
            kinds=[worker.kind for worker in workers],
            needed_topics=self.topics,
        )
        Gauges(self.telemetry.meter, self.watch, self._group, lambda: self.stopped_by_poison)
        self.started_at: datetime | None = None
        self.opened = False
        """Whether the database was prepared: before that no request may touch it."""

    @property
    def started(self) -> bool:
        return self.started_at is not None

    @property
    def stopped_by_poison(self) -> bool:
        """Whether too many dead letters in a row stopped the consumer: an operator is needed."""
        return self.source is not None and self.source.stopped_by_poison

    @property
    def _group(self) -> str:
        return f"{self.settings.topic_prefix}{self.definition.group}"

    def _aiokafka(self, platform: Platform[Any], processor: BatchProcessor[Any]) -> Source:
        return AiokafkaSource(
            processor,
            self.telemetry,
            bootstrap_servers=self.settings.kafka_bootstrap_servers,
            group=self._group,
            topics=Manifest.load().read_by(self.definition.name),
            prefix=self.settings.topic_prefix,
            batch_limit=self.settings.batch_limit_events,
        )

    async def open(self) -> None:
        """Prepare the database, waiting for it as long as it is away."""
        collections = (*self.definition.collections, USED_KEYS, SESSIONS, KEPT_FORMS, STARTED, RUNS)
        while True:
            try:
                await self.store.open(collections, self.definition.migrations)
                await self._prepare_read_models()
                self.opened = True
                return
            except (LeaseLost, *INFRASTRUCTURE) as fault:
                log.warning("the database does not answer; waiting", exc_info=fault)
                await asyncio.sleep(DATABASE_WAIT_SECONDS)

    async def _prepare_read_models(self) -> None:
        models = self.service.handlers.read_models if self.service.handlers is not None else None
        if models is None:
            return
        live = await Generations(self.store, models).prepare()
        if live.recipe != models.recipe:
            log.warning("the read models were made by another release; rebuild them", generation=live.number)

    async def start(self) -> None:
        """Start what runs beside the API: relay, workers, consumer."""
        self.watch.start()
        await self.relay.start()
        await self.workers.start()
        if self.source is not None:
            await self.source.start()
        self.started_at = datetime.now(UTC)

    async def stop(self) -> None:
        """Stop hearing first, then working, then telling, so that what was heard is still told."""
        self.started_at = None
        async with AsyncExitStack() as rest:
            rest.push_async_callback(self.watch.stop)
            rest.push_async_callback(self.relay.stop)
            rest.push_async_callback(self.workers.stop)
            if self.source is not None:
                await self.source.stop()

    async def close(self) -> None:
        for close in self.service.closing:
            await close()
        await self.store.close()
        await asyncio.to_thread(self.telemetry.shutdown)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        await self.open()
        await self.start()
        try:
            yield
        finally:
            await self.stop()
            await self.close()

    @asynccontextmanager
    async def standing_by(self) -> AsyncIterator[None]:
        """Like `running`, but entered at once, and begun when the database answers.

        Meanwhile the service is alive, though not ready, and a stop waits for no database that is away.
        """
        beginning = vital(asyncio.create_task(self._begin(), name="beginning"))
        try:
            yield
        finally:
            beginning.cancel()
            await asyncio.wait({beginning})
            await self.stop()
            await self.close()

    async def _begin(self) -> None:
        await self.open()
        await self.start()
