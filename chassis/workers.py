"""Leased workers: work with the outside world, each row done by one process at a time.

A lease is short and renewed while the work is done, so that what a killed process held is soon done by another.

A worker does the outside part, then finishes the row in the transaction that records the outcome
(`UnitOfWork.finish`). A crash in between leaves the row, and it is done again: outside effects carry an id that lets
the other side recognise a repetition.
"""

import asyncio
import contextlib
import os
import random
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from opentelemetry.trace import SpanKind
from pydantic import ValidationError

from chassis.store.client import Store
from chassis.store.errors import DATABASE_AWAY, INFRASTRUCTURE, WorkTakenOver
from chassis.store.server_time import server_now
from chassis.store.work import COLLECTION, Task
from chassis.telemetry.propagation import context_from
from chassis.vital import vital

log = structlog.get_logger(__name__)

LEASE_SECONDS = 15.0
RENEWALS_A_LEASE = 3
IDLE_SECONDS = 0.25
SELDOM_SECONDS = 1.0
LOOKED_UP_AT_ONCE = 2_000
OUTAGE_SECONDS = 2.0


@dataclass(frozen=True)
class Worker:
    """Does work of one kind. After `attempts_limit` failures `give_up` records the failure and finishes the row.

    Without `give_up` it tries for ever, at most `backoff_limit_seconds` apart. `seldom`: looked for once a second and
    not after each commit, so that it costs nothing when there is none.
    """

    kind: str
    perform: Callable[[Task], Awaitable[None]]
    give_up: Callable[[Task], Awaitable[None]] | None = None
    attempts_limit: int = 8
    backoff_first_seconds: float = 1.0
    backoff_limit_seconds: float = 900.0
    concurrency: int = 4
    seldom: bool = False

    def backoff(self, attempts: int) -> float:
        ceiling = min(self.backoff_first_seconds * 2 ** min(attempts - 1, 20), self.backoff_limit_seconds)
        return random.uniform(ceiling / 2, ceiling)  # noqa: S311 - jitter


async def must_be_ours(store: Store, task: Task) -> None:
    """Asked just before what cannot be undone, by a worker that may have been stopped for longer than its lease.

    Raises WorkTakenOver.
    """
    row = {"_id": task.work.row_id, "lease": task.lease}
    if await store.database[COLLECTION].find_one(row, {"_id": 1}) is None:
        raise WorkTakenOver(f"the lease on {task.work.kind} was lost")


def _is_free(at: datetime) -> dict[str, object]:
    return {"$or": [{"leased_until": None}, {"leased_until": {"$lt": at}}]}


