"""`python -m deploy.demo`: play the story."""

import argparse
import asyncio
import sys
from pathlib import Path

import httpx
from aiokafka.errors import KafkaError
from rich.console import Console
from rich.markup import escape

from deploy.demo.errors import StoryBroke
from deploy.demo.story import tell
from deploy.demo.system import Installation, system
from deploy.embedded.places import Places, default_places

DESCRIPTION = """Plays the story against the system that `make run` started here, or starts one for it:
a mother in Jambudipa, a father in Pilolalenga, a question in Lansot. Prints who did what, which fact
went where, and where its trace is. It may be played again and again; it moves the demonstration's clock."""


async def _play(installation: Installation, console: Console, told: Path | None) -> int:
    try:
        async with system(installation) as endpoints:
            await tell(endpoints, console, told=told)
    except (StoryBroke, httpx.HTTPError, KafkaError) as broke:
        why = " ".join(str(broke).split()) or type(broke).__name__
        # Folded at the screen's width, the last line would be the tail of a sentence.
        console.print(f"[bold red]The story broke:[/] {escape(why)}", soft_wrap=True)
        return 1
    console.rule("[bold]The story is told", align="left")
    return 0


def main() -> int:
    """Exit codes: 0 the whole story was told; 1 it broke, and the last line says where; 2 wrong words."""
    parser = argparse.ArgumentParser(
        prog="python -m deploy.demo",
        description=DESCRIPTION,
        epilog="exit codes: 0 told; 1 broke, the last line says where; 2 wrong words",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--no-color", action="store_true", help="plain text")
    parser.add_argument("--var", type=Path, help="folder of another system; one started there takes any free ports")
    parser.add_argument(
        "--told", type=Path, metavar="FILE", help="add what the story's people were told to FILE, for python -m audit"
    )
    chosen = parser.parse_args()
    installation = (
        Installation(default_places())
        if chosen.var is None
        else Installation(Places(chosen.var.resolve()), any_ports=True)
    )
    return asyncio.run(_play(installation, Console(no_color=chosen.no_color, highlight=False), chosen.told))


if __name__ == "__main__":
    sys.exit(main())
