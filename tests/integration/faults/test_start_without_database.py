"""A service whose database is away when it starts: alive, not ready, gone when told so, ready when it is back."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpx
import pytest_asyncio

from chassis.settings import PREFIX, ServiceSettings
from deploy.embedded.places import CHECKOUT
from deploy.embedded.ports import any_free_port
from services.referral.app import DEFINITION
from tests.faults.rig.proxy import LOOPBACK, Proxy
from tests.harness.waiting import eventually
from tests.integration.faults.lines import address_of_database, line_to, uri_through

STOP_SECONDS = 30.0


@pytest_asyncio.fixture
async def line(mongodb_uri: str) -> AsyncIterator[Proxy]:
    async with line_to(address_of_database(mongodb_uri)) as between:
        yield between


@asynccontextmanager
async def as_process(settings: ServiceSettings) -> AsyncIterator[asyncio.subprocess.Process]:
    values = settings.model_dump(mode="json", exclude_none=True)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", f"services.{DEFINITION.name}"),
        cwd=CHECKOUT,
        env={**os.environ, **{f"{PREFIX}{name.upper()}": str(value) for name, value in values.items()}},
        stdout=asyncio.subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_it_is_alive_and_ends_when_told_and_another_is_ready_once_the_line_is_whole(
    line: Proxy, mongodb_uri: str, settings_of: Callable[..., ServiceSettings], topics: str
) -> None:
    settings = settings_of(DEFINITION, mongodb_uri=uri_through(line, mongodb_uri), http_port=any_free_port())
    line.half_open()

    async with httpx.AsyncClient(base_url=f"http://{LOOPBACK}:{settings.http_port}", trust_env=False) as api:

        async def status(path: str) -> int:
            try:
                return (await api.get(path, timeout=10)).status_code
            except httpx.TransportError:
                return 0

        async with as_process(settings) as process:
            await eventually(lambda: status("/health/live"), lambda code: code == 200, patience=60)
            assert await status("/health/ready") == 503
            assert await status("/v1/handlings") == 503
            process.terminate()
            await asyncio.wait_for(process.wait(), STOP_SECONDS)

        async with as_process(settings):
            await eventually(lambda: status("/health/live"), lambda code: code == 200, patience=60)
            await line.heal()
            await eventually(lambda: status("/health/ready"), lambda code: code == 200)
