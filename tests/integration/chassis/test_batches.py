"""The batch processor on a real database: once, in spite of repetitions, poison and company."""

import asyncio
import json
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from pymongo.errors import NetworkTimeout, OperationFailure

from chassis.area import COUNTRY
from chassis.bus import BatchProcessor, Message, Reaction, Stopping, TooManyDeadLetters
from chassis.outbox.outgoing import new_id
from chassis.store import Store
from chassis.store.batch import BatchStore
from contracts import Event, encode
from contracts.events import ComplaintAmended, ComplaintCreated
from contracts.vocabulary import Amendment
from tests.harness.builders import a_complaint_state, an_event
from tests.harness.ledger import a_message, a_processor, account_of, messages_of
from tests.harness.tiny import ACCOUNTS, LEDGER, POISON_AREA, Account, ledger_handlers
from tests.harness.waiting import eventually
from tests.integration.chassis.conftest import OpenStore


def amended(case: str, sequence: int) -> Message:
    event = an_event(
        ComplaintAmended(change=Amendment.FACTS_CORRECTED, complaint=a_complaint_state()), case=case, sequence=sequence
    )
    return a_message(event, offset=sequence, topic="complaint.amended")


async def dead_reasons(store: Store) -> dict[str, str]:
    return {row["_id"]: row["reason"] async for row in store.database["dead_letters"].find()}


async def test_events_of_one_case_in_one_batch_are_folded_in_order(ledger_store: Store) -> None:
    case = new_id()
    await a_processor(ledger_store).process([amended(case, number) for number in range(1, 8)])
    account = await account_of(ledger_store, case)
    assert len(account.heard_events) == 7
    assert account.heard.latest("/districts/32.03/intake", case) == 7
    assert account.revision == 1


async def test_a_batch_delivered_again_changes_nothing(ledger_store: Store) -> None:
    batch = messages_of(*(an_event() for _ in range(60)))
    processor = a_processor(ledger_store)
    await processor.process(batch)
    before = await ledger_store.reading(COUNTRY, ACCOUNTS).all(limit=100)
    await processor.process([*batch, *batch])
    assert set(await ledger_store.reading(COUNTRY, ACCOUNTS).all(limit=100)) == set(before)
    assert len(before) == 60


async def test_poison_costs_only_its_own_event(ledger_store: Store) -> None:
    good, bad = an_event(), an_event(area=POISON_AREA)
    await a_processor(ledger_store).process(messages_of(bad, b"\xff not json", good))
    assert (await account_of(ledger_store, good.correlationid)).heard_events == (good.id,)
    assert await dead_reasons(ledger_store) == {
        "complaint.created-0-0": "handler_failed",
        "complaint.created-0-1": "malformed_event",
    }


async def test_a_future_major_is_set_aside_and_a_future_minor_is_read(ledger_store: Store) -> None:
    newer = json.loads(encode(an_event()))
    newer["dataschema"] = newer["dataschema"].replace(":1.0", ":1.7")
    newer["data"]["complaint"]["not_yet_known"] = "something"
    future = json.loads(encode(an_event()))
    future["type"] = "puskesos.complaint.created.v2"
    await a_processor(ledger_store).process(messages_of(json.dumps(newer).encode(), json.dumps(future).encode()))
    assert (await account_of(ledger_store, newer["correlationid"])).heard_events == (newer["id"],)
    assert await dead_reasons(ledger_store) == {"complaint.created-0-1": "unsupported_major"}


async def test_a_dead_letter_delivered_again_is_one_dead_letter(ledger_store: Store) -> None:
    processor = a_processor(ledger_store)
    for _ in range(3):
        await processor.process(messages_of(an_event(area=POISON_AREA)))
    assert len(await dead_reasons(ledger_store)) == 1


async def test_too_many_dead_letters_in_a_row_stop_before_anything_of_the_batch_is_committed(
    ledger_store: Store,
) -> None:
    processor = a_processor(ledger_store, limit=3)
    good = an_event()
    poison = [an_event(area=POISON_AREA) for _ in range(4)]
    with pytest.raises(TooManyDeadLetters):
        await processor.process(messages_of(good, *poison))
    assert await ledger_store.reading(COUNTRY, ACCOUNTS).count() == 0
    assert await dead_reasons(ledger_store) == {}


