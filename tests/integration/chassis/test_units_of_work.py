"""Units of work and repositories on a real database."""

import asyncio
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from pymongo.errors import OperationFailure

from chassis.area import COUNTRY, Scope
from chassis.outbox.outgoing import Outgoing, new_id
from chassis.store import AlreadyExists, Migration, NotFound, Order, Rewriting, StaleEdit, Store, UnitOfWork, client
from chassis.store.errors import OutcomeUnknown, OutOfScope
from chassis.store.transactions import commit
from contracts import decode
from contracts.events import ComplaintCreated
from tests.harness.builders import JAMBUDIPA, a_complaint_state
from tests.harness.tiny import ENTRIES, Entry
from tests.integration.chassis.conftest import OpenStore

VILLAGE, OTHER_VILLAGE, DISTRICT = Scope(JAMBUDIPA), Scope("32.03.02.2003"), Scope("32.03")
MADE_AT = datetime(2026, 11, 22, 3, 0, 0, 123000, tzinfo=UTC)


def an_entry(**changes: Any) -> Entry:
    return Entry(**{"id": new_id(), "area": JAMBUDIPA, "title": "first", "made_at": MADE_AT, **changes})


async def add(store: Store, entry: Entry, scope: Scope = COUNTRY) -> Entry:
    async def deed(unit: UnitOfWork) -> Entry:
        return await unit.of(ENTRIES).add(entry)

    return await store.transact(scope, deed)


async def test_what_was_stored_is_read_back_equal(store: Store) -> None:
    added = await add(store, an_entry())
    assert await store.reading(VILLAGE, ENTRIES).get(added.id) == added


async def test_outside_ones_area_a_document_does_not_exist(store: Store) -> None:
    added = await add(store, an_entry())
    assert (await store.reading(DISTRICT, ENTRIES).get(added.id)).id == added.id
    with pytest.raises(NotFound):
        await store.reading(OTHER_VILLAGE, ENTRIES).get(added.id)
    assert await store.reading(OTHER_VILLAGE, ENTRIES).count() == 0
    assert (await store.reading(OTHER_VILLAGE, ENTRIES).page(order=Order("made_at"))).items == ()


async def test_nothing_can_be_written_outside_ones_area(store: Store) -> None:
    with pytest.raises(OutOfScope):
        await add(store, an_entry(), OTHER_VILLAGE)
    assert await store.reading(COUNTRY, ENTRIES).count() == 0


async def test_a_deed_that_fails_leaves_nothing_behind_neither_document_nor_event(store: Store) -> None:
    async def deed(unit: UnitOfWork) -> None:
        await unit.of(ENTRIES).add(an_entry(), [Outgoing(ComplaintCreated(complaint=a_complaint_state()))])
        raise LookupError

    with pytest.raises(LookupError):
        await store.transact(VILLAGE, deed)
    assert await store.reading(COUNTRY, ENTRIES).count() == 0
    assert await store.database["outbox"].count_documents({}) == 0


async def test_a_document_and_what_it_tells_are_stored_together_and_counted(store: Store) -> None:
    entry = an_entry()

    async def deed(unit: UnitOfWork) -> Entry:
        event = Outgoing(ComplaintCreated(complaint=a_complaint_state()))
        return await unit.of(ENTRIES).add(entry, [event, event])

    stored = await store.transact(VILLAGE, deed)
    assert stored.published_about(entry.id) == 2
    row = await store.database["outbox"].find_one({})
    assert row is not None
    assert [decode(event["value"]).sequence for event in row["events"]] == [1, 2]


async def test_the_same_id_twice_is_refused_without_trying_for_ever(store: Store) -> None:
    entry = await add(store, an_entry())
    with pytest.raises(AlreadyExists):
        await add(store, entry)


async def test_a_change_that_rests_on_an_old_reading_is_refused(store: Store) -> None:
    entry = await add(store, an_entry())

    async def retitle(unit: UnitOfWork) -> Entry:
        loaded = await unit.of(ENTRIES).get(entry.id)
        return await unit.of(ENTRIES).save(loaded.model_copy(update={"title": "new"}), expected=1)

    assert (await store.transact(VILLAGE, retitle)).revision == 2
    with pytest.raises(StaleEdit):
        await store.transact(VILLAGE, retitle)


async def test_deeds_on_one_document_at_once_all_count(store: Store) -> None:
    entry = await add(store, an_entry(title="0"))

    async def increase(unit: UnitOfWork) -> None:
        loaded = await unit.of(ENTRIES).get(entry.id)
        await unit.of(ENTRIES).save(loaded.model_copy(update={"title": str(int(loaded.title) + 1)}))

    await asyncio.gather(*(store.transact(VILLAGE, increase) for _ in range(8)))
    assert (await store.reading(VILLAGE, ENTRIES).get(entry.id)).title == "8"


