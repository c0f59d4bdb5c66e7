"""`python -m services.reporting erase`."""

import argparse
import re
import sys
from typing import Any

from chassis.service import Command, Runtime
from chassis.store.errors import INFRASTRUCTURE
from services.reporting.erasing import NoSuchCase, erase, what_is_reported

EXAMPLES = """examples:
  erase 019a8c5e-7d31-7c4b-9b1f-2f6f0a1f7e11 --reason consent_withdrawn --dry-run
  erase 019a8c5e-7d31-7c4b-9b1f-2f6f0a1f7e11 --reason consent_withdrawn

The case is no longer found by anybody, its figures are taken back, and no rebuild brings it again. It cannot be undone.

exit codes: 0 done; 1 nothing is reported of this case, or it is not possible now; 2 wrong words"""

_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


def _code(text: str) -> str:
    if not _CODE.fullmatch(text):
        raise argparse.ArgumentTypeError("a code of small letters, digits, _ and -; never a sentence about a person")
    return text


def add_words(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    words = commands.add_parser(
        "erase",
        help="forget what is reported of a case",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    words.add_argument("case", help="the case's id")
    words.add_argument("--reason", type=_code, required=True, metavar="CODE", help="why, as a code; it is kept")
    words.add_argument("--dry-run", action="store_true", help="say what would go, and change nothing")


async def run(runtime: Runtime[Any], chosen: argparse.Namespace) -> int:
    """Exit codes: 0 done, 1 nothing is reported of the case, or not possible now."""
    await runtime.open()
    try:
        reported = await what_is_reported(runtime.store, chosen.case)
        what = f"{reported.events} events in its timeline, {reported.figures} figures it adds to"
        if chosen.dry_run:
            said = "was erased before" if reported.erased else f"would be erased: {what}"
        else:
            await erase(runtime.store, chosen.case, chosen.reason)
            said = "was erased before" if reported.erased else f"erased: {what}"
    except NoSuchCase:
        sys.stderr.write("Nothing is reported of this case. Check the id.\n")
        return 1
    except INFRASTRUCTURE as fault:
        sys.stderr.write(f"The database does not answer ({type(fault).__name__}). Do it again; it is done only once.\n")
        return 1
    finally:
        await runtime.close()
    sys.stdout.write(f"{chosen.case} {said}\n")
    return 0


ERASE = Command("erase", add_words, run)
