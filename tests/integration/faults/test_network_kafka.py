"""The line between a service and Kafka cut, slow, half-open, or without answers: told and heard once, all of it."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import pytest
import pytest_asyncio

from chassis.area import COUNTRY
from chassis.bus import producer as producer_module
from chassis.bus import source as source_module
from chassis.outbox.outgoing import new_id
from tests.faults.rig.proxy import Proxy
from tests.faults.rig.redirect import address_of
from tests.harness.builders import JAMBUDIPA
from tests.harness.fixtures import Start
from tests.harness.ledger import account_of
from tests.harness.service import RunningService
from tests.harness.tiny import ACCOUNTS, DESK, LEDGER
from tests.harness.tokens import Issuer
from tests.harness.waiting import eventually
from tests.integration.faults.lines import kafka_through, line_to

CAUGHT_UP_SECONDS = 30.0
STOP_SECONDS = 30.0
ANSWER_SECONDS = 5.0

Fault = Callable[[Proxy], Awaitable[None]]


async def cut(line: Proxy) -> None:
    await line.cut()


async def half_open(line: Proxy) -> None:
    line.half_open()


async def drop_answers(line: Proxy) -> None:
    line.drop_answers()


async def slow(line: Proxy) -> None:
    line.slow(0.1)


FAULTS = [cut, half_open, drop_answers, slow]
AWAY = [cut, half_open, drop_answers]


@dataclass
class Village:
    """A desk that tells and a ledger that hears, both by one line to Kafka."""

    line: Proxy
    desk: RunningService
    ledger: RunningService
    issuer: Issuer

    async def records(self, count: int) -> list[str]:
        """So many entries, each answered 201 in a time somebody would wait."""
        return [await self._records_one() for _ in range(count)]

    async def _records_one(self) -> str:
        entry, began = new_id(), time.monotonic()
        answer = await self.desk.api.post(
            "/entries",
            json={"id": entry, "area": JAMBUDIPA, "title": "x"},
            headers={**self.issuer.bearer("front_office", area=JAMBUDIPA), "Idempotency-Key": entry},
        )
        assert answer.status_code == 201
        assert time.monotonic() - began < ANSWER_SECONDS
        return entry

    async def waiting(self) -> int:
        return int(await self.desk.runtime.store.database["outbox"].count_documents({}))

    async def publishing_failures(self) -> float:
        metrics = (await self.desk.api.get("/metrics")).text
        found = re.search(r"^puskesos_relay_failures_total\{.*\} (\S+)$", metrics, re.MULTILINE)
        return float(found[1]) if found else 0.0

    async def accounts(self) -> int:
        return await self.ledger.runtime.store.reading(COUNTRY, ACCOUNTS).count()

    async def times_heard(self, entries: list[str]) -> list[int]:
        """Of each entry: how many events the ledger noted, one being told of each."""
        accounts = [await account_of(self.ledger.runtime.store, entry) for entry in entries]
        return [len(account.heard_events) for account in accounts]

    async def caught_up(self, entries: list[str]) -> None:
        await eventually(self.accounts, lambda count: count == len(entries), patience=CAUGHT_UP_SECONDS)
        assert await self.times_heard(entries) == [1] * len(entries)
        await eventually(self.waiting, lambda rows: rows == 0)


@pytest_asyncio.fixture
async def line(kafka_bootstrap: str) -> AsyncIterator[Proxy]:
    async with line_to(address_of(kafka_bootstrap)) as between:
        yield between


@pytest_asyncio.fixture
async def village(line: Proxy, start: Start, kafka_bootstrap: str, issuer: Issuer) -> AsyncIterator[Village]:
    with kafka_through(line, kafka_bootstrap):
        desk, ledger = await start(DESK), await start(LEDGER)
    yield Village(line, desk, ledger, issuer)
    await line.heal()


@pytest.fixture(autouse=True)
def shorter_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a fault outlasts them without the test lasting long."""
    monkeypatch.setattr(producer_module, "PUBLISH_TIMEOUT_SECONDS", 2.0)
    monkeypatch.setattr(source_module, "REQUEST_TIMEOUT_MS", 2_000)


@pytest.mark.parametrize("fault", FAULTS)
async def test_what_was_recorded_meanwhile_is_heard_once_after_the_line_is_whole(
    village: Village, fault: Fault
) -> None:
    entries = await village.records(3)
    await village.caught_up(entries)

    await fault(village.line)
    entries += await village.records(5)
    if fault in AWAY:
        await eventually(village.publishing_failures)
        assert await village.accounts() == 3
    else:
        await village.caught_up(entries)
    entries += await village.records(5)
    assert (await village.desk.api.get("/health/ready")).status_code == 200
    assert (await village.ledger.api.get("/health/live")).status_code == 200

    await village.line.heal()
    await village.caught_up(entries)


async def test_a_stop_meanwhile_ends_in_time_and_the_successor_tells_and_hears_the_rest(
    village: Village, start: Start
) -> None:
    entries = await village.records(3)
    await village.caught_up(entries)
    village.line.half_open()
    entries += await village.records(3)
    await eventually(village.publishing_failures)

    began = time.monotonic()
    await asyncio.gather(village.desk.runtime.stop(), village.ledger.runtime.stop())
    assert time.monotonic() - began < STOP_SECONDS

    village.desk, village.ledger = await start(DESK), await start(LEDGER)
    await village.caught_up(entries)
