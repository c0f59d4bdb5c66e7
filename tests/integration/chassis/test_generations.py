"""Generations of read models: one is live, and whoever writes meets no switch half-way."""

import asyncio
from dataclasses import replace

import pytest

from chassis.bus import BatchProcessor, Reaction
from chassis.bus.target import BuildingTarget, LiveTarget
from chassis.dead_letters.box import Choice, DeadLetterBox
from chassis.outbox.outgoing import new_id
from chassis.store import AlreadyExists, LeaseLost, Store
from chassis.store.generation import FIRST, Generation, ReadModels, Stage
from chassis.store.generations import Generations, NothingIsBuilt, Session
from chassis.store.side_by_side import ROWS_A_FIND, side_by_side
from contracts.events import ComplaintCreated
from tests.harness.builders import JAMBUDIPA, an_event
from tests.harness.ledger import a_message, messages_of
from tests.harness.tiny import ACCOUNTS, POISON_AREA, Account, ledger_handlers

MODELS = ReadModels((ACCOUNTS,), recipe=3)


@pytest.fixture
async def generations(ledger_store: Store) -> Generations:
    made = Generations(ledger_store, MODELS)
    await made.prepare()
    return made


def a_processor(store: Store) -> BatchProcessor[Account]:
    handlers = replace(ledger_handlers(), read_models=MODELS)
    return BatchProcessor(store, handlers, group="test", dead_letters_in_a_row_limit=100)


def a_reaction(case: str) -> Reaction[Account]:
    return Reaction(Account(id=case, area=JAMBUDIPA))


async def ids_in(store: Store, generation: Generation) -> set[str]:
    return {row["_id"] async for row in store.database[generation.name(ACCOUNTS.name)].find({}, {"_id": 1})}


async def switched(generations: Generations) -> Generation:
    building = await generations.begin("me")
    await generations.create(building.generation)
    await generations.end(await generations.switch(building))
    return building.generation


async def test_a_new_installation_is_of_the_present_recipe_and_one_from_before_of_the_first(
    ledger_store: Store,
) -> None:
    assert (await Generations(ledger_store, MODELS).prepare()).recipe == 3
    await ledger_store.database["generations"].drop()
    await a_processor(ledger_store).process(messages_of(an_event()))
    assert (await Generations(ledger_store, MODELS).prepare()).recipe == 1


async def test_a_batch_reads_and_writes_the_live_generation(ledger_store: Store, generations: Generations) -> None:
    processor, case = a_processor(ledger_store), new_id()
    await processor.process(messages_of(an_event(case=case)))
    second = await switched(generations)
    assert second.number == 2
    await processor.process(messages_of(an_event(case=case, sequence=2)))
    row = await ledger_store.database[second.name(ACCOUNTS.name)].find_one({"_id": case})
    assert row is not None
    assert len(row["heard_events"]) == 1, "it continued a document of the generation before"
    assert await ids_in(ledger_store, FIRST) == {case}


async def test_a_replay_in_flight_keeps_the_switch_waiting_or_begins_anew_in_the_new_generation(
    ledger_store: Store, generations: Generations, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No rebuild would read its event again after the switch: it was on the topics long before."""
    poison = an_event(area=POISON_AREA)
    await a_processor(ledger_store).process([a_message(poison)])
    letter = await DeadLetterBox(ledger_store).show("complaint.created-0-0")
    handlers = replace(ledger_handlers(), read_models=MODELS)

    @handlers.on(ComplaintCreated)
    def mended(stored: Account | None, event: object, now: object) -> Reaction[Account]:
        return a_reaction(poison.correlationid)

    in_flight, go_on = asyncio.Event(), asyncio.Event()
    before_replay = LiveTarget.before_replay

    async def wait_there(target: LiveTarget, session: Session) -> None:
        if not in_flight.is_set():
            in_flight.set()
            await go_on.wait()
        await before_replay(target, session)

    monkeypatch.setattr(LiveTarget, "before_replay", wait_there)
    processor = BatchProcessor(ledger_store, handlers, group="test", dead_letters_in_a_row_limit=100)
    replaying = asyncio.create_task(processor.replay(letter))
    await in_flight.wait()
    second = await switched(generations)
    go_on.set()
    assert (await replaying).handled
    assert await ids_in(ledger_store, second) == {poison.correlationid}
    assert await ids_in(ledger_store, FIRST) == set()


async def test_one_generation_is_built_at_a_time_and_only_its_holder_moves_it(
    ledger_store: Store, generations: Generations
) -> None:
    mine = await generations.begin("me")
    with pytest.raises(AlreadyExists):
        await generations.begin("another")
    theirs = await generations.take_over(mine, "another")
    for step in (generations.begin_reading, generations.switch):
        with pytest.raises(LeaseLost):
            await step(mine)
    assert (await generations.live()).number == 1
    assert (await generations.begin_reading(theirs)).stage is Stage.READING


async def test_a_batch_that_was_not_committed_leaves_no_trace_of_how_far_it_read(
    ledger_store: Store, generations: Generations
) -> None:
    """Else a rebuild that dies behind it would go on behind events that had no effect."""
    building = await generations.begin_reading(await generations.begin("me"))
    target, batch = BuildingTarget(ledger_store, building), [a_message(an_event(), offset) for offset in range(10)]
    with pytest.raises(ZeroDivisionError):
        async with ledger_store.transaction() as session:
            await target.note(batch, session)
            raise ZeroDivisionError
    async with ledger_store.transaction() as session:
        await target.note([a_message(an_event(), 0, topic="complaint.amended")], session)
    stored = await generations.building()
    assert stored is not None
    assert stored.offsets == {("complaint.amended", 0): 1}


async def test_what_is_live_cannot_be_abandoned(generations: Generations) -> None:
    with pytest.raises(NothingIsBuilt):
        await generations.abandon()
    building = await generations.begin("me")
    await generations.switch(building)
    with pytest.raises(NothingIsBuilt):
        await generations.abandon()
    assert (await generations.live()).number == building.number


async def test_handlers_of_read_models_that_want_to_do_something_are_poison(ledger_store: Store) -> None:
    handlers = replace(ledger_handlers(), read_models=MODELS)

    @handlers.on(ComplaintCreated)
    def wants_work(stored: Account | None, event: object, now: object) -> Reaction[Account]:
        return replace(a_reaction("a"), undo_work=(("kind", "key"),))

    processor = BatchProcessor(ledger_store, handlers, group="test", dead_letters_in_a_row_limit=100)
    await processor.process(messages_of(an_event()))
    assert [letter.detail async for letter in DeadLetterBox(ledger_store).list(Choice())] == ["ValueError"]


async def test_rows_of_two_generations_are_walked_side_by_side_over_many_pages(
    ledger_store: Store, generations: Generations
) -> None:
    second, many = Generation(2), ROWS_A_FIND * 2 + 7
    left = {f"{number:05}" for number in range(0, many, 2)} | {f"{number:05}" for number in range(600)}
    right = {f"{number:05}" for number in range(0, many, 3)}
    for generation, keys in ((FIRST, left), (second, right)):
        rows = [{"_id": key, "of": generation.number} for key in sorted(keys)]
        await ledger_store.database[generation.name(ACCOUNTS.name)].insert_many(rows)
    seen = [pair async for pair in side_by_side(ledger_store, ACCOUNTS.name, FIRST, second)]
    assert [pair.key for pair in seen] == sorted(left | right)
    assert {pair.key for pair in seen if pair.left is not None} == left
    assert {pair.key for pair in seen if pair.right is not None} == right
