"""`python -m services.reporting rebuild`."""

import argparse
import asyncio
import contextlib
import signal
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

from chassis.bus.target import REBUILD_LETTERS
from chassis.service import Command, Runtime
from chassis.store import LeaseLost
from chassis.store.errors import INFRASTRUCTURE
from chassis.store.generation import Stage
from chassis.store.generations import DROPPED_AFTER, Generations, NothingIsBuilt
from services.reporting.rebuilding.comparing import Comparison
from services.reporting.rebuilding.course import AnotherIsAtWork, AnotherRecipe, Course, Outcome, alone
from services.reporting.rebuilding.progress import Progress
from services.reporting.store import READ_MODELS

PATIENCE_SECONDS = 15.0
SHOWN = 20

EXAMPLES = """examples:
  rebuild --compare-only         build beside the live figures, say what differs, change nothing
  rebuild                        the same, and switch when nothing differs
  rebuild --accept-differences   switch although something differs: after an upgrade that counts otherwise, or to heal
  rebuild --status               what is live, what is being built, what waits to be dropped
  rebuild --drop                 drop generations that are no longer used
  rebuild --abandon              give up what is being built

The service goes on meanwhile. Stopped or killed at any point, `rebuild` goes on from there when it is started again.

exit codes: 0 done, or equal; 1 something differs, or it is not possible; 2 wrong words"""


