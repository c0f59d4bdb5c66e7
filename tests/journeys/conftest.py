"""One whole system for all journeys: starting it takes longer than most of them."""

from collections.abc import Iterator
from io import StringIO

import pytest
import pytest_asyncio
from rich.console import Console

from deploy.demo.story import tell
from tests.harness.system import RunningSystem


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSystem]:
    """The system as `make run` starts it, ready."""
    system = RunningSystem(tmp_path_factory.mktemp("journeys") / "var")
    try:
        system.until(system.is_ready)
        yield system
        assert system.interrupt() == 0
    finally:
        system.end()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def told_once(running: RunningSystem) -> list[str]:
    """The story, told once before anything is asked about it; its timeline."""
    return await tell(running.endpoints(), Console(file=StringIO(), width=200))