async def test_dead_letters_in_a_row_are_counted_across_batches_and_forgotten_after_a_good_one(
    ledger_store: Store,
) -> None:
    processor = a_processor(ledger_store, limit=3)
    offset = iter(range(100))

    async def feed(*areas: str) -> None:
        await processor.process([a_message(an_event(area=area), next(offset)) for area in areas])

    await feed(POISON_AREA, POISON_AREA, POISON_AREA, "32.03.02.2002", POISON_AREA, POISON_AREA)
    await feed(POISON_AREA)
    with pytest.raises(TooManyDeadLetters):
        await feed(POISON_AREA)


async def test_two_instances_folding_the_same_case_at_once_lose_nothing(open_store: OpenStore) -> None:
    case = new_id()
    first, second = await open_store(LEDGER), await open_store(LEDGER)
    odd = [amended(case, number) for number in range(1, 20, 2)]
    even = [amended(case, number) for number in range(2, 21, 2)]
    await asyncio.gather(
        *(a_processor(first).process([message]) for message in odd),
        *(a_processor(second).process([message]) for message in even),
    )
    account = await account_of(first, case)
    assert len(account.heard_events) == 20
    assert account.heard.missing("/districts/32.03/intake", case) == ()


async def test_a_document_the_database_refuses_costs_only_the_event_that_made_it(ledger_store: Store) -> None:
    good, refused = an_event(), an_event()
    handlers = ledger_handlers()
    note = handlers.handler_of(refused)
    assert note is not None

    @handlers.on(ComplaintCreated)
    def unstorable(stored: Account | None, event: Event[ComplaintCreated], now: datetime) -> Reaction[Account]:
        reaction = note(stored, event, now)
        if event.id != refused.id or reaction.document is None:
            return reaction
        beyond_64_bits = {"heard_events": (2**70,)}
        return Reaction(reaction.document.model_copy(update=beyond_64_bits))

    processor = BatchProcessor(ledger_store, handlers, group="test", dead_letters_in_a_row_limit=100)
    await processor.process(messages_of(refused, good))
    assert (await account_of(ledger_store, good.correlationid)).heard_events == (good.id,)
    assert await dead_reasons(ledger_store) == {"complaint.created-0-0": "unstorable"}


async def test_what_is_only_noted_turns_back_nobody_who_edits_meanwhile(ledger_store: Store) -> None:
    case, handlers = new_id(), ledger_handlers()
    note = handlers.handler_of(an_event())
    assert note is not None

    @handlers.on(ComplaintAmended)
    def only_note(stored: Account | None, event: Event[ComplaintAmended], now: datetime) -> Reaction[Account]:
        return replace(note(stored, event, now), only_noted=True)

    processor = BatchProcessor(ledger_store, handlers, group="test", dead_letters_in_a_row_limit=100)
    await processor.process(messages_of(an_event(case=case)))
    before = await account_of(ledger_store, case)
    await processor.process([amended(case, 2)])
    noted = await account_of(ledger_store, case)
    assert (before.edition, noted.edition) == (1, 1)
    assert noted.revision > before.revision
    await processor.process(messages_of(an_event(case=case, sequence=3)))
    assert (await account_of(ledger_store, case)).edition == 2


async def test_a_good_event_at_the_end_of_a_batch_does_not_hide_the_storm_before_it(ledger_store: Store) -> None:
    processor = a_processor(ledger_store, limit=3)
    storm = [an_event(area=POISON_AREA) for _ in range(4)]
    with pytest.raises(TooManyDeadLetters):
        await processor.process(messages_of(*storm, an_event()))
    assert await dead_reasons(ledger_store) == {}


async def test_a_field_of_a_newer_release_is_read_over(ledger_store: Store) -> None:
    case = new_id()
    await a_processor(ledger_store).process([amended(case, 1)])
    await ledger_store.database["accounts"].update_one({"_id": case}, {"$set": {"not_yet_known": 1}})
    await a_processor(ledger_store).process([amended(case, 2)])
    assert len((await account_of(ledger_store, case)).heard_events) == 2
    assert await dead_reasons(ledger_store) == {}


