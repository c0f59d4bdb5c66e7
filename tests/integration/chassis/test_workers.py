"""Leased workers on a real database: each row once, again after a failure, given up in the end."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from chassis import workers as workers_module
from chassis.area import COUNTRY, Scope
from chassis.clock import SettableClock
from chassis.outbox.outgoing import new_id
from chassis.store import Store, Task, UnitOfWork, Work
from chassis.store.errors import WorkTakenOver
from chassis.store.work import COLLECTION
from chassis.workers import Worker, Workers
from tests.harness.builders import JAMBUDIPA
from tests.harness.waiting import eventually
from tests.integration.chassis.conftest import OpenStore

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)


def some_work(key: str = "one", due_at: datetime = NOW) -> Work:
    return Work(kind="ring", key=key, area=JAMBUDIPA, due_at=due_at, subject=new_id())


async def schedule(store: Store, *work: Work) -> None:
    async def deed(unit: UnitOfWork) -> None:
        for item in work:
            unit.schedule(item)

    await store.transact(COUNTRY, deed)


async def rows(store: Store) -> int:
    return int(await store.database[COLLECTION].count_documents({}))


def finishing(store: Store, done: list[str]) -> Callable[[Task], Awaitable[None]]:
    async def perform(task: Task) -> None:
        async def deed(unit: UnitOfWork) -> None:
            await unit.finish(task)

        await store.transact(Scope(task.work.area), deed)
        done.append(task.work.key)

    return perform


@asynccontextmanager
async def working(store: Store, worker: Worker) -> AsyncIterator[None]:
    workers = Workers(store, [worker])
    await workers.start()
    try:
        yield
    finally:
        await workers.stop()


async def test_work_is_done_when_it_is_due_and_not_before(store: Store) -> None:
    clock = SettableClock(NOW - timedelta(days=3))
    store.clock = clock
    done: list[str] = []
    await schedule(store, some_work(due_at=NOW), some_work("sooner", NOW - timedelta(days=4)))
    async with working(store, Worker("ring", finishing(store, done))):
        await eventually(lambda: rows(store), lambda count: count == 1)
        await eventually(lambda: asyncio.sleep(0, list(done)), lambda keys: keys == ["sooner"])
        clock.move_to(NOW)
        await eventually(lambda: rows(store), lambda count: count == 0)
    assert done == ["sooner", "one"]


async def test_several_processes_do_each_row_once(open_store: OpenStore) -> None:
    stores = [await open_store() for _ in range(3)]
    keys = [str(number) for number in range(40)]
    done: list[str] = []
    await schedule(stores[0], *(some_work(key) for key in keys))
    async with (
        working(stores[0], Worker("ring", finishing(stores[0], done))),
        working(stores[1], Worker("ring", finishing(stores[1], done))),
        working(stores[2], Worker("ring", finishing(stores[2], done))),
    ):
        await eventually(lambda: rows(stores[0]), lambda count: count == 0)
    assert sorted(done) == sorted(keys)


@pytest.mark.parametrize("fault", [LookupError, TimeoutError, ConnectionError])
async def test_a_failure_is_tried_again_and_given_up_after_the_limit(store: Store, fault: type[Exception]) -> None:
    attempts: list[int] = []
    given_up: list[str] = []

    async def fail(task: Task) -> None:
        attempts.append(task.attempts)
        raise fault

    async def give_up(task: Task) -> None:
        await finishing(store, given_up)(task)

    await schedule(store, some_work())
    worker = Worker("ring", fail, give_up, attempts_limit=3, backoff_first_seconds=0.01, backoff_limit_seconds=0.02)
    async with working(store, worker):
        await eventually(lambda: rows(store), lambda count: count == 0)
    assert attempts == [1, 2, 3]
    assert given_up == ["one"]


async def test_a_worker_that_woke_too_late_cannot_finish_what_another_holds(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers_module, "LEASE_SECONDS", -1.0)
    worker = Worker("ring", finishing(store, []), concurrency=1)
    await schedule(store, some_work())
    late = (await Workers(store, [worker])._lease_some(worker))[0]
    holder = (await Workers(store, [worker])._lease_some(worker))[0]
    with pytest.raises(WorkTakenOver):
        await worker.perform(late)
    await worker.perform(holder)
    assert await rows(store) == 0


async def test_work_that_takes_longer_than_its_lease_is_still_done_once(
    open_store: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers_module, "LEASE_SECONDS", 0.6)
    first, second = await open_store(), await open_store()
    began: list[str] = []
    enough, done = asyncio.Event(), list[str]()

    async def slowly(task: Task) -> None:
        began.append(task.lease)
        await enough.wait()
        await finishing(first, done)(task)

    async def leased_until() -> datetime:
        row = await first.database[COLLECTION].find_one()
        assert row is not None
        until: datetime = row["leased_until"] or NOW
        return until

    await schedule(first, some_work())
    async with working(first, Worker("ring", slowly)), working(second, Worker("ring", slowly)):
        await eventually(lambda: asyncio.sleep(0, list(began)))
        leased_at = await leased_until()
        await eventually(leased_until, lambda until: until > leased_at + timedelta(seconds=1))
        enough.set()
        await eventually(lambda: rows(first), lambda count: count == 0)
    assert len(began) == len(done) == 1


async def test_work_moved_to_a_later_time_is_not_done_at_the_old_one(store: Store) -> None:
    clock = SettableClock(NOW)
    store.clock = clock
    done: list[str] = []
    await schedule(store, some_work(due_at=NOW + timedelta(days=1)))
    await schedule(store, some_work(due_at=NOW + timedelta(days=9)))
    await schedule(store, some_work("other", NOW + timedelta(days=2)))
    async with working(store, Worker("ring", finishing(store, done))):
        clock.move_to(NOW + timedelta(days=3))
        await eventually(lambda: asyncio.sleep(0, list(done)), lambda keys: "other" in keys)
    assert done == ["other"]


@pytest.mark.parametrize("change", [{"$set": {"area": "nowhere at all"}}, {"$unset": {"subject": ""}}])
async def test_a_row_that_cannot_be_read_holds_up_no_other(store: Store, change: dict[str, dict[str, str]]) -> None:
    done: list[str] = []
    await schedule(store, some_work("broken"), some_work("good", NOW + timedelta(seconds=1)))
    await store.database[COLLECTION].update_one({"_id": "ring:broken"}, change)
    async with working(store, Worker("ring", finishing(store, done))):
        await eventually(lambda: asyncio.sleep(0, list(done)))
    assert done == ["good"]
    assert await rows(store) == 1
