"""What intake does by itself when its time has come."""

from chassis.area import Scope
from chassis.store import Store, Task, UnitOfWork
from chassis.workers import Worker
from services.intake.commands.closing import close_silent_complaint
from services.intake.silence import CLOSE_SILENT_CASE


def silent_case_closer(store: Store) -> Worker:
    """Closes a resolved case once its time to reopen has passed."""

    async def close(task: Task) -> None:
        async def deed(unit: UnitOfWork) -> None:
            await close_silent_complaint(unit, task)

        await store.transact(Scope(task.work.area), deed)

    return Worker(kind=CLOSE_SILENT_CASE, perform=close)
