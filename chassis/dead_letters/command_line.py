"""`python -m services.<name> dead-letters ...`: for operators."""

import argparse
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from chassis.dead_letters.box import DeadLetterBox, NoSuchLetter

if TYPE_CHECKING:
    from chassis.service import Runtime

EXAMPLES = """examples:
  dead-letters list --reason handler_failed
  dead-letters show complaint.created-3-1207
  dead-letters replay complaint.created-3-1207
  dead-letters replay --all --reason handler_failed
  dead-letters discard complaint.created-3-1207 --because "test message of the 3rd"

exit codes: 0 done; 1 not found, or died again on replay; 2 wrong words"""


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    letters = commands.add_parser(
        "dead-letters",
        help="events that could not be handled",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    deeds = letters.add_subparsers(dest="deed", metavar="DEED", required=True)
    listing = deeds.add_parser("list", help="one line each, without content")
    listing.add_argument("--reason", help="only those that died of this")
    show = deeds.add_parser("show", help="one letter, whole; its content may be personal data")
    show.add_argument("id")
    replay = deeds.add_parser("replay", help="handle again; the row goes with the effect")
    replay.add_argument("id", nargs="?")
    replay.add_argument("--all", action="store_true", help="all of them, oldest first")
    replay.add_argument("--reason", help="with --all: only those that died of this")
    discard = deeds.add_parser("discard", help="take away for good, with a reason that is kept")
    discard.add_argument("id")
    discard.add_argument("--because", required=True, metavar="REASON")


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")


async def run_command(runtime: "Runtime[Any]", chosen: argparse.Namespace) -> int:
    """Run one deed on the service's own database; the service may be running meanwhile."""
    await runtime.open()
    try:
        return await _run(DeadLetterBox(runtime.store), runtime, chosen)
    except NoSuchLetter as missing:
        sys.stderr.write(f"{missing}\n")
        return 1
    finally:
        await runtime.close()


async def _run(box: DeadLetterBox, runtime: "Runtime[Any]", chosen: argparse.Namespace) -> int:
    match chosen.deed:
        case "list":
            count = 0
            async for letter in box.list(chosen.reason):
                count += 1
                _say(f"{letter.id}  {letter.dead_at:%Y-%m-%d %H:%M:%S}Z  {letter.reason}  {letter.event_type or '-'}")
            _say(f"{count} dead letter{'' if count == 1 else 's'}")
        case "show":
            letter = await box.show(chosen.id)
            _say(letter.model_dump_json(indent=2, exclude={"value", "key"}))
            _say(letter.value.decode("utf-8", "backslashreplace"))
        case "replay":
            return await _replay(box, runtime, chosen)
        case "discard":
            await box.discard(chosen.id, chosen.because, datetime.now(UTC))
            _say(f"{chosen.id} discarded")
    return 0


async def _replay(box: DeadLetterBox, runtime: "Runtime[Any]", chosen: argparse.Namespace) -> int:
    if bool(chosen.id) == chosen.all:
        sys.stderr.write("Name one dead letter, or say --all.\n")
        return 2
    if runtime.processor is None:
        sys.stderr.write("This service hears no events.\n")
        return 1
    ids = [chosen.id] if chosen.id else [letter.id async for letter in box.list(chosen.reason)]
    died_again = 0
    for key in ids:
        handled = await box.replay(key, runtime.processor)
        died_again += not handled
        _say(f"{key}  {'handled' if handled else 'died again'}")
    return 1 if died_again else 0
