"""The dead letters' command line, as an operator uses it."""

from collections.abc import Callable
from typing import Any, Protocol

import pytest
import pytest_asyncio

from chassis.dead_letters.command_line import run_command
from chassis.dead_letters.letter import DeadLetter
from chassis.main import parser_of
from chassis.outbox.outgoing import new_id
from chassis.service import Runtime, Service, ServiceDefinition
from chassis.settings import ServiceSettings
from chassis.store import Store
from contracts.events import CaseClosed
from contracts.vocabulary import ClosedBy
from tests.harness import tiny
from tests.harness.builders import a_complaint_state, an_event
from tests.harness.ledger import a_message, a_processor, account_of, messages_of
from tests.harness.tiny import LEDGER, POISON_AREA


class Command(Protocol):
    """Runs `dead-letters ...` as a process of its own would; returns exit code and output."""

    async def __call__(
        self, *words: str, definition: ServiceDefinition[ServiceSettings] = LEDGER
    ) -> tuple[int, str]: ...


@pytest_asyncio.fixture
async def command(
    settings_of: Callable[..., ServiceSettings], ledger_store: Store, capsys: pytest.CaptureFixture[str]
) -> Command:
    async def run(*words: str, definition: ServiceDefinition[ServiceSettings] = LEDGER) -> tuple[int, str]:
        chosen = parser_of(definition).parse_args(["dead-letters", *words])
        code = await run_command(Runtime(definition, settings_of(definition)), chosen)
        captured = capsys.readouterr()
        return code, captured.out + captured.err

    return run


async def test_listing_shows_what_died_of_what_but_no_content(command: Command, ledger_store: Store) -> None:
    await a_processor(ledger_store).process(messages_of(b"Siti Aminah, not json", an_event(area=POISON_AREA)))
    code, said = await command("list")
    assert code == 0
    assert "complaint.created-0-0" in said
    assert "malformed_event" in said
    assert "2 dead letters" in said
    assert "Siti" not in said
    assert "1 dead letter\n" in (await command("list", "--reason", "handler_failed"))[1]


async def test_showing_one_shows_it_whole(command: Command, ledger_store: Store) -> None:
    await a_processor(ledger_store).process(messages_of(b"not json at all"))
    code, said = await command("show", "complaint.created-0-0")
    assert code == 0
    assert "not json at all" in said


async def test_a_replay_that_dies_again_says_so_and_keeps_the_letter(command: Command, ledger_store: Store) -> None:
    await a_processor(ledger_store).process(messages_of(an_event(area=POISON_AREA)))
    code, said = await command("replay", "complaint.created-0-0")
    assert (code, "died again" in said) == (1, True)
    assert "1 dead letter\n" in (await command("list"))[1]


