"""The story of `make demo`, told again and again: undisturbed, and while services are killed between its steps."""

import time
from collections import Counter
from collections.abc import Awaitable, Callable
from io import StringIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from rich.console import Console

from contracts import Event, EventData, decode
from deploy.demo.stage import nothing_between
from deploy.demo.story import tell
from deploy.embedded.services import SERVICES
from tests.harness.kafka import read_topics
from tests.harness.system import RunningSystem
from tests.harness.waiting import eventually

pytestmark = pytest.mark.timeout(900)

NAMES = tuple(kind.name for kind in SERVICES)
KILL_ONE_AGAIN_AFTER_SECONDS = 25.0
"""A service that dies more than five times in 90 s is given up by its supervisor, rightly."""


async def play(
    running: RunningSystem, told: Path, between: Callable[[], Awaitable[None]] = nothing_between
) -> list[str]:
    return await tell(running.endpoints(), Console(file=StringIO(), width=200), between, told)


async def test_the_story_is_told_the_same_each_time(running: RunningSystem, told_once: list[str], told: Path) -> None:
    assert await play(running, told) == told_once
    assert sum("case.resolved" in line for line in told_once) == 3


async def test_killing_each_service_between_the_steps_changes_nothing_of_it(
    running: RunningSystem, told_once: list[str], told: Path
) -> None:
    killed: Counter[str] = Counter()
    last: dict[str, float] = {}

    async def kill_the_next() -> None:
        rested = [n for n in NAMES if time.monotonic() - last.get(n, float("-inf")) > KILL_ONE_AGAIN_AFTER_SECONDS]
        name = min(rested, key=lambda n: killed[n], default=None)
        if name is not None and running.kill(name) is not None:
            killed[name] += 1
            last[name] = time.monotonic()

    assert await play(running, told, kill_the_next) == told_once
    assert set(killed) == set(NAMES)


async def spans_of(running: RunningSystem, trace: str) -> list[dict[str, Any]]:
    base = running.endpoints().pages.traces.rstrip("/").removesuffix("/zipkin")
    async with httpx.AsyncClient(trust_env=False) as client:
        found = await client.get(f"{base}/api/v2/trace/{trace}")
        return list(found.json()) if found.status_code == 200 else []


async def events_on(running: RunningSystem, topic: str) -> list[Event[EventData]]:
    return [decode(record.value) for record in await read_topics(running.endpoints().kafka.bootstrap_servers, [topic])]


@pytest.mark.usefixtures("told_once")
async def test_one_deed_is_one_trace_through_all_four_services(running: RunningSystem) -> None:
    async def created() -> list[Event[EventData]]:
        return await events_on(running, "complaint.created")

    async def edges(deed: Event[EventData]) -> set[tuple[str, str]]:
        spans = await spans_of(running, (deed.traceparent or "--").split("-")[1])
        return {
            (parent["localEndpoint"]["serviceName"], span["localEndpoint"]["serviceName"])
            for span in spans
            for parent in spans
            if span.get("parentId") == parent["id"]
        }

    told = {("intake", "referral"), ("intake", "notification"), ("intake", "reporting")}
    # What the district made of it went back to the village, and the messenger asked the village for the contact.
    came_back = {("referral", "intake"), ("referral", "reporting"), ("notification", "intake")}

    async def most_led_to() -> set[tuple[str, str]]:
        """Of the deeds, not only of one: a killed process takes its last spans with it."""
        return max([await edges(deed) for deed in await created()], key=lambda seen: len(seen & (told | came_back)))

    await eventually(created)
    await eventually(most_led_to, lambda seen: seen >= told | came_back, patience=60.0)