class Workers:
    """Runs a service's workers until stopped; woken by commits of this process, else four times a second."""

    def __init__(self, store: Store, workers: Sequence[Worker]) -> None:
        self._store = store
        self._workers = workers
        self._work = store.database[COLLECTION]
        self._stopping = False
        self._woken = [asyncio.Event() for _ in workers]
        self._waiting: dict[str, deque[str]] = {worker.kind: deque() for worker in workers}
        self._tasks: list[asyncio.Task[None]] = []
        for worker, event in zip(workers, self._woken, strict=True):
            if not worker.seldom:
                store.on_commit(event.set)

    async def start(self) -> None:
        self._tasks = [
            vital(asyncio.create_task(self._run(worker, woken), name=f"worker-{worker.kind}"))
            for worker, woken in zip(self._workers, self._woken, strict=True)
        ]

    async def stop(self) -> None:
        """Finish what is in hand; rows not begun stay for the next start."""
        self._stopping = True
        for woken in self._woken:
            woken.set()
        await asyncio.gather(*self._tasks)

    async def _run(self, worker: Worker, woken: asyncio.Event) -> None:
        while not self._stopping:
            woken.clear()
            try:
                tasks = await self._lease_some(worker)
                if tasks:
                    await asyncio.gather(*(self._do(worker, task) for task in tasks))
                    continue
                pause = SELDOM_SECONDS if worker.seldom else IDLE_SECONDS
            except INFRASTRUCTURE as fault:
                log.warning("work cannot be read", kind=worker.kind, exc_info=fault)
                pause = OUTAGE_SECONDS
            try:
                await asyncio.wait_for(woken.wait(), pause)
            except TimeoutError:
                continue

    async def _due(self, worker: Worker) -> list[str]:
        """Rows that may be leased, the longest due first.

        Looked up very many at a time: a database that reads all that is due to sort it would spend its time on that.
        """
        found = self._work.find(self._is_due(worker), {"_id": 1}).sort("not_before", 1).limit(LOOKED_UP_AT_ONCE)
        return [row["_id"] async for row in found]

    async def _lease_some(self, worker: Worker) -> list[Task]:
        """As many as are done at a time of those looked up that are still free: others look at the same rows."""
        tasks: list[Task] = []
        waiting = self._waiting[worker.kind]
        if not waiting:
            waiting.extend(await self._due(worker))
        if not waiting:
            return tasks
        # Not by the service's clock: a demonstration that moves days forward must not end leases.
        leased_at = await server_now(self._store.database)
        while waiting and len(tasks) < worker.concurrency:
            row = await self._work.find_one_and_update(
                {"_id": waiting.popleft(), **self._is_due(worker), **_is_free(leased_at)},
                {
                    "$set": {
                        "lease": os.urandom(8).hex(),
                        "leased_at": leased_at,
                        "leased_until": leased_at + timedelta(seconds=LEASE_SECONDS),
                    },
                    "$inc": {"attempts": 1},
                },
                return_document=True,
            )
            if row is None:
                continue
            try:
                tasks.append(Task.from_row(row))
            except (ValidationError, KeyError) as broken:
                # Raised on, it would end the process, and the next one, over one row that another release may know.
                log.error("work that cannot be read is left alone", row=row["_id"], exc_info=broken)
        return tasks

    def _is_due(self, worker: Worker) -> dict[str, object]:
        return {"kind": worker.kind, "not_before": {"$lte": self._store.clock.now()}}

    async def _do(self, worker: Worker, task: Task) -> None:
        instruments = self._store.telemetry.instruments
        kind = {"puskesos.work.kind": worker.kind}
        lateness = (self._store.clock.now() - task.work.due_at).total_seconds()
        instruments.work_lateness.record(max(lateness, 0.0), kind)
        with self._store.telemetry.tracer.start_as_current_span(
            f"work {worker.kind}",
            context=context_from(task.traceparent),
            kind=SpanKind.INTERNAL,
            attributes={"puskesos.work.kind": worker.kind, "puskesos.work.attempt": task.attempts},
            record_exception=False,
            set_status_on_exception=False,
        ):
            try:
                async with self._kept(task):
                    await worker.perform(task)
                instruments.work_done.add(1, kind)
            except WorkTakenOver:
                log.info("work taken over", kind=worker.kind)
            except Exception as fault:
                instruments.work_failed.add(1, kind)
                log.warning("work failed", kind=worker.kind, attempt=task.attempts, exc_info=fault)
                await self._after_failure(worker, task, fault)

    @contextlib.asynccontextmanager
    async def _kept(self, task: Task) -> AsyncIterator[None]:
        """Renew the lease of a row while the block runs."""
        renewing = asyncio.create_task(self._renew(task), name=f"lease-{task.work.kind}")
        try:
            yield
        finally:
            renewing.cancel()

    async def _renew(self, task: Task) -> None:
        # Only what is leased: a renewal that arrives after the row was given back must not take it again.
        ours = {"_id": task.work.row_id, "lease": task.lease, "leased_until": {"$ne": None}}
        while True:
            await asyncio.sleep(LEASE_SECONDS / RENEWALS_A_LEASE)
            with contextlib.suppress(*INFRASTRUCTURE):  # else it runs out, and another does the row
                until = await server_now(self._store.database) + timedelta(seconds=LEASE_SECONDS)
                await self._work.update_one(ours, {"$set": {"leased_until": until}})

    async def _after_failure(self, worker: Worker, task: Task, fault: Exception) -> None:
        outage = isinstance(fault, DATABASE_AWAY)
        try:
            if worker.give_up is not None and task.attempts >= worker.attempts_limit and not outage:
                await worker.give_up(task)
                return
            await self._work.update_one(
                {"_id": task.work.row_id, "lease": task.lease},
                {
                    # An outage is not the neighbour's refusal: it uses up no attempt.
                    "$inc": {"attempts": -1 if outage else 0},
                    "$set": {
                        "leased_until": None,
                        "not_before": self._store.clock.now() + timedelta(seconds=worker.backoff(task.attempts)),
                    },
                },
            )
        except Exception as error:
            # The lease runs out and the row is done again.
            log.warning("failure not recorded", kind=worker.kind, exc_info=error)
