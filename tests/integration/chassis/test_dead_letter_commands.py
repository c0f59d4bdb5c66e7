"""The dead letters' command line, as an operator uses it."""

from collections.abc import Callable
from typing import Protocol

import pytest
import pytest_asyncio

from chassis.dead_letters.command_line import run_command
from chassis.dead_letters.letter import DeadLetter
from chassis.main import parser_of
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
