"""python -m audit: state the laws of a running system and whether they hold."""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from audit.addresses import SERVICES, Addresses, WrongWords, addresses_from, of
from audit.looking import CannotLook, look_until_at_rest
from audit.report import as_json, as_text, is_broken
from audit.told import read_told

HOLDS, BROKEN, WRONG_WORDS = 0, 1, 2

DESCRIPTION = """Reads the topics and the databases of a running system and states its laws: whether each
holds, and what was counted. Nothing is written, nobody's name or contact is read, and nothing is shared
with the services but the contracts."""

EPILOG = """examples:
  python -m audit                                    the system that `make run` started here
  python -m audit --patience 60                      wait until it has come to rest, at most a minute
  python -m audit --told requests.jsonl              judge also what clients were told
  python -m audit --kafka HOST:9092 --mongodb intake=URI --mongodb referral=URI \\
      --mongodb notification=URI --mongodb reporting=URI

a line of requests.jsonl, one for every request about a resource that the list names:
  {"method": "POST", "path": "/v1/complaints", "status": 201, "resource_id": "<case>"}
  `status` is null when no answer came.

exit codes: 0 all laws hold; 1 a law is broken; 2 wrong words, or a system that cannot be read
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit codes: 0 all laws hold; 1 a law is broken; 2 wrong words, or a system that cannot be read."""
    chosen = _parser().parse_args(arguments)
    try:
        addresses = _addresses(chosen)
        told = None if chosen.told is None else read_told(chosen.told)
        verdicts = asyncio.run(look_until_at_rest(addresses, told, chosen.patience, _Progress(chosen.quiet)))
    except (WrongWords, *CannotLook) as error:
        sys.stderr.write(f"audit: {error}\n")
        return WRONG_WORDS
    sys.stdout.write(as_json(verdicts) if chosen.json else as_text(verdicts, chosen.show))
    return BROKEN if is_broken(verdicts) else HOLDS


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m audit",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--endpoints", type=Path, default=Path("var/endpoints.json"), help="the addresses a running stack wrote"
    )
    parser.add_argument("--kafka", metavar="SERVERS", help="bootstrap servers, instead of --endpoints")
    parser.add_argument(
        "--mongodb",
        action="append",
        default=[],
        metavar="SERVICE=URI",
        help=f"a database for each of {', '.join(SERVICES)}; the URI names it",
    )
    parser.add_argument("--topic-prefix", default="", help="of the installation")
    parser.add_argument("--told", type=Path, metavar="FILE", help="what clients were told, a line of JSON a request")
    parser.add_argument(
        "--patience", type=_seconds, default=0.0, metavar="SECONDS", help="look again while a law is broken"
    )
    parser.add_argument("--show", type=int, default=5, metavar="N", help="breaches shown of each law (5)")
    parser.add_argument("--json", action="store_true", help="everything, for tools")
    parser.add_argument("--quiet", action="store_true", help="no progress")
    return parser


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds < float("inf"):
        raise argparse.ArgumentTypeError("a number of seconds, 0 or more")
    return seconds


def _addresses(chosen: argparse.Namespace) -> Addresses:
    if chosen.kafka is None and not chosen.mongodb:
        return addresses_from(chosen.endpoints, chosen.topic_prefix)
    if chosen.kafka is None:
        raise WrongWords("--mongodb needs --kafka as well")
    named = dict(text.partition("=")[::2] for text in chosen.mongodb)
    unknown = named.keys() - set(SERVICES)
    if unknown or "" in named.values():
        raise WrongWords(f"--mongodb takes SERVICE=URI, a service of {', '.join(SERVICES)}")
    return of(chosen.kafka, named, chosen.topic_prefix)


class _Progress:
    """One line on a terminal, a line a step elsewhere: what the audit does now."""

    def __init__(self, quiet: bool) -> None:
        self._quiet = quiet
        self._last = ""

    def __call__(self, what: str) -> None:
        if self._quiet or what == self._last:
            return
        self._last = what
        sys.stderr.write(f"\r\x1b[K{what}\x1b[0m" if sys.stderr.isatty() else f"{what}\n")
        sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