def add_words(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    rebuild = commands.add_parser(
        "rebuild",
        help="make all cases and figures anew from the topics, compare, switch",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    deed = rebuild.add_mutually_exclusive_group()
    deed.add_argument("--compare-only", action="store_true", help="never switch; keep what was built for the next run")
    deed.add_argument("--accept-differences", action="store_true", help="switch whatever differs")
    deed.add_argument("--status", action="store_true", help="say how things stand")
    deed.add_argument("--drop", action="store_true", help="drop generations that nobody uses any more")
    deed.add_argument("--abandon", action="store_true", help="give up what is being built, and drop it")
    rebuild.add_argument("--drop-old", action="store_true", help="after the switch, drop the generation before")
    rebuild.add_argument(
        "--patience",
        type=_seconds,
        default=PATIENCE_SECONDS,
        metavar="SECONDS",
        help=f"look again so long at what differs: events may be on their way (default {PATIENCE_SECONDS:g})",
    )
    rebuild.add_argument("--ids", type=int, default=SHOWN, metavar="N", help=f"name so many of each kind ({SHOWN})")


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds <= 3600:
        raise argparse.ArgumentTypeError("between 0 and 3600")
    return seconds


async def run(runtime: Runtime[Any], chosen: argparse.Namespace) -> int:
    """Exit codes: 0 done or equal, 1 differences or not possible."""
    progress = Progress()
    await runtime.open()
    try:
        with _stopping_orderly():
            return await _run(runtime, chosen, progress)
    except asyncio.CancelledError:
        progress.says("Stopped. What is live was not touched in between; start it again to go on from here.")
        return 1
    except INFRASTRUCTURE as fault:
        progress.says(f"The database does not answer ({type(fault).__name__}). Start it again to go on from here.")
        return 1
    except LeaseLost as lost:
        progress.says(f"Given up: {lost}.")
        return 1
    finally:
        await runtime.close()


async def _run(runtime: Runtime[Any], chosen: argparse.Namespace, progress: Progress) -> int:
    generations = Generations(runtime.store, READ_MODELS)
    if chosen.status:
        return await _status(generations, progress)
    if chosen.drop:
        await _drop(generations, progress)
        return 0
    if chosen.abandon:
        return await _abandon(generations, progress)
    try:
        async with alone(runtime) as holder:
            course = Course(runtime, progress, holder, lambda found: _tell_comparison(found, chosen.ids, progress))
            outcome = await course.run(
                compare_only=chosen.compare_only,
                accept_differences=chosen.accept_differences,
                patience_seconds=chosen.patience,
            )
    except AnotherIsAtWork:
        progress.says("Another rebuild is at work. Wait for it, or stop it.")
        return 1
    except AnotherRecipe:
        progress.says(
            "What was begun follows the rules of another release and cannot be gone on with by this one: "
            "`rebuild --abandon`, then begin again."
        )
        return 1
    code = _tell(outcome, progress)
    if outcome.switched and chosen.drop_old:
        progress.says(f"waiting {DROPPED_AFTER.seconds} s, until nobody uses the generation before")
        await asyncio.sleep(DROPPED_AFTER.seconds)
        await _drop(generations, progress)
    return code


def _tell(outcome: Outcome, progress: Progress) -> int:
    comparison, number = outcome.comparison, outcome.building.number
    if outcome.switched:
        progress.says(f"Done: generation {number} is live and whole. `rebuild --drop` takes away the one before.")
        return 0
    if comparison is not None and comparison.equal:
        progress.says(f"Nothing was changed; generation {number} is kept, and `rebuild` goes on with it.")
        return 0
    progress.says(
        f"Nothing was changed; generation {number} is kept. If it is what should be shown: "
        "`rebuild --accept-differences`. If not: `rebuild --abandon`."
    )
    return 1


def _tell_comparison(comparison: Comparison, shown: int, progress: Progress) -> None:
    progress.says(f"compared {comparison.cases:,} cases and {comparison.figures:,} figures")
    if comparison.equal:
        progress.says("they are equal")
        return
    numbers = Counter(difference.kind for difference in comparison.differences) + comparison.beyond
    for kind, number in numbers.items():
        progress.says(f"{kind.value}: {number:,}")
        named = [difference for difference in comparison.differences if difference.kind is kind]
        for difference in named[:shown]:
            progress.says(f"  {difference.key}  {difference.says}".rstrip())
        if number > min(len(named), shown):
            progress.says(f"  and {number - min(len(named), shown):,} more; --ids N names more")


async def _status(generations: Generations, progress: Progress) -> int:
    """1 when there is something to be done."""
    live, building = await generations.live(), await generations.building()
    since = f", since {live.switched_at:%Y-%m-%d %H:%M:%S}Z" if live.switched_at else ""
    progress.says(f"live: generation {live.number}{since}")
    behind = live.recipe != READ_MODELS.recipe
    if behind:
        progress.says("  made by the rules of another release: rebuild it")
    if building is not None:
        what = {
            Stage.COPYING: "begun",
            Stage.READING: "being built",
            Stage.SETTLING: "live, but the switch was cut off: start `rebuild` again to finish it",
        }[building.stage]
        read = sum(building.offsets.values())
        progress.says(
            f"generation {building.number}: {what}; {read:,} events read, since {building.begun_at:%H:%M:%S}Z"
        )
    for unused in live.unused:
        progress.says(f"generation {unused.number}: unused; `rebuild --drop` takes it away")
    return int(behind or (building is not None and building.stage is Stage.SETTLING))


async def _drop(generations: Generations, progress: Progress) -> None:
    for number in await generations.drop_unused(REBUILD_LETTERS):
        progress.says(f"generation {number} dropped")
    for unused in (await generations.live()).unused:
        progress.says(f"generation {unused.number} may still be in use; `rebuild --drop` a minute later")


async def _abandon(generations: Generations, progress: Progress) -> int:
    try:
        building = await generations.abandon()
    except NothingIsBuilt:
        progress.says("Nothing is being built.")
        return 1
    progress.says(f"generation {building.number} abandoned")
    await _drop(generations, progress)
    return 0


@contextlib.contextmanager
def _stopping_orderly() -> Iterator[None]:
    """SIGTERM ends it between two batches, with the lease given back. On platforms without signals it just ends."""
    task = asyncio.current_task()
    loop = asyncio.get_running_loop()
    if task is None or sys.platform == "win32":
        yield
        return
    loop.add_signal_handler(signal.SIGTERM, task.cancel)
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGTERM)


REBUILD = Command("rebuild", add_words, run)
