"""One whole system for all journeys: starting it takes longer than most of them. After each, every law has to hold."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from rich.console import Console

from audit.addresses import addresses_from
from audit.evidence import Standing, Verdict
from audit.laws import LAWS
from audit.looking import look_until_at_rest
from audit.report import as_text
from audit.told import read_told
from deploy.demo.story import tell
from deploy.demo.told import client
from tests.harness.system import RunningSystem

PATIENCE_SECONDS = 120.0


@pytest.fixture(scope="package")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSystem]:
    """The system as `make run` starts it, ready."""
    system = RunningSystem(tmp_path_factory.mktemp("journeys") / "var")
    try:
        system.until(system.is_ready)
        yield system
        assert system.interrupt() == 0
    finally:
        system.end()


@pytest.fixture(scope="package")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The list of what clients were told. It has to hold every writing request of every journey."""
    file = tmp_path_factory.mktemp("told") / "requests.jsonl"
    file.touch()
    return file


@pytest_asyncio.fixture
async def http(running: RunningSystem, told: Path) -> AsyncIterator[httpx.AsyncClient]:
    """For a journey's own requests, which are noted."""
    async with client(running.endpoints().apis, told) as http:
        yield http


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def told_once(running: RunningSystem, told: Path) -> list[str]:
    """The story, told once before anything is asked about it; its timeline."""
    return await tell(running.endpoints(), Console(file=StringIO(), width=200), told=told)


def audited(running: RunningSystem, told: Path) -> tuple[Verdict, ...]:
    """The verdict over the system once it has come to rest. In a thread: this one may have a loop already."""
    look = look_until_at_rest(
        addresses_from(running.places.endpoints), read_told(told), PATIENCE_SECONDS, lambda _: None
    )
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, look).result()


@pytest.fixture(autouse=True)
def every_law_holds_afterwards(running: RunningSystem, told: Path) -> Iterator[None]:
    """Whatever a journey did, killings included."""
    yield
    verdicts = audited(running, told)
    found = {verdict.law.name: verdict.findings.standing for verdict in verdicts}
    assert found == dict.fromkeys((law.name for law in LAWS), Standing.HOLDS), as_text(verdicts, shown=20)
