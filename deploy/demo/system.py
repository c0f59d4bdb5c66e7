"""The running system: found by its endpoints file, or started for the story and stopped after it."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from deploy.demo.errors import StoryBroke
from deploy.embedded.endpoints import Endpoints, read_endpoints
from deploy.embedded.places import CHECKOUT, Places

START_SECONDS = 600.0


@dataclass(frozen=True)
class Installation:
    """The folder whose system the story is played on, and how one is started there when none runs."""

    places: Places
    any_ports: bool = False
    """Leave the usual ports to another system."""

    @property
    def command(self) -> list[str]:
        words = [sys.executable, "-m", "deploy.embedded", "up", "--var", str(self.places.var)]
        return [*words, "--any-ports"] if self.any_ports else words


async def answers(endpoints: Endpoints) -> bool:
    """Whether the system that wrote the file is still there."""
    try:
        async with httpx.AsyncClient(timeout=2.0, trust_env=False) as client:
            return (await client.get(endpoints.pages.home)).is_success
    except httpx.HTTPError:
        return False


async def running_here(file: Path) -> Endpoints | None:
    endpoints = read_endpoints(file)
    return endpoints if endpoints is not None and endpoints.ready and await answers(endpoints) else None


@asynccontextmanager
async def system(installation: Installation) -> AsyncIterator[Endpoints]:
    """The system that runs there, else one of our own until the end of the block. Raises StoryBroke."""
    file = installation.places.endpoints
    found = await running_here(file)
    if found is not None:
        yield found
        return
    child = await asyncio.create_subprocess_exec(*installation.command, cwd=CHECKOUT)
    try:
        yield await _ready(child, file)
    finally:
        if child.returncode is None:
            child.send_signal(signal.SIGINT)
            await child.wait()


async def _ready(child: asyncio.subprocess.Process, file: Path) -> Endpoints:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if child.returncode is not None:
            raise StoryBroke("the system did not start; what it said is above.")
        found = await running_here(file)
        if found is not None:
            return found
        await asyncio.sleep(0.5)
    os.kill(child.pid, signal.SIGINT)
    raise StoryBroke(f"the system was not ready within {START_SECONDS:.0f} s.")
