"""`python -m services.<name> dead-letters ...`: for operators."""

import argparse
import getpass
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from chassis.dead_letters.box import Choice, DeadLetterBox, NoSuchLetter

if TYPE_CHECKING:
    from chassis.bus.batch import BatchProcessor
    from chassis.service import Runtime

MANY = 100
"""From so many on, standard error says now and then how far it is."""

EXAMPLES = """examples:
  dead-letters list --reason handler_failed
  dead-letters show complaint.created-3-1207
  dead-letters replay complaint.created-3-1207 complaint.created-3-1208
  dead-letters replay --reason handler_failed --dry-run     which would be handled now? changes nothing
  dead-letters replay --reason handler_failed --topic complaint.created
  dead-letters discard complaint.created-3-1207 --because "test message of the 3rd"
  dead-letters discard --all --because "written by a test against the wrong cluster" --dry-run

The service may be running. A dry run of a replay does everything and undoes it, each letter by itself: a letter that
needs another one handled first may say that it dies and yet be handled.

exit codes: 0 done (dry run: all would be); 1 not found, or died again (dry run: would die again); 2 wrong words"""

Deed = Callable[[str], Awaitable[tuple[bool, str]]]


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    letters = commands.add_parser(
        "dead-letters",
        help="events that could not be handled",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    deeds = letters.add_subparsers(dest="deed", metavar="DEED", required=True)
    listing = deeds.add_parser("list", help="one line each, without content")
    _add_filters(listing)
    show = deeds.add_parser("show", help="one letter, whole; its content may be personal data")
    show.add_argument("id")
    replay = deeds.add_parser("replay", help="handle again; the row goes with the effect")
    _add_choice(replay)
    _add_by(replay)
    replay.add_argument("--dry-run", action="store_true", help="say which would be handled now; changes nothing")
    discard = deeds.add_parser("discard", help="take away for good; who, when and why are kept, the content is not")
    _add_choice(discard)
    discard.add_argument("--because", required=True, metavar="TEXT", help="why; kept, so no name of a person in it")
    _add_by(discard)
    discard.add_argument("--dry-run", action="store_true", help="say which would be discarded; changes nothing")


def _add_filters(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--reason", help="only those that died of this")
    parser.add_argument("--topic", help="only those from this topic (without the installation's prefix)")


def _add_choice(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("ids", nargs="*", metavar="ID", help="these letters; else say which by the words below")
    parser.add_argument("--all", action="store_true", help="all of them, each partition in its order")
    _add_filters(parser)


def _add_by(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--by", default=_user(), metavar="WHO", help="who decided it; kept (default: %(default)s)")


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container without a user's name
        return "unknown"


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")


async def run_command(runtime: "Runtime[Any]", chosen: argparse.Namespace) -> int:
    """Run one deed on the service's own database; the service may be running meanwhile."""
    if (wrong := _wrong_words(chosen)) is not None:
        sys.stderr.write(f"{wrong}\n")
        return 2
    await runtime.open()
    try:
        return await _run(DeadLetterBox(runtime.store), runtime, chosen)
    except NoSuchLetter as missing:
        sys.stderr.write(f"{missing}\n")
        return 1
    finally:
        await runtime.close()


def _wrong_words(chosen: argparse.Namespace) -> str | None:
    if chosen.deed not in {"replay", "discard"}:
        return None
    by_words = bool(chosen.all or chosen.reason or chosen.topic)
    if bool(chosen.ids) == by_words:
        return "Name the dead letters, or say which by --reason, --topic or --all; not both."
    return None


async def _run(box: DeadLetterBox, runtime: "Runtime[Any]", chosen: argparse.Namespace) -> int:
    match chosen.deed:
        case "list":
            return await _list(box, Choice(reason=chosen.reason, topic=chosen.topic))
        case "show":
            letter = await box.show(chosen.id)
            _say(letter.model_dump_json(indent=2, exclude={"value", "key"}))
            _say(letter.value.decode("utf-8", "backslashreplace"))
            return 0
    choice = Choice(tuple(chosen.ids), chosen.reason, chosen.topic)
    if chosen.deed == "discard":
        return await _each(await box.ids(choice), *_discarding(box, chosen))
    if runtime.processor is None:
        sys.stderr.write("This service hears no events.\n")
        return 1
    return await _each(await box.ids(choice), *_replaying(box, runtime.processor, chosen))


async def _list(box: DeadLetterBox, choice: Choice) -> int:
    reasons: Counter[str] = Counter()
    async for letter in box.list(choice):
        reasons[letter.reason] += 1
        _say(f"{letter.id}  {letter.dead_at:%Y-%m-%d %H:%M:%S}Z  {letter.reason}  {letter.event_type or '-'}")
    count = reasons.total()
    by_reason = f": {', '.join(f'{of} {reason}' for reason, of in reasons.most_common())}" if len(reasons) > 1 else ""
    _say(f"{count} dead letter{'' if count == 1 else 's'}{by_reason}")
    return 0


def _replaying(box: DeadLetterBox, processor: "BatchProcessor[Any]", chosen: argparse.Namespace) -> tuple[Deed, str]:
    handled, died = ("would be handled", "would die again") if chosen.dry_run else ("handled", "died again")

    async def replay(key: str) -> tuple[bool, str]:
        fared = await box.replay(key, processor, by=chosen.by, rehearsing=chosen.dry_run)
        return fared.handled, handled if fared.handled else f"{died}: {fared.why}"

    return replay, handled


def _discarding(box: DeadLetterBox, chosen: argparse.Namespace) -> tuple[Deed, str]:
    discarded = "would be discarded" if chosen.dry_run else "discarded"

    async def discard(key: str) -> tuple[bool, str]:
        if chosen.dry_run:
            letter = await box.show(key)
            return True, f"{discarded}: {letter.reason}, {letter.event_type or 'of no known type'}"
        await box.discard(key, because=chosen.because, by=chosen.by, now=datetime.now(UTC))
        return True, discarded

    return discard, discarded


async def _each(ids: tuple[str, ...], deed: Deed, done: str) -> int:
    """Do it to one after the other, a line each; one that is not there any more stops none of the others."""
    went_well = 0
    for number, key in enumerate(ids, start=1):
        try:
            well, line = await deed(key)
        except NoSuchLetter:
            well, line = False, "not found; see `dead-letters list`"
        went_well += well
        _say(f"{key}  {line}")
        if len(ids) >= MANY and number % MANY == 0:
            sys.stderr.write(f"{number} of {len(ids)}\n")
    if len(ids) != 1:
        _say(f"{went_well} of {len(ids)} {done}")
    return 0 if went_well == len(ids) else 1
