"""python -m contracts: list, check, freeze, asyncapi."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from contracts.asyncapi import asyncapi_document
from contracts.frozen import AlreadyReleased, Shelf, release_all
from contracts.manifest import Manifest, ManifestError, Topic

if TYPE_CHECKING:
    from contracts.check import Fault

_OK, _BROKEN, _CANNOT_RUN = 0, 1, 2

_EXAMPLES = """\
examples:
  python -m contracts list                     who says what to whom
  python -m contracts list --reader referral   what one service hears
  python -m contracts check                    may the contracts be released as they are?
  python -m contracts freeze                   release the versions that are not released yet
  python -m contracts asyncapi --out asyncapi.json

exit codes: 0 all is well, 1 a contract is broken, 2 the command could not run
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; the exit code says how it went."""
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        return command(options)
    except (ManifestError, OSError) as error:
        sys.stderr.write(f"contracts: {error}\n")
    except ModuleNotFoundError as error:
        sys.stderr.write(f"contracts: {error.name} is missing: install puskesos-contracts[tools]\n")
    return _CANNOT_RUN


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m contracts",
        description="The events of Puskesos: topics, schemas, compatibility.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="command")
    listing = commands.add_parser("list", help="every topic: version, owner, readers, key, personal data")
    listing.add_argument("--reader", metavar="PARTY", help="only what this service (or `agency`) hears")
    listing.add_argument("--owner", metavar="PARTY", help="only what this service (or `agency`) says")
    listing.set_defaults(command=_list)
    check = commands.add_parser(
        "check", help="compatibility with all released schemas, owners, examples, personal data"
    )
    check.set_defaults(command=_check)
    freeze = commands.add_parser(
        "freeze", help="write the schemas of unreleased versions; a released one is never rewritten"
    )
    freeze.set_defaults(command=_freeze)
    asyncapi = commands.add_parser("asyncapi", help="the AsyncAPI 3.0 document")
    asyncapi.add_argument("--out", type=Path, metavar="FILE", help="instead of standard output")
    asyncapi.set_defaults(command=_asyncapi)
    return parser


def _list(options: argparse.Namespace) -> int:
    topics = [
        topic
        for topic in Manifest.load().topics
        if options.reader in (None, *topic.readers) and options.owner in (None, topic.owner)
    ]
    rows = [("TOPIC", "VERSION", "OWNER", "READERS", "KEY", "PERSONAL DATA"), *map(_row, topics)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        sys.stdout.write("  ".join(cells).rstrip() + "\n")
    return _OK


def _row(topic: Topic) -> tuple[str, ...]:
    return (
        topic.name,
        topic.version or "planned",
        topic.owner,
        " ".join(topic.readers),
        topic.subject,
        topic.personal_data,
    )


def _check(_: argparse.Namespace) -> int:
    from contracts.check import faults  # noqa: PLC0415 - jsoncompat is an extra; the other commands do without

    manifest = Manifest.load()
    found = faults(manifest, Shelf.of_package())
    _report(found)
    in_use = sum(not topic.is_planned for topic in manifest.topics)
    if found:
        sys.stdout.write(f"{len(found)} broken promises in {in_use} contracts\n")
        return _BROKEN
    sys.stdout.write(f"{in_use} contracts keep their promises; {len(manifest.topics) - in_use} topics planned\n")
    return _OK


def _report(found: "Sequence[Fault]") -> None:
    for fault in found:
        sys.stdout.write(f"{fault.topic}: {fault.what}\n    -> {fault.remedy}\n")


def _freeze(_: argparse.Namespace) -> int:
    from contracts.check import compatibility_faults  # noqa: PLC0415 - as above

    manifest, shelf = Manifest.load(), Shelf.of_package()
    if broken := compatibility_faults(manifest, shelf):
        _report(broken)
        sys.stdout.write("nothing released: a release is for ever, mend this first\n")
        return _BROKEN
    try:
        released = release_all(manifest, shelf)
    except AlreadyReleased as error:
        sys.stderr.write(f"contracts: {error}\n")
        return _BROKEN
    sys.stdout.write("".join(f"released {name}\n" for name in released) or "nothing new to release\n")
    return _OK


def _asyncapi(options: argparse.Namespace) -> int:
    text = json.dumps(asyncapi_document(Manifest.load()), indent=2, ensure_ascii=False) + "\n"
    if options.out is None:
        sys.stdout.write(text)
    else:
        options.out.write_text(text, encoding="utf-8")
    return _OK


if __name__ == "__main__":
    sys.exit(main())
