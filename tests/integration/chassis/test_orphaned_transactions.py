"""A transaction left open by kill -9 must not hold up the successor (the server would keep it for 60 s)."""

import asyncio
import contextlib
import socket
import sys
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Awaitable, Callable
from signal import Signals
from typing import Protocol

import pytest
import pytest_asyncio

from chassis.area import COUNTRY
from chassis.outbox.outgoing import new_id
from chassis.settings import ServiceSettings
from chassis.store import Store, StoreUnavailable, UnitOfWork, sessions
from chassis.store.processes import COLLECTION as PROCESSES
from tests.harness.builders import JAMBUDIPA, RECORDED_AT
from tests.harness.tiny import DESK, ENTRIES, Entry
from tests.harness.waiting import eventually
from tests.integration.chassis.conftest import OpenStore

SERVER_KEEPS_ORPHANS_SECONDS = 60


@pytest.fixture
def often_looking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "LOOK_SECONDS", 0.3)


class LeftOpen(Protocol):
    """An entry that a process was about to change when it got a signal; `record` is what else is known of it."""

    async def __call__(self, store: Store, *, signal: Signals = Signals.SIGKILL, **record: object) -> str: ...


@pytest_asyncio.fixture
async def left_open(settings_of: Callable[..., ServiceSettings]) -> AsyncIterator[LeftOpen]:
    children: list[Process] = []

    async def leave(store: Store, *, signal: Signals = Signals.SIGKILL, **record: object) -> str:
        settings, key = settings_of(DESK), new_id()

        async def begin(unit: UnitOfWork) -> None:
            await unit.of(ENTRIES).add(Entry(id=key, area=JAMBUDIPA, title="whole", made_at=RECORDED_AT))

        await store.transact(COUNTRY, begin)
        words = (settings.mongodb_uri, settings.mongodb_database, key)
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.harness.half_a_deed", *words, stdout=asyncio.subprocess.PIPE
        )
        children.append(child)
        assert child.stdout is not None
        assert await child.stdout.readline() == b"open\n"
        if record:
            await store.database[PROCESSES].update_one({"pid": child.pid}, {"$set": record})
        child.send_signal(signal)
        return key

    yield leave
    for child in children:
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        await child.wait()


async def test_the_successor_ends_it_and_writes_at_once(open_store: OpenStore, left_open: LeftOpen) -> None:
    bystander = await open_store()
    key = await left_open(bystander)
    began = time.monotonic()
    successor = await open_store()
    await successor.transact(COUNTRY, retitling(key, "whole", "edited"))
    assert time.monotonic() - began < SERVER_KEEPS_ORPHANS_SECONDS / 3
    # The bystander lives: its sessions were not ended with the dead one's.
    await bystander.transact(COUNTRY, retitling(key, "edited", "edited again"))


@pytest.mark.parametrize(
    ("signal", "record"),
    [(Signals.SIGKILL, {}), (Signals.SIGKILL, {"place": "another-machine"}), (Signals.SIGSTOP, {})],
    ids=["killed here", "killed on another machine", "stopped"],
)
async def test_whoever_is_left_ends_it_when_no_successor_comes(
    open_store: OpenStore, left_open: LeftOpen, often_looking: None, signal: Signals, record: dict[str, object]
) -> None:
    """A container that is started anew has another name: to it, its predecessor died on another machine."""
    bystander = await open_store()
    key = await left_open(bystander, signal=signal, **record)

    async def retitled() -> bool:
        try:
            await bystander.transact(COUNTRY, retitling(key, "whole", "edited"))
        except StoreUnavailable:
            return False
        return True

    await eventually(retitled, patience=SERVER_KEEPS_ORPHANS_SECONDS / 2)


async def test_a_living_neighbour_keeps_its_transactions_though_its_number_is_nobodys_here(
    open_store: OpenStore,
) -> None:
    """Containers on the network of one host share its name, and number their processes each for itself."""
    key, neighbour = new_id(), await open_store()
    elsewhere = {"place": f"{socket.gethostname()}/of-another-container", "pid": 4_000_000}
    await neighbour.database[PROCESSES].update_one({}, {"$set": elsewhere})
    attempts: list[int] = []

    async def while_another_starts(unit: UnitOfWork) -> None:
        attempts.append(1)
        await unit.of(ENTRIES).add(Entry(id=key, area=JAMBUDIPA, title="whole", made_at=RECORDED_AT))
        await open_store()

    await neighbour.transact(COUNTRY, while_another_starts)
    assert len(attempts) == 1


async def test_a_process_that_was_taken_for_dead_is_known_again_at_its_next_sign(
    open_store: OpenStore, often_looking: None
) -> None:
    store = await open_store()
    await store.database[PROCESSES].delete_many({})
    await eventually(lambda: store.database[PROCESSES].count_documents({}), lambda count: count == 1)


def retitling(key: str, before: str, after: str) -> Callable[[UnitOfWork], Awaitable[None]]:
    async def deed(unit: UnitOfWork) -> None:
        entry = await unit.of(ENTRIES).get(key)
        assert entry.title == before
        await unit.of(ENTRIES).save(entry.model_copy(update={"title": after}))

    return deed
