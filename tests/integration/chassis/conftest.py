"""Stores on this test's own databases."""

from collections.abc import AsyncIterator, Callable
from typing import Any, Protocol

import pytest_asyncio

from chassis.clock import SystemClock
from chassis.service import ServiceDefinition
from chassis.settings import ServiceSettings
from chassis.store import Migration, Store
from chassis.telemetry import start_telemetry
from tests.harness.tiny import DESK, LEDGER


class OpenStore(Protocol):
    """Opens a store on this test's database, as one process would; called again, as another."""

    async def __call__(
        self, definition: ServiceDefinition[Any] = DESK, migrations: tuple[Migration, ...] = ()
    ) -> Store: ...


@pytest_asyncio.fixture
async def open_store(settings_of: Callable[..., ServiceSettings]) -> AsyncIterator[OpenStore]:
    opened: list[Store] = []

    async def open_one(definition: ServiceDefinition[Any] = DESK, migrations: tuple[Migration, ...] = ()) -> Store:
        settings = settings_of(definition)
        telemetry = start_telemetry(definition.name, settings)
        store = Store(settings.mongodb_uri, settings.mongodb_database, clock=SystemClock(), telemetry=telemetry)
        opened.append(store)
        await store.open(definition.collections, migrations)
        return store

    yield open_one
    for store in opened:
        await store.close()


@pytest_asyncio.fixture
async def store(open_store: OpenStore) -> Store:
    """The desk's store."""
    return await open_store(DESK)


@pytest_asyncio.fixture
async def ledger_store(open_store: OpenStore) -> Store:
    """The ledger's store."""
    return await open_store(LEDGER)
