"""Leases between processes: one holder at a time, by a clock that is nobody's own."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, tzinfo

import pytest

from chassis import workers as workers_module
from chassis.area import COUNTRY
from chassis.outbox.outgoing import new_id
from chassis.store import Store, Task, UnitOfWork, Work
from chassis.store import leases as leases_module
from chassis.store.errors import LeaseLost
from chassis.store.leases import Lease
from chassis.workers import Worker, Workers
from tests.harness.builders import JAMBUDIPA
from tests.harness.waiting import eventually


class Behind(datetime):
    """The time of a machine whose clock is an hour behind."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "Behind":
        return super().now(tz) - timedelta(hours=1)


@contextmanager
def an_hour_behind() -> Iterator[None]:
    """Whoever asks this machine for the time is told too little; a lease has no reason to ask it."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (workers_module, leases_module):
            patch.setattr(module, "datetime", Behind, raising=False)
        yield


async def nothing(_task: Task) -> None:
    return


async def test_a_machine_whose_clock_is_behind_keeps_the_lease_it_took(store: Store) -> None:
    behind, other = Lease(store.database, "one", 10.0), Lease(store.database, "one", 10.0)
    with an_hour_behind():
        assert await behind.acquire()
    assert not await other.acquire()
    with an_hour_behind():
        await behind.renew()
    with pytest.raises(LeaseLost):
        await other.renew()
    await behind.release()
    assert await other.acquire()


async def test_of_many_who_ask_for_a_new_lease_at_once_one_gets_it(store: Store) -> None:
    asking = [Lease(store.database, "many", 10.0) for _ in range(8)]
    assert sum(await asyncio.gather(*(lease.acquire() for lease in asking))) == 1


async def test_a_lease_that_ran_out_is_anybodys_and_its_holder_learns_it(store: Store) -> None:
    stopped, other = Lease(store.database, "one", 1.5), Lease(store.database, "one", 10.0)
    assert await stopped.acquire()
    await eventually(other.acquire)
    with pytest.raises(LeaseLost):
        await stopped.renew()


async def test_an_outage_shorter_than_the_lease_costs_nobody_the_lease(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    lease, renewals = Lease(store.database, "one", 1.5), list[str]()
    acquire = lease.acquire

    async def away_once() -> bool:
        renewals.append("asked")
        if len(renewals) == 2:
            raise ConnectionError
        return await acquire()

    monkeypatch.setattr(lease, "acquire", away_once)
    async with lease.held_while_renewing():
        await eventually(lambda: asyncio.sleep(0, len(renewals)), lambda count: count >= 5)
        lease.check()


async def test_work_leased_by_a_machine_whose_clock_is_behind_is_nobody_elses(store: Store) -> None:
    worker = Worker("ring", nothing)
    work = Work(kind="ring", key="one", area=JAMBUDIPA, due_at=datetime.now(UTC), subject=new_id())

    async def schedule(unit: UnitOfWork) -> None:
        unit.schedule(work)

    await store.transact(COUNTRY, schedule)
    with an_hour_behind():
        (task,) = await Workers(store, [worker])._lease_some(worker)
    assert (task.work.key, task.attempts) == ("one", 1)
    assert await Workers(store, [worker])._lease_some(worker) == []
