"""The line between a service and its database cut, slow, half-open, or without answers: nobody waits for ever, and what
was asked twice under one key is done once."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import pytest_asyncio

from chassis.area import COUNTRY
from chassis.http import guards
from chassis.outbox.outgoing import new_id
from chassis.store import StoreUnavailable, UnitOfWork, client
from chassis.store.limits import COMMIT_SECONDS
from chassis.store.transactions import commit
from contracts import decode
from tests.backends.addresses import Addresses
from tests.faults.rig.proxy import Proxy
from tests.harness.builders import JAMBUDIPA, a_record, an_event
from tests.harness.fixtures import Start
from tests.harness.kafka import read_topics, send
from tests.harness.ledger import account_of
from tests.harness.service import RunningService
from tests.harness.tiny import ACCOUNTS, DESK, ENTRIES, LEDGER
from tests.harness.tokens import Issuer
from tests.harness.waiting import eventually
from tests.integration.faults.lines import address_of_database, line_to, uri_through

DEED_SECONDS, REQUEST_SECONDS = 3.0, 8.0
ANSWER_SECONDS = DEED_SECONDS + COMMIT_SECONDS + 8.0
CAUGHT_UP_SECONDS = 30.0
STOP_SECONDS = 30.0
FREE_SECONDS = 30.0
CREATED = "complaint.created"

Fault = Callable[[Proxy], Awaitable[None]]


async def cut(line: Proxy) -> None:
    await line.cut()


async def half_open(line: Proxy) -> None:
    line.half_open()


async def drop_answers(line: Proxy) -> None:
    line.drop_answers()


AWAY = [cut, half_open, drop_answers]


@dataclass
class Office:
    """A desk that records and a ledger that hears, both by one line to their database."""

    line: Proxy
    desk: RunningService
    ledger: RunningService
    issuer: Issuer
    kafka: str
    prefix: str

    async def asks(self, entry: str) -> httpx.Response:
        """Record an entry under a key of its own; answered in time, whatever the answer."""
        began = time.monotonic()
        answer = await self.desk.api.post(
            "/entries",
            json={"id": entry, "area": JAMBUDIPA, "title": "x"},
            headers={**self.issuer.bearer("front_office", area=JAMBUDIPA), "Idempotency-Key": entry},
        )
        assert time.monotonic() - began < ANSWER_SECONDS
        return answer

    async def insists(self, entry: str) -> None:
        """Ask again under the same key until it is recorded, as the village's clients do."""
        await eventually(lambda: self.asks(entry), lambda answer: answer.is_success, patience=CAUGHT_UP_SECONDS)

    async def tells(self, count: int) -> list[str]:
        """So many cases told by Kafka to the ledger."""
        events = [an_event() for _ in range(count)]
        await send(self.kafka, self.prefix + CREATED, *(a_record(event) for event in events))
        return [event.correlationid for event in events]

    async def accounts(self) -> int:
        return await self.ledger.runtime.store.reading(COUNTRY, ACCOUNTS).count()

    async def each_is_once_everywhere(self, entries: list[str], cases: list[str]) -> None:
        """The desk's entries recorded, told and heard, and the cases heard: each once, and nothing else."""
        known = sorted([*entries, *cases])
        await eventually(self.accounts, lambda count: count == len(known), patience=CAUGHT_UP_SECONDS)
        assert await self.desk.runtime.store.reading(COUNTRY, ENTRIES).count() == len(entries)
        accounts = [await account_of(self.ledger.runtime.store, case) for case in known]
        assert [len(account.heard_events) for account in accounts] == [1] * len(known)
        told = {
            decode(record.value).id: record.key for record in await read_topics(self.kafka, [self.prefix + CREATED])
        }
        assert sorted((key or b"").decode() for key in told.values()) == known