async def test_a_cancelled_deed_leaves_its_session_usable(store: Store) -> None:
    begun = asyncio.Event()

    async def never_ends(unit: UnitOfWork) -> None:
        await unit.of(ENTRIES).add(an_entry())
        begun.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(store.transact(VILLAGE, never_ends))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    for _ in range(20):
        await add(store, an_entry())
    assert await store.reading(COUNTRY, ENTRIES).count() == 20


async def test_pages_show_everything_once_in_order_while_others_write(store: Store) -> None:
    for number in range(7):
        await add(store, an_entry(title=str(number), made_at=MADE_AT + timedelta(minutes=number // 2)))
    reader = store.reading(VILLAGE, ENTRIES)
    page = await reader.page(order=Order("made_at", -1), limit=3)
    seen = [*page.items]
    await add(store, an_entry(title="late", made_at=MADE_AT + timedelta(days=1)))
    while page.next_cursor:
        page = await reader.page(order=Order("made_at", -1), limit=3, cursor=page.next_cursor)
        seen += page.items
    assert [entry.made_at for entry in seen] == sorted((entry.made_at for entry in seen), reverse=True)
    assert sorted(entry.title for entry in seen) == [str(number) for number in range(7)]


async def test_declared_indexes_are_there(store: Store) -> None:
    assert "within_1_made_at_1" in await store.database["entries"].index_information()


async def test_a_migration_is_applied_once_however_many_instances_start(open_store: OpenStore) -> None:
    applied: list[str] = []
    first = await open_store()
    await add(first, an_entry(title="old"))

    async def rename(rewriting: Rewriting) -> None:
        applied.append("rename")
        await rewriting.rewrite("entries", lambda stored: {**stored, "title": str(stored["title"]).upper()})

    migration = Migration(1, "titles in capitals", rename)
    stores = await asyncio.gather(*(open_store(migrations=(migration,)) for _ in range(3)))
    assert applied == ["rename"]
    page = await stores[0].reading(COUNTRY, ENTRIES).page(order=Order("made_at"))
    assert [entry.title for entry in page.items] == ["OLD"]


async def test_a_failed_migration_is_begun_again_at_the_next_start(open_store: OpenStore) -> None:
    async def fail(_rewriting: Rewriting) -> None:
        raise LookupError

    with pytest.raises(LookupError):
        await open_store(migrations=(Migration(1, "fails", fail),))
    applied: list[int] = []

    async def succeed(_rewriting: Rewriting) -> None:
        applied.append(1)

    await open_store(migrations=(Migration(1, "mended", succeed),))
    assert applied == [1]


async def test_opening_is_repeated_after_a_failure_as_if_it_were_the_first(store: Store) -> None:
    applied: list[int] = []

    async def apply(_rewriting: Rewriting) -> None:
        applied.append(1)

    await store.open((ENTRIES,), (Migration(1, "the second time it works", apply),))
    assert applied == [1]
    assert await store.database["processes"].count_documents({}) == 1


class Commit:
    """Stands in for a session whose commit was sent so often before this fault came back."""

    def __init__(self, attempt: int, *labels: str) -> None:
        self.delegate = SimpleNamespace(_transaction=SimpleNamespace(attempt=attempt))
        self._labels = labels

    async def commit_transaction(self) -> None:
        raise OperationFailure("no such transaction", 251, {"errorLabels": list(self._labels)})


@pytest.mark.parametrize(
    ("session", "raised"),
    [
        (Commit(1, "UnknownTransactionCommitResult"), OutcomeUnknown),
        # Asked again, a server restarted after a commit knows no such transaction and calls beginning anew safe.
        (Commit(2, "TransientTransactionError"), OutcomeUnknown),
        (Commit(1, "TransientTransactionError"), OperationFailure),
    ],
)
async def test_only_a_commit_that_surely_failed_is_called_failed(session: Any, raised: type[Exception]) -> None:
    with pytest.raises(raised):
        await commit(session)


async def test_a_commit_whose_answer_stays_away_is_said_to_be_unknown_and_not_repeated(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    deeds: list[int] = []

    async def unanswered(_session: object) -> None:
        raise OutcomeUnknown

    async def deed(unit: UnitOfWork) -> None:
        deeds.append(1)

    monkeypatch.setattr(client, "commit", unanswered)
    with pytest.raises(OutcomeUnknown, match="not known"):
        await store.transact(VILLAGE, deed)
    assert deeds == [1]