async def test_after_the_cause_is_mended_a_replay_has_the_effect_once_and_the_letter_is_gone(
    command: Command, ledger_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = an_event(area=POISON_AREA)
    await a_processor(ledger_store).process(messages_of(event))
    monkeypatch.setattr(tiny, "POISON_AREA", "nowhere")
    code, said = await command("replay", "--all")
    assert (code, "handled" in said) == (0, True)
    assert (await account_of(ledger_store, event.correlationid)).heard_events == (event.id,)
    await a_processor(ledger_store).process(messages_of(event))
    assert (await account_of(ledger_store, event.correlationid)).heard_events == (event.id,)
    assert "0 dead letters" in (await command("list"))[1]


async def test_discarding_keeps_the_reason_but_not_the_content(command: Command, ledger_store: Store) -> None:
    await a_processor(ledger_store).process(messages_of(b"Siti Aminah"))
    code, _ = await command("discard", "complaint.created-0-0", "--because", "a test message")
    assert code == 0
    kept = await ledger_store.database["discarded_letters"].find_one({})
    assert kept is not None
    assert kept["discarded_because"] == "a test message"
    assert not any("Siti" in str(value) for value in kept.values())
    assert "0 dead letters" in (await command("list"))[1]


async def test_an_unknown_letter_is_said_to_be_unknown(command: Command) -> None:
    code, said = await command("show", "complaint.created-0-7")
    assert (code, "dead-letters list" in said) == (1, True)


async def test_a_service_that_hears_nothing_has_nothing_to_replay(command: Command, ledger_store: Store) -> None:
    await a_processor(ledger_store).process(messages_of(b"x"))
    deaf = ServiceDefinition(
        name=LEDGER.name,
        summary="Deaf.",
        settings=ServiceSettings,
        collections=(),
        wire=lambda platform: Service(routers=()),
    )
    assert (await command("replay", "complaint.created-0-0", definition=deaf))[0] == 1


async def test_a_letter_that_is_nobodys_any_more_stays(command: Command, ledger_store: Store) -> None:
    unheard = an_event(CaseClosed(by=ClosedBy.SILENCE, round=0, complaint=a_complaint_state()))
    letter = DeadLetter.of(a_message(unheard), "handler_failed", "", ledger_store.clock.now(), unheard)
    await ledger_store.database["dead_letters"].insert_one(letter.to_row())
    code, said = await command("replay", "complaint.created-0-0")
    assert (code, "died again" in said) == (1, True)
    assert "1 dead letter\n" in (await command("list"))[1]


async def test_letters_of_one_partition_are_replayed_in_its_order_whenever_they_died(
    command: Command, ledger_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An agency that accepts and then completes would else be told that it completed what it had not accepted."""
    case = new_id()
    events = [an_event(case=case, sequence=number, area=POISON_AREA) for number in (1, 2, 3)]
    processor = a_processor(ledger_store)
    await processor.process([a_message(event, offset) for event, offset in zip(events, (8, 9, 10), strict=True)])
    assert (await command("replay", "complaint.created-0-8"))[0] == 1  # too early: it dies once more, as the latest
    monkeypatch.setattr(tiny, "POISON_AREA", "nowhere")
    assert (await command("replay", "--all"))[0] == 0
    assert (await account_of(ledger_store, case)).heard_events == tuple(event.id for event in events)


async def test_a_dry_run_says_which_would_be_handled_now_and_changes_nothing(
    command: Command, ledger_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    mended, broken = an_event(area=POISON_AREA), b"not json"
    await a_processor(ledger_store).process(messages_of(mended, broken))
    monkeypatch.setattr(tiny, "POISON_AREA", "nowhere")
    before = await everything_in(ledger_store)
    code, said = await command("replay", "--all", "--dry-run")
    assert code == 1
    assert "complaint.created-0-0  would be handled" in said
    assert "complaint.created-0-1  would die again: malformed_event" in said
    assert "1 of 2 would be handled" in said
    assert await everything_in(ledger_store) == before
    assert (await command("replay", "--reason", "handler_failed", "--dry-run"))[0] == 0


async def test_letters_are_chosen_by_id_by_reason_and_by_topic(
    command: Command, ledger_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    processor = a_processor(ledger_store)
    events = [an_event(area=POISON_AREA) for _ in range(4)]
    await processor.process([a_message(event, offset) for offset, event in enumerate(events)])
    await processor.process([a_message(b"not json", 7, "case.closed"), a_message(b"nor this", 8, "case.closed")])
    monkeypatch.setattr(tiny, "POISON_AREA", "nowhere")
    assert "2 dead letters\n" in (await command("list", "--topic", "case.closed"))[1]
    code, said = await command("replay", "complaint.created-0-0", "complaint.created-0-2")
    assert (code, "2 of 2 handled" in said) == (0, True)
    assert (await command("replay", "--reason", "handler_failed", "--topic", "complaint.created"))[0] == 0
    assert "2 dead letters\n" in (await command("list"))[1]
    assert (await command("discard", "--topic", "case.closed", "--because", "a test"))[0] == 0
    assert "0 dead letters\n" in (await command("list"))[1]


async def test_one_that_is_not_there_any_more_stops_none_of_the_others(
    command: Command, ledger_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await a_processor(ledger_store).process(messages_of(an_event(area=POISON_AREA)))
    monkeypatch.setattr(tiny, "POISON_AREA", "nowhere")
    code, said = await command("replay", "complaint.created-0-9", "complaint.created-0-0")
    assert code == 1
    assert "complaint.created-0-9  not found" in said
    assert "complaint.created-0-0  handled" in said


async def test_a_discard_keeps_who_decided_it_and_its_dry_run_changes_nothing(
    command: Command, ledger_store: Store
) -> None:
    await a_processor(ledger_store).process(messages_of(b"not json", b"nor this"))
    before = await everything_in(ledger_store)
    code, said = await command("discard", "--all", "--because", "a test", "--dry-run")
    assert (code, "2 of 2 would be discarded" in said) == (0, True)
    assert await everything_in(ledger_store) == before
    assert (await command("discard", "complaint.created-0-0", "--because", "a test", "--by", "the manager"))[0] == 0
    kept = await ledger_store.database["discarded_letters"].find_one({"_id": "complaint.created-0-0"})
    assert kept is not None
    assert (kept["discarded_by"], kept["discarded_because"], kept["reason"]) == (
        "the manager",
        "a test",
        "malformed_event",
    )
    assert kept["discarded_at"] is not None


async def test_of_a_letter_that_was_handled_again_who_decided_it_is_kept_and_no_content(
    command: Command, ledger_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await a_processor(ledger_store).process(messages_of(an_event(area=POISON_AREA)))
    assert (await command("replay", "--all", "--by", "the night shift"))[0] == 1
    monkeypatch.setattr(tiny, "POISON_AREA", "nowhere")
    assert (await command("replay", "--all", "--by", "the manager"))[0] == 0
    kept = await ledger_store.database["replayed_letters"].find_one({})
    assert kept is not None
    assert (kept["replayed_by"], kept["reason"]) == ("the manager", "handler_failed")
    assert (kept["attempts"], kept["tried_by"]) == (1, "the night shift")
    assert not {"key", "value"} & kept.keys()


@pytest.mark.parametrize(
    "words",
    [
        ("replay",),
        ("discard", "--because", "x"),
        ("replay", "complaint.created-0-0", "--all"),
        ("replay", "a", "--reason", "b"),
    ],
)
async def test_a_choice_that_is_none_or_two_is_refused_before_anything_is_done(
    command: Command, words: tuple[str, ...]
) -> None:
    code, said = await command(*words)
    assert (code, "--reason, --topic or --all" in said) == (2, True)


async def everything_in(store: Store) -> dict[str, list[Any]]:
    """All that the service has stored, but what says that its processes live."""
    names = set(await store.database.list_collection_names()) - {"processes", "leases"}
    stored = {name: [row async for row in store.database[name].find().sort("_id", 1)] for name in names}
    return {name: rows for name, rows in stored.items() if rows}