@pytest.fixture(autouse=True)
def shorter_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a fault outlasts them without the test lasting long."""
    monkeypatch.setattr(client, "DEED_SECONDS", DEED_SECONDS)
    monkeypatch.setattr(guards, "REQUEST_SECONDS", REQUEST_SECONDS)


@pytest_asyncio.fixture
async def line(addresses: Addresses) -> AsyncIterator[Proxy]:
    async with line_to(address_of_database(addresses.mongodb)) as between:
        yield between


@pytest_asyncio.fixture
async def office(
    line: Proxy,  # first, so that it is the last to go
    start: Start,
    addresses: Addresses,
    topics: str,
    issuer: Issuer,
) -> AsyncIterator[Office]:
    through = uri_through(line, addresses.mongodb)
    desk, ledger = await start(DESK, mongodb_uri=through), await start(LEDGER, mongodb_uri=through)
    yield Office(line, desk, ledger, issuer, addresses.kafka, topics)
    await line.heal()


@pytest.mark.parametrize("fault", AWAY)
async def test_while_it_is_away_every_request_is_refused_in_time_and_asked_again_is_done_once(
    office: Office, fault: Fault
) -> None:
    entries, cases = [new_id() for _ in range(2)], await office.tells(2)
    for entry in entries:
        assert (await office.asks(entry)).status_code == 201
    await eventually(office.accounts, lambda count: count == 4)

    await fault(office.line)
    entries += [new_id() for _ in range(8)]
    cases += await office.tells(3)
    refused = await asyncio.gather(*(office.asks(entry) for entry in entries[2:]))
    assert {answer.status_code for answer in refused} == {503}
    assert all(answer.headers["Retry-After"] for answer in refused)
    assert (await office.desk.api.get("/health/live")).status_code == 200
    assert (await office.desk.api.get("/health/ready")).status_code == 503

    await office.line.heal()
    await asyncio.gather(*(office.insists(entry) for entry in entries[2:]))
    await office.each_is_once_everywhere(entries, cases)


async def test_a_reading_is_refused_in_time_too(office: Office) -> None:
    office.line.half_open()
    began = time.monotonic()
    answer = await office.desk.api.get("/entries", headers=office.issuer.bearer("front_office", area=JAMBUDIPA))
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert time.monotonic() - began < REQUEST_SECONDS + 8.0


async def test_over_a_slow_line_everything_is_done_slowly_and_once(office: Office) -> None:
    office.line.slow(0.05)
    entries, cases = [new_id() for _ in range(5)], await office.tells(5)
    await asyncio.gather(*(office.insists(entry) for entry in entries))
    await office.each_is_once_everywhere(entries, cases)


async def test_a_commit_whose_answer_is_lost_is_one_deed_however_often_it_is_asked_for(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = new_id()

    async def lose_the_answer(session: Any) -> None:
        office.line.drop_answers()
        await commit(session)

    with monkeypatch.context() as patch:
        patch.setattr(client, "commit", lose_the_answer)
        unknown = await office.asks(entry)
    assert unknown.status_code == 503
    assert "not known" in unknown.json()["detail"]

    await office.line.heal()
    await office.insists(entry)
    await office.each_is_once_everywhere([entry], [])


async def test_what_an_abort_that_never_arrived_holds_is_free_again_at_once(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server would keep its locks for 60 s."""
    store, entry = office.desk.runtime.store, new_id()
    await office.insists(entry)

    async def retitle_and_lose_the_line(unit: UnitOfWork) -> None:
        loaded = await unit.of(ENTRIES).get(entry)
        await unit.of(ENTRIES).save(loaded.model_copy(update={"title": "lost"}))
        office.line.half_open()
        await unit.of(ENTRIES).get(entry)

    with pytest.raises(StoreUnavailable):
        await store.transact(COUNTRY, retitle_and_lose_the_line)
    await office.line.heal()

    async def retitle(unit: UnitOfWork) -> None:
        loaded = await unit.of(ENTRIES).get(entry)
        await unit.of(ENTRIES).save(loaded.model_copy(update={"title": "kept"}))

    began = time.monotonic()
    # Whichever session it gets.
    await asyncio.gather(*(store.transact(COUNTRY, retitle) for _ in range(8)))
    assert time.monotonic() - began < FREE_SECONDS
    assert (await store.reading(COUNTRY, ENTRIES).get(entry)).title == "kept"


async def test_a_stop_meanwhile_ends_in_time(office: Office, start: Start) -> None:
    entries, cases = [new_id()], await office.tells(2)
    await office.insists(entries[0])
    await eventually(office.accounts, lambda count: count == 3)
    office.line.half_open()
    cases += await office.tells(2)

    asking = asyncio.gather(*(office.asks(new_id()) for _ in range(3)))
    began = time.monotonic()
    await asyncio.gather(office.desk.runtime.stop(), office.ledger.runtime.stop())
    assert time.monotonic() - began < STOP_SECONDS
    await asking
    await office.line.heal()
    successor = await start(LEDGER)
    await eventually(
        lambda: successor.runtime.store.reading(COUNTRY, ACCOUNTS).count(), lambda count: count >= 5, patience=30
    )
