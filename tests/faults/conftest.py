"""One system under fault for all tests that disturb it, with people on it all the time; after each, every law."""

from collections.abc import AsyncIterator, Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
import pytest_asyncio

from audit.report import as_text
from tests.backends.addresses import Addresses
from tests.faults.expecting import PATIENCE_SECONDS
from tests.faults.rig.disturbance import Entry
from tests.faults.rig.servers import Servers
from tests.faults.rig.standing import Standing, standing
from tests.faults.rig.steps import Step

PLAYERS = 12
REQUESTS_PER_SECOND = 8.0
SEED = 4
BREACHES_SHOWN = 10

_numbers: Iterator[int] = count(1)


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def system_under_fault(
    tmp_path_factory: pytest.TempPathFactory, servers_given: bool, request: pytest.FixtureRequest
) -> AsyncIterator[Standing]:
    """Servers of its own, so that they can be killed; the run's when those were given by address."""
    folder: Path = tmp_path_factory.mktemp("faults")
    if servers_given:
        addresses: Addresses = request.getfixturevalue("addresses")
        servers = Servers.given(addresses.kafka, addresses.mongodb)
    else:
        servers = Servers.own(folder / "servers")
    async with standing(
        servers, folder, seed=SEED, requests_per_second=REQUESTS_PER_SECOND, patience_seconds=PATIENCE_SECONDS
    ) as stand:
        yield stand


@pytest_asyncio.fixture(loop_scope="session")
async def stand(system_under_fault: Standing) -> AsyncIterator[Standing]:
    """The system with people on it; when the test has done its worst, every law must hold."""
    stand = system_under_fault
    await stand.load.start(PLAYERS)
    yield stand
    judgement = await stand.judge()
    told = "\n".join(judgement.breaches()[:BREACHES_SHOWN])
    assert judgement.holds, f"{told}\n{as_text(judgement.verdicts, shown=BREACHES_SHOWN)}"
    assert judgement.events > 0


@pytest.fixture(scope="session")
def entry() -> Callable[..., Entry]:
    """Makes the next disturbance: name, where, step. Numbers are never used twice on one system."""

    def make(name: str, where: str, step: Step | None = None) -> Entry:
        number = next(_numbers)
        return Entry(number, name, where, step, seed=number)

    return make
