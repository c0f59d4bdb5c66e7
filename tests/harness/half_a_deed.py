"""A process that dies in the middle of a transaction: run with a URI, a database and an entry's id, then killed."""

import asyncio
import sys

from chassis.area import COUNTRY
from chassis.clock import SystemClock
from chassis.settings import ServiceSettings
from chassis.store import Store, UnitOfWork
from chassis.telemetry import start_telemetry
from tests.harness.tiny import DESK, ENTRIES


async def begin_and_wait(uri: str, database: str, key: str) -> None:
    settings = ServiceSettings(
        kafka_bootstrap_servers="", mongodb_uri=uri, mongodb_database=database, oidc_issuer="", log_level="ERROR"
    )
    store = Store(uri, database, clock=SystemClock(), telemetry=start_telemetry(DESK.name, settings))
    await store.open(DESK.collections)

    async def half(unit: UnitOfWork) -> None:
        entry = await unit.of(ENTRIES).get(key)
        await unit.of(ENTRIES).save(entry.model_copy(update={"title": "half done"}))
        sys.stdout.write("open\n")
        sys.stdout.flush()
        await asyncio.Event().wait()

    await store.transact(COUNTRY, half)


if __name__ == "__main__":
    asyncio.run(begin_and_wait(*sys.argv[1:]))
