"""A rebuild of a system at rest: compared, switched, healed; and what was erased stays erased."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import pytest_asyncio

from chassis.dead_letters.box import Choice, DeadLetterBox
from chassis.service import Runtime
from chassis.store import Store
from chassis.store.generations import Generations
from contracts import encode
from services.reporting.app import DEFINITION
from services.reporting.domain.case import ReportedCase
from services.reporting.rebuilding import course
from services.reporting.settings import ReportingSettings
from services.reporting.store import CASE_FIGURES, CASES, READ_MODELS
from tests.harness.builders import an_event
from tests.harness.kafka import send
from tests.integration.reporting.cases import created_and_amended, tell
from tests.integration.reporting.rebuilds import (
    building,
    cases_seen,
    command,
    counters,
    figures_added_up,
    hear_topics,
    live_case,
    live_number,
    what_is_shown,
)
from tests.unit.reporting.builders import CASE, a_whole_case

CREATED = "complaint.created"
AT_ONCE = ("--patience", "0")


@pytest.fixture
def settings(settings_of: Callable[..., ReportingSettings], topics: str) -> ReportingSettings:
    return settings_of(DEFINITION)


@pytest_asyncio.fixture
async def reporting(settings: ReportingSettings, kafka_bootstrap: str) -> AsyncIterator[Runtime[Any]]:
    """Thirty-one cases on the topics, heard; nothing runs."""
    pairs = created_and_amended(30)
    events = [*(event for pair in pairs for event in pair), *a_whole_case()]
    await tell(kafka_bootstrap, settings.topic_prefix, events)
    runtime = Runtime(DEFINITION, settings)
    await runtime.open()
    await hear_topics(runtime)
    yield runtime
    await runtime.close()


@pytest.fixture
def store(reporting: Runtime[Any]) -> Store:
    return reporting.store


async def test_what_is_whole_is_rebuilt_equal_and_switched(
    store: Store, settings: ReportingSettings, capsys: pytest.CaptureFixture[str]
) -> None:
    before = await what_is_shown(store)
    assert await command(settings, "rebuild", *AT_ONCE) == 0
    said = capsys.readouterr().out
    assert "compared 31 cases" in said
    assert "they are equal" in said
    assert await live_number(store) == 2
    assert await what_is_shown(store) == before
    assert await building(store) is None
    assert await command(settings, "rebuild", "--status") == 0
    assert "generation 1: unused" in capsys.readouterr().out


async def test_what_comes_after_the_switch_is_heard_by_the_new_generation_alone(
    reporting: Runtime[Any], settings: ReportingSettings, kafka_bootstrap: str
) -> None:
    assert await command(settings, "rebuild", *AT_ONCE) == 0
    await tell(kafka_bootstrap, settings.topic_prefix, created_and_amended(1)[0])
    await hear_topics(reporting)
    assert len(await cases_seen(reporting.store)) == 32
    assert await reporting.store.database[CASES.name].count_documents({}) == 31
    assert await counters(reporting.store) == await figures_added_up(reporting.store)


async def test_corrupted_cases_and_figures_are_found_and_healed_by_the_switch(
    store: Store, settings: ReportingSettings, capsys: pytest.CaptureFixture[str]
) -> None:
    before = await what_is_shown(store)
    cases, figures = store.database[CASES.name], store.database[CASE_FIGURES.name]
    lost = await cases.find_one_and_delete({"_id": {"$ne": CASE}})
    await cases.update_one({"_id": CASE}, {"$set": {"case.delivered": 7}})
    counter = await figures.find_one_and_update({"open": {"$gt": 0}}, {"$inc": {"open": 2}})
    await cases.insert_one({**lost, "_id": "made-up"})
    assert lost is not None
    assert counter is not None
    assert await command(settings, "rebuild", *AT_ONCE) == 1
    said = capsys.readouterr().out
    assert f"cases that are not in the live generation: 1\n  {lost['_id']}\n" in said
    assert "cases that no topic tells of: 1\n  made-up\n" in said
    assert f"{CASE}  case.delivered\n" in said
    assert f"open {counter['open'] + 2} -> {counter['open']}" in said
    assert await live_number(store) == 1
    assert await command(settings, "rebuild", "--accept-differences", *AT_ONCE) == 0
    assert await live_number(store) == 2
    assert await what_is_shown(store) == before


async def test_to_compare_only_changes_nothing_and_is_gone_on_with(
    store: Store, settings: ReportingSettings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await command(settings, "rebuild", "--compare-only", *AT_ONCE) == 0
    assert await live_number(store) == 1
    assert await command(settings, "rebuild", *AT_ONCE) == 0
    assert "going on with generation 2" in capsys.readouterr().out
    assert await live_number(store) == 2


async def test_an_event_only_one_of_them_has_heard_is_named(
    reporting: Runtime[Any], settings: ReportingSettings, kafka_bootstrap: str, capsys: pytest.CaptureFixture[str]
) -> None:
    late = created_and_amended(1)[0]
    await tell(kafka_bootstrap, settings.topic_prefix, late)  # nothing runs that would hear it
    assert await command(settings, "rebuild", *AT_ONCE) == 1
    assert f"cases that are not in the live generation: 1\n  {late[0].subject}\n" in capsys.readouterr().out


async def test_a_rebuild_that_dies_between_the_switch_and_its_end_is_finished_by_the_next(
    reporting: Runtime[Any], settings: ReportingSettings, kafka_bootstrap: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The batch in flight at the switch is played by a processor of before it."""
    late = created_and_amended(1)[0]
    store, assertion = reporting.store, "it dies here"

    async def die(*_: object) -> None:
        await tell(kafka_bootstrap, settings.topic_prefix, late)
        raise AssertionError(assertion)

    with monkeypatch.context() as patch:
        patch.setattr(course.Course, "_settle", die)
        with pytest.raises(AssertionError, match=assertion):
            await command(settings, "rebuild", *AT_ONCE)
    assert await live_number(store) == 2
    assert await command(settings, "rebuild", "--status") == 1, "there is something to be finished"
    assert late[0].subject not in await cases_seen(store)
    assert await command(settings, "rebuild", *AT_ONCE) == 0
    assert (await cases_seen(store))[late[0].subject] == 2
    assert await command(settings, "rebuild", "--status") == 0


