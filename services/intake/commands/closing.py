"""The ends of a case at the window: answered, withdrawn, confirmed, reopened, or closed because nobody spoke."""

from chassis.identity import Actor
from chassis.store import Task, UnitOfWork
from contracts.vocabulary import WithdrawalReason
from services.intake.answers import DeskAnswer
from services.intake.commands.desk import complaint_for_edit, keep_moved
from services.intake.domain.closing import answer_at_desk, close_by_silence, confirm_solved, reopen, withdraw
from services.intake.domain.errors import UnknownCase
from services.intake.domain.rating import rate
from services.intake.silence import CLOSE_SILENT_CASE
from services.intake.store import COMPLAINTS, StoredComplaint


async def answer_complaint(
    unit: UnitOfWork, actor: Actor, case_id: str, answer: DeskAnswer, text: str, *, expected: int
) -> StoredComplaint:
    """The desk answers at once; `text` stays in the village. Raises NotFound, StaleEdit, IllegalMove."""
    stored = await complaint_for_edit(unit, case_id, expected)
    return await keep_moved(unit, actor, stored, answer_at_desk(stored.complaint, answer, now=unit.now, text=text))


async def withdraw_complaint(
    unit: UnitOfWork,
    actor: Actor,
    case_id: str,
    reason: WithdrawalReason,
    *,
    duplicate_of: str | None,
    expected: int,
) -> StoredComplaint:
    """The citizen takes it back, or it repeats another case of the area.

    Raises NotFound, StaleEdit, UnknownCase, IncompleteComplaint, IllegalMove.
    """
    stored = await complaint_for_edit(unit, case_id, expected)
    moved = withdraw(stored.complaint, reason, now=unit.now, duplicate_of=duplicate_of)
    if duplicate_of is not None and await unit.of(COMPLAINTS).find(duplicate_of) is None:
        raise UnknownCase
    return await keep_moved(unit, actor, stored, moved)


async def reopen_complaint(
    unit: UnitOfWork, actor: Actor, case_id: str, reason: str, *, expected: int
) -> StoredComplaint:
    """Not solved after all; the citizen's words stay in the village.

    Raises NotFound, StaleEdit, TooLateToReopen, IllegalMove.
    """
    stored = await complaint_for_edit(unit, case_id, expected)
    moved = reopen(stored.complaint, now=unit.now, reason=reason)
    unit.unschedule(CLOSE_SILENT_CASE, case_id)
    return await keep_moved(unit, actor, stored, moved)


async def confirm_complaint(unit: UnitOfWork, actor: Actor, case_id: str, *, expected: int) -> StoredComplaint:
    """The citizen says it is solved. Raises NotFound, StaleEdit, IllegalMove."""
    stored = await complaint_for_edit(unit, case_id, expected)
    moved = confirm_solved(stored.complaint, now=unit.now)
    unit.unschedule(CLOSE_SILENT_CASE, case_id)
    return await keep_moved(unit, actor, stored, moved)


async def rate_complaint(unit: UnitOfWork, actor: Actor, case_id: str, stars: int, *, expected: int) -> StoredComplaint:
    """The citizen says how satisfied they are, 1 to 5. Raises NotFound, StaleEdit, AlreadyRated, IllegalMove."""
    stored = await complaint_for_edit(unit, case_id, expected)
    return await keep_moved(unit, actor, stored, rate(stored.complaint, stars, now=unit.now))


async def close_silent_complaint(unit: UnitOfWork, task: Task) -> None:
    """The time to reopen passed without a word: the case closes, in the transaction that ends the work.

    A case that ended or was reopened meanwhile is left as it is. Raises WorkTakenOver, IllegalMove when called early.
    """
    await unit.finish(task)
    stored = await unit.of(COMPLAINTS).find(task.work.subject)
    if stored is not None and stored.complaint.resolved:
        await keep_moved(unit, None, stored, close_by_silence(stored.complaint, now=unit.now))
