"""The database out of space: no deed is half done, none acknowledged is lost, and with space again all catch up."""

import asyncio
import resource
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from chassis.area import COUNTRY
from chassis.outbox.outgoing import new_id
from deploy.embedded.mongodb import MongoDb
from deploy.embedded.ports import any_free_port
from deploy.embedded.processes import Child
from tests.harness.builders import JAMBUDIPA
from tests.harness.fixtures import Start
from tests.harness.kafka import read_topics
from tests.harness.service import RunningService
from tests.harness.tiny import DESK, ENTRIES
from tests.harness.tokens import Issuer
from tests.harness.waiting import eventually

ANSWER_SECONDS = 25.0
FULL_AT_ONCE_BYTES = 1
MANY = 10


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Child]:
    """A server of this test's own: its files may not grow."""
    child = Child(MongoDb("full", tmp_path / "data", any_free_port()).part(), tmp_path)
    child.start()
    child.wait_until_ready()
    yield child
    child.kill()


def uri_of(database: Child) -> str:
    port = database.part.command[database.part.command.index("--port") + 1]
    return f"mongodb://127.0.0.1:{port}/?journal=true&w=majority&replicaSet=secantus"


def allow_files(database: Child, size_bytes: int) -> None:
    """As a full disk does: writing beyond fails."""
    assert database.pid is not None
    _, hard = resource.prlimit(database.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(database.pid, resource.RLIMIT_FSIZE, (size_bytes, hard))


async def asks(desk: RunningService, issuer: Issuer, entry: str) -> httpx.Response:
    began = time.monotonic()
    answer = await desk.api.post(
        "/entries",
        json={"id": entry, "area": JAMBUDIPA, "title": "x" * 1000},
        headers={**issuer.bearer("front_office", area=JAMBUDIPA), "Idempotency-Key": entry},
    )
    assert time.monotonic() - began < ANSWER_SECONDS
    return answer


@pytest.mark.timeout(240)
async def test_a_full_disk_refuses_deeds_and_loses_none(
    start: Start, database: Child, kafka_bootstrap: str, topics: str, issuer: Issuer
) -> None:
    if not hasattr(resource, "prlimit"):
        pytest.skip("capability: prlimit")
    desk = await start(DESK, mongodb_uri=uri_of(database))
    acknowledged = [new_id() for _ in range(MANY)]
    for entry in acknowledged:
        assert (await asks(desk, issuer, entry)).status_code == 201

    allow_files(database, FULL_AT_ONCE_BYTES)
    tried = [new_id() for _ in range(MANY)]
    for entry in tried:
        answer = await asks(desk, issuer, entry)
        if answer.is_success:
            acknowledged.append(entry)
        else:
            assert answer.status_code == 503, answer.text
            assert answer.headers["Retry-After"]
    assert (await desk.api.get("/health/live")).status_code == 200
    assert (await desk.api.get("/health/ready")).status_code == 503

    # Space again. This server's storage has given up by then, and only a new start makes it read again.
    database.kill()
    await asyncio.to_thread(database.start)
    await asyncio.to_thread(database.wait_until_ready)

    for entry in tried:
        await eventually(lambda entry=entry: asks(desk, issuer, entry), lambda answer: answer.is_success, patience=60)  # type: ignore[misc]
    known = sorted({*acknowledged, *tried})
    store = desk.runtime.store
    assert await store.reading(COUNTRY, ENTRIES).count() == len(known)
    await eventually(lambda: store.database["outbox"].count_documents({}), lambda rows: rows == 0)
    told = await read_topics(kafka_bootstrap, [f"{topics}complaint.created"])
    # What was published and could not be taken out of the full outbox is published again: the same event.
    events = {(record.key or b"", record.value) for record in told}
    assert sorted(key.decode() for key, _ in events) == known
