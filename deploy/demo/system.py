"""The running system: found by its endpoints file, or started for the story and stopped after it."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from deploy.demo.errors import StoryBroke
from deploy.embedded.endpoints import Endpoints, read_endpoints

START_SECONDS = 600.0


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
async def system(file: Path) -> AsyncIterator[Endpoints]:
    """The system that runs here, else one of our own until the end of the block. Raises StoryBroke."""
    found = await running_here(file)
    if found is not None:
        yield found
        return
    child = await asyncio.create_subprocess_exec(sys.executable, "-m", "deploy.embedded", "up")
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