async def test_a_stop_is_not_held_up_by_a_database_that_is_away(
    ledger_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts: list[int] = []

    def away(*_: object) -> object:
        attempts.append(1)
        raise ConnectionError

    monkeypatch.setattr(ledger_store, "transaction", away)
    processor = a_processor(ledger_store)
    task = asyncio.create_task(processor.process(messages_of(an_event())))
    await eventually(lambda: asyncio.sleep(0, len(attempts)), lambda count: count >= 2)
    assert not task.done()
    processor.stop_retrying()
    with pytest.raises(Stopping):
        await task


async def test_a_batch_delivered_again_is_no_storm_however_many_of_its_good_events_only_repeat(
    ledger_store: Store,
) -> None:
    mixed = messages_of(*(an_event(area=area) for _ in range(4) for area in (POISON_AREA, "32.03.02.2002")))
    await a_processor(ledger_store, limit=3).process(mixed)
    await a_processor(ledger_store, limit=3).process(mixed)
    assert len(await dead_reasons(ledger_store)) == 4


async def test_poison_delivered_again_and_again_counts_once_towards_a_storm(ledger_store: Store) -> None:
    processor = a_processor(ledger_store, limit=3)
    poison = messages_of(an_event(area=POISON_AREA), an_event(area=POISON_AREA))
    for _ in range(5):
        await processor.process(poison)
    with pytest.raises(TooManyDeadLetters):
        await processor.process([a_message(an_event(area=POISON_AREA), offset) for offset in (2, 3)])


async def test_poison_of_those_who_are_not_of_the_house_stops_nobody_else(ledger_store: Store) -> None:
    handlers = ledger_handlers()
    handlers.foreign = lambda topic: topic.startswith("partner.")
    processor = BatchProcessor(ledger_store, handlers, group="test", dead_letters_in_a_row_limit=3)
    good = an_event()
    garbage = [a_message(b"no event at all", offset, "partner.somebody.referral.answered") for offset in range(9)]
    await processor.process([*garbage, a_message(good)])
    assert (await account_of(ledger_store, good.correlationid)).heard_events == (good.id,)
    assert len(await dead_reasons(ledger_store)) == 9


async def test_a_batch_that_others_are_always_quicker_than_is_done_in_smaller_ones(
    ledger_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a slow database, whose workers' small transactions are always first."""
    write, sizes = BatchStore.write_documents, []

    async def conflict_unless_small(batch: BatchStore, collection: Any, documents: Any, known: Any) -> None:
        sizes.append(len(documents))
        if len(documents) > 2:
            raise OperationFailure("conflict", 112, {"errorLabels": ["TransientTransactionError"]})
        await write(batch, collection, documents, known)

    monkeypatch.setattr(BatchStore, "write_documents", conflict_unless_small)
    cases = [new_id() for _ in range(8)]
    await a_processor(ledger_store).process(messages_of(*(an_event(case=case) for case in cases)))
    assert [len((await account_of(ledger_store, case)).heard_events) for case in cases] == [1] * 8
    assert sizes == [8, 8, 8, 4, 4, 4, 2, 2, 4, 4, 4, 2, 2]


async def test_a_batch_that_the_database_is_too_slow_for_is_done_in_smaller_ones(
    ledger_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Begun anew as a whole it would time out for ever, and the database would do nothing else."""
    write, sizes = BatchStore.write_documents, []

    async def late_unless_small(batch: BatchStore, collection: Any, documents: Any, known: Any) -> None:
        sizes.append(len(documents))
        if len(documents) > 60:
            raise NetworkTimeout("timed out")
        await write(batch, collection, documents, known)

    monkeypatch.setattr(BatchStore, "write_documents", late_unless_small)
    cases = [new_id() for _ in range(120)]
    await a_processor(ledger_store).process(messages_of(*(an_event(case=case) for case in cases)))
    assert sizes == [120, 120, 120, 60, 60]
    assert len(await ledger_store.reading(COUNTRY, ACCOUNTS).all(limit=200)) == 120
