"""The whole story, and what must be true at its end."""

from pathlib import Path

from rich.console import Console

from deploy.demo import jambudipa, lansot, pilolalenga
from deploy.demo.errors import StoryBroke
from deploy.demo.facts import Facts
from deploy.demo.stage import BetweenSteps, Stage, nothing_between
from deploy.demo.timeline import Timeline
from deploy.demo.told import client
from deploy.embedded.endpoints import Endpoints


async def tell(
    endpoints: Endpoints, console: Console, between: BetweenSteps = nothing_between, told: Path | None = None
) -> list[str]:
    """Play all chapters; returns the timeline without ids, times and links: the same for every good run.

    What its people were told is added to the file `told`, for the audit. Raises StoryBroke when something does not
    happen, or happens twice.
    """
    facts = Facts()
    timeline = Timeline(console, endpoints.pages.traces.rstrip("/").removesuffix("/zipkin"))
    async with (
        client(endpoints.apis, told) as http,
        facts.watching(endpoints.kafka.bootstrap_servers),
    ):
        stage = Stage(endpoints, http, facts, timeline, between)
        for play in (jambudipa.play, pilolalenga.play, lansot.play):
            case = await play(stage)
            surplus = facts.unclaimed(case)
            if surplus:
                raise StoryBroke(f"told but not expected: {dict(surplus)}.")
            # Of all chapters so far: a letter too many may come after the last one expected.
            await stage.no_surplus_mail()
    return timeline.lines
