"""python -m tests.faults: disturb a system of its own under load, and judge whether anything was lost or doubled."""

import argparse
import asyncio
import logging
import random
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from deploy.embedded.places import CHECKOUT
from tests.backends.addresses import addresses_of_environment
from tests.faults.campaign import Campaign, Wanted
from tests.faults.rig.disturbances import DISTURBANCES
from tests.faults.rig.servers import Servers
from tests.faults.showing import tables
from tests.faults.tally import Sum, Tally, TallyUnreadable

HOLDS, BROKEN, WRONG_WORDS, INTERRUPTED = 0, 1, 2, 130
DEFAULT_TALLY = CHECKOUT / "var" / "faults" / "tally.jsonl"
SEED_LIMIT = 100_000

DESCRIPTION = """Starts a system of its own (Kafka, three databases, an issuer, a mail server, the four services),
lets many people use it, and disturbs it: processes are killed at every named step of a fact's way, servers die,
lines are cut, clocks jump. Every so often it lets the system come to rest and states every law of the audit."""

EPILOG = """The plan follows from the seed alone. Everything done is a line of the tally: the same command goes on
where the file ends, also after Ctrl-C. PUSKESOS_TEST_KAFKA and PUSKESOS_TEST_MONGODB name servers to stand on
instead of our own; nothing that needs killing them is done then.

exit codes: 0 nothing lost, doubled or stuck, every recovery within 30 s; 1 something was, and the last lines say what;
2 wrong words; 130 interrupted
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit codes: 0 holds; 1 broken; 2 wrong words; 130 interrupted."""
    chosen = _parser().parse_args(arguments)
    console = Console(highlight=False)
    try:
        tally = Tally(chosen.tally)
    except TallyUnreadable as error:
        sys.stderr.write(f"faults: {error}\n")
        return WRONG_WORDS
    only = tuple(name for name in chosen.only.split(",") if name)
    unknown = sorted(set(only) - set(DISTURBANCES))
    if unknown:
        sys.stderr.write(f"faults: no disturbance {', '.join(unknown)}; they are: {', '.join(DISTURBANCES)}\n")
        return WRONG_WORDS
    seed = chosen.seed if chosen.seed is not None else _seed(tally, chosen.kills)
    console.print(f"seed {seed} · until {chosen.kills} kills · tally {tally.file}")
    # Brokers are killed on purpose: a client that says so ten times a second hides what is said to people.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    interrupted = False
    try:
        asyncio.run(_run(Wanted(seed, chosen.kills, only), tally, console))
    except KeyboardInterrupt:
        interrupted = True
        console.print("interrupted; the same command goes on from here")
    for table in tables(tally, seed):
        console.print(table)
    if interrupted:
        return INTERRUPTED
    return HOLDS if tally.of(seed).holds else BROKEN


async def _run(wanted: Wanted, tally: Tally, console: Console) -> None:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("kills", total=wanted.kills, completed=tally.of(wanted.seed).kills)

        def show(total: Sum) -> None:
            told = f"kills · recovery {total.recovery_median:.1f} s, longest {total.recovery_longest:.1f} s"
            progress.update(task, completed=total.kills, description=told)

        def say(what: str) -> None:
            progress.console.print(what, soft_wrap=True)

        with tempfile.TemporaryDirectory(prefix="puskesos-faults-", ignore_cleanup_errors=True) as made:
            folder = Path(made)
            await Campaign(wanted, tally, say, show).run(_servers(folder), folder)


def _servers(folder: Path) -> Servers:
    named = addresses_of_environment()
    return Servers.own(folder / "servers") if named is None else Servers.given(named.kafka, named.mongodb)


def _seed(tally: Tally, kills: int) -> int:
    """The last one, when it is not done; else a new one."""
    if tally.lines:
        last = tally.lines[-1].seed
        if tally.of(last).kills < kills:
            return last
    return random.randrange(SEED_LIMIT)  # noqa: S311 - a plan, no secret


def _parser() -> argparse.ArgumentParser:
    kinds = "\n".join(f"  {kind.name:<26} {kind.says}" for kind in DISTURBANCES.values())
    parser = argparse.ArgumentParser(
        prog="python -m tests.faults",
        description=DESCRIPTION,
        epilog=f"disturbances:\n{kinds}\n\n{EPILOG}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--kills", type=int, default=200, metavar="N", help="how many to count (200)")
    parser.add_argument("--seed", type=int, metavar="N", help="of the plan; else that of an unfinished tally, or any")
    parser.add_argument("--tally", type=Path, default=DEFAULT_TALLY, metavar="FILE", help=f"({DEFAULT_TALLY.name})")
    parser.add_argument("--only", default="", metavar="NAME,...", help="these disturbances alone")
    return parser


if __name__ == "__main__":
    sys.exit(main())
