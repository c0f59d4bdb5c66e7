"""`python -m deploy.demo`: play the story."""

import argparse
import asyncio
import sys

import httpx
from aiokafka.errors import KafkaError
from rich.console import Console
from rich.markup import escape

from deploy.demo.errors import StoryBroke
from deploy.demo.story import tell
from deploy.demo.system import system
from deploy.embedded.places import default_places

DESCRIPTION = """Plays the story against the system that `make run` started here, or starts one for it:
a mother in Jambudipa, a father in Pilolalenga, a question in Lansot. Prints who did what, which fact
went where, and where its trace is. It may be played again and again; it moves the demonstration's clock."""


async def _play(console: Console) -> int:
    try:
        async with system(default_places().endpoints) as endpoints:
            await tell(endpoints, console)
    except (StoryBroke, httpx.HTTPError, KafkaError) as broke:
        console.print(f"[bold red]The story broke:[/] {escape(str(broke) or type(broke).__name__)}")
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
    chosen = parser.parse_args()
    return asyncio.run(_play(Console(no_color=chosen.no_color, highlight=False)))


if __name__ == "__main__":
    sys.exit(main())