async def test_two_rebuilds_exclude_each_other(
    reporting: Runtime[Any],
    settings: ReportingSettings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(course, "LEASE_SECONDS", 3.0)
    async with course.alone(reporting):
        assert await command(settings, "rebuild", *AT_ONCE) == 1
    assert "Another rebuild is at work" in capsys.readouterr().out
    assert await command(settings, "rebuild", *AT_ONCE) == 0


async def test_a_rebuild_somebody_took_over_writes_nothing_more(
    reporting: Runtime[Any],
    settings: ReportingSettings,
    kafka_bootstrap: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """As if it had been stopped for longer than its lease."""
    generations = Generations(reporting.store, READ_MODELS)
    begin_reading = Generations.begin_reading

    async def begun_and_taken(self: Generations, begun: Any) -> Any:
        reading = await begin_reading(self, begun)
        await generations.take_over(reading, "another")
        return reading

    monkeypatch.setattr(Generations, "begin_reading", begun_and_taken)
    assert await command(settings, "rebuild", *AT_ONCE) == 1
    assert "Given up" in capsys.readouterr().out
    found = await building(reporting.store)
    assert found is not None
    assert found.positions == ()
    assert await reporting.store.database[found.generation.name(CASES.name)].count_documents({}) == 0


async def test_what_was_begun_by_another_recipe_is_not_gone_on_with(
    store: Store, settings: ReportingSettings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await command(settings, "rebuild", "--compare-only", *AT_ONCE) == 0
    await store.database["generations"].update_one({"_id": "building"}, {"$set": {"recipe": READ_MODELS.recipe - 1}})
    assert await command(settings, "rebuild", *AT_ONCE) == 1
    assert "--abandon" in capsys.readouterr().out
    assert await command(settings, "rebuild", "--abandon") == 0
    assert "cases.g2" not in await store.database.list_collection_names()
    assert await command(settings, "rebuild", *AT_ONCE) == 0
    assert await live_number(store) == 3, "a number is never given twice"
    assert await command(settings, "rebuild", "--abandon") == 1


async def test_an_old_generation_is_dropped_once_nobody_can_use_it(
    store: Store, settings: ReportingSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await what_is_shown(store)
    assert await command(settings, "rebuild", *AT_ONCE) == 0
    assert await command(settings, "rebuild", "--drop") == 0
    assert CASES.name in await store.database.list_collection_names(), "an answer may still be read from it"
    await store.database["generations"].update_one(
        {"_id": "live"}, {"$set": {"unused.0.since": (await _a_while_ago(store))}}
    )
    assert await command(settings, "rebuild", "--drop") == 0
    assert CASES.name not in await store.database.list_collection_names()
    assert await what_is_shown(store) == before


async def _a_while_ago(store: Store) -> Any:
    live = await Generations(store, READ_MODELS).live()
    assert live.switched_at is not None
    return live.switched_at.replace(year=live.switched_at.year - 1)


# --- dead letters -------------------------------------------------------------------------------------------------


async def letters_of(store: Store) -> dict[str, str]:
    return {letter.id: letter.reason async for letter in DeadLetterBox(store).list(Choice())}


async def test_what_is_dead_in_both_is_no_difference(
    reporting: Runtime[Any], settings: ReportingSettings, kafka_bootstrap: str
) -> None:
    await send(kafka_bootstrap, f"{settings.topic_prefix}{CREATED}", ("x", b"no json"))
    await hear_topics(reporting)
    before = await letters_of(reporting.store)
    assert len(before) == 1
    assert await command(settings, "rebuild", *AT_ONCE) == 0
    assert await letters_of(reporting.store) == before


async def test_a_discarded_letter_does_not_come_back_and_its_event_does_not_count(
    reporting: Runtime[Any], settings: ReportingSettings, kafka_bootstrap: str
) -> None:
    """Also when the handler could take the event by now."""
    store, late = reporting.store, an_event()
    await send(kafka_bootstrap, f"{settings.topic_prefix}{CREATED}", (late.subject, encode(late)))
    await _die_of(reporting, late.subject)
    for key in await letters_of(store):
        await DeadLetterBox(store).discard(key, because="a test", by="somebody", now=store.clock.now())
    assert await command(settings, "rebuild", *AT_ONCE) == 0
    assert await letters_of(store) == {}
    assert late.subject not in await cases_seen(store)


async def test_a_letter_whose_event_the_mended_handler_takes_is_a_letter_no_more(
    reporting: Runtime[Any], settings: ReportingSettings, kafka_bootstrap: str, capsys: pytest.CaptureFixture[str]
) -> None:
    store, late = reporting.store, an_event()
    await send(kafka_bootstrap, f"{settings.topic_prefix}{CREATED}", (late.subject, encode(late)))
    await _die_of(reporting, late.subject)
    assert len(await letters_of(store)) == 1
    assert await command(settings, "rebuild", *AT_ONCE) == 1
    assert late.subject in capsys.readouterr().out
    assert await command(settings, "rebuild", "--accept-differences", *AT_ONCE) == 0
    assert await letters_of(store) == {}
    assert (await cases_seen(store))[late.subject] == 1


async def test_what_dies_only_in_the_rebuild_is_told_and_becomes_a_letter_with_the_switch(
    reporting: Runtime[Any],
    settings: ReportingSettings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    store = reporting.store
    case = next(key for key, length in (await cases_seen(store)).items() if length == 2)
    with monkeypatch.context() as patch:
        _break_for(patch, case)
        assert await command(settings, "rebuild", *AT_ONCE) == 1
        assert "events that died only in the rebuild: 2" in capsys.readouterr().out
        assert await letters_of(store) == {}
        assert await command(settings, "rebuild", "--accept-differences", *AT_ONCE) == 0
    assert set((await letters_of(store)).values()) == {"handler_failed"}
    for letter in list(await letters_of(store)):
        assert reporting.processor is not None
        await DeadLetterBox(store).replay(letter, reporting.processor, by="somebody")
    assert (await cases_seen(store))[case] == 2
    assert await counters(store) == await figures_added_up(store)


def _break_for(patch: pytest.MonkeyPatch, case: str) -> None:
    """The handler fails for one case."""
    hearing = ReportedCase.hearing

    def broken(self: ReportedCase, event: Any) -> ReportedCase:
        if event.correlationid == case:
            raise RuntimeError
        return hearing(self, event)

    patch.setattr(ReportedCase, "hearing", broken)


async def _die_of(reporting: Runtime[Any], case: str) -> None:
    """Hear everything with a handler that fails for one case."""
    with pytest.MonkeyPatch.context() as patch:
        _break_for(patch, case)
        await hear_topics(reporting)


# --- erasing ------------------------------------------------------------------------------------------------------


async def test_an_erased_case_is_gone_from_lists_and_figures_and_stays_gone(
    reporting: Runtime[Any], settings: ReportingSettings, capsys: pytest.CaptureFixture[str]
) -> None:
    store = reporting.store
    others = {case for case in await cases_seen(store) if case != CASE}
    assert await command(settings, "erase", CASE, "--reason", "consent_withdrawn", "--dry-run") == 0
    assert CASE in await cases_seen(store)
    assert await command(settings, "erase", CASE, "--reason", "consent_withdrawn") == 0
    for again in range(2):
        assert set(await cases_seen(store)) == others
        assert await counters(store) == await figures_added_up(store)
        tombstone = await live_case(store, CASE)
        assert tombstone is not None
        assert tombstone.erased is not None
        assert tombstone.case.timeline == ()
        assert tombstone.case.complaint is None
        assert len(tombstone.heard.entries) == 5, "what was heard stays known, or it would be heard again"
        if not again:
            assert await command(settings, "rebuild", *AT_ONCE) == 0
    await hear_topics(reporting)
    assert set(await cases_seen(store)) == others
    assert await command(settings, "erase", CASE, "--reason", "again") == 0
    assert "was erased before" in capsys.readouterr().out


async def test_a_case_erased_while_a_generation_is_built_is_erased_there_too(
    store: Store, settings: ReportingSettings
) -> None:
    assert await command(settings, "rebuild", "--compare-only", *AT_ONCE) == 0
    assert await command(settings, "erase", CASE, "--reason", "consent_withdrawn") == 0
    assert await command(settings, "rebuild", *AT_ONCE) == 0
    assert await live_number(store) == 2
    assert CASE not in await cases_seen(store)
    assert await counters(store) == await figures_added_up(store)


async def test_erasing_takes_the_dead_letters_of_the_case_with_it(
    reporting: Runtime[Any], settings: ReportingSettings, kafka_bootstrap: str
) -> None:
    store = reporting.store
    case = next(key for key, length in (await cases_seen(store)).items() if length == 2)
    again = an_event(case=case, sequence=9)
    await send(kafka_bootstrap, f"{settings.topic_prefix}{CREATED}", (case, encode(again)))
    await _die_of(reporting, case)
    assert len(await letters_of(store)) == 1
    assert await command(settings, "erase", case, "--reason", "consent_withdrawn") == 0
    assert await letters_of(store) == {}
    kept = await store.database["discarded_letters"].find_one({})
    assert kept is not None
    assert "value" not in kept


async def test_a_case_nothing_is_reported_of_cannot_be_erased(
    store: Store, settings: ReportingSettings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await command(settings, "erase", "019a8c5e-7d31-7c4b-9b1f-000000000000", "--reason", "x") == 1
    assert "Check the id" in capsys.readouterr().err
    with pytest.raises(SystemExit) as wrong:
        await command(settings, "erase", CASE, "--reason", "Ibu Sari asked for it")
    assert wrong.value.code == 2
