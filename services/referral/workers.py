"""Deadlines that pass by themselves: referrals nobody answered, clocks that were breached.

A row is only a reminder. What is due is decided anew from the handling, and the row is finished in the
transaction that acts on it: a worker that comes late, early or twice changes nothing.
"""

from collections.abc import Callable

from chassis.area import COUNTRY
from chassis.outbox.outgoing import new_id
from chassis.store import Store, Task, UnitOfWork
from chassis.workers import Worker
from services.referral import history
from services.referral.commands import keep
from services.referral.consequences import AGENCY_ANSWER, CLOCK, deadlines_of
from services.referral.domain.clocks import ClockName
from services.referral.domain.deadlines import breach_clock
from services.referral.domain.errors import NotYetDue, UnknownClock
from services.referral.domain.moves import Moved
from services.referral.domain.referring import expire_referral
from services.referral.reference import Reference
from services.referral.store import HANDLINGS, Deed, StoredHandling

Pass = Callable[[StoredHandling, Task, UnitOfWork], tuple[Moved, Deed]]
"""What happens when a deadline has passed. Raises NotYetDue, UnknownClock when it has not."""


def build_workers(store: Store, reference: Reference) -> tuple[Worker, ...]:
    def expire(stored: StoredHandling, task: Task, unit: UnitOfWork) -> tuple[Moved, Deed]:
        rules = reference.rules_at(stored.area, unit.now)
        moved = expire_referral(stored.handling, task.work.key, rules=rules, now=unit.now, new_id=new_id)
        return moved, history.expired(task.work.key, at=unit.now)

    def breach(stored: StoredHandling, task: Task, unit: UnitOfWork) -> tuple[Moved, Deed]:
        clock = ClockName(task.work.detail)
        return breach_clock(stored.handling, clock, unit.now), history.breached(clock, at=unit.now)

    return (
        Worker(AGENCY_ANSWER, perform=lambda task: _pass(store, task, expire)),
        Worker(CLOCK, perform=lambda task: _pass(store, task, breach)),
    )


async def _pass(store: Store, task: Task, what: Pass) -> None:
    async def deed(unit: UnitOfWork) -> None:
        stored = await unit.of(HANDLINGS).find(task.work.subject)
        await unit.finish(task)
        if stored is None:
            return
        try:
            moved, line = what(stored, task, unit)
        except (NotYetDue, UnknownClock):
            # The deadline moved, or is no more. If it is still there, this row was its only reminder.
            for work in deadlines_of(stored.handling):
                if work.row_id == task.work.row_id:
                    unit.schedule(work)
            return
        await keep(unit, stored, moved, line)

    await store.transact(COUNTRY, deed)
