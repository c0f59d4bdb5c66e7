"""One window for all tests of its pages; each test has a village of its own."""

import uuid
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from chassis.bus.topics import create_topics
from chassis.clock import SettableClock
from chassis.regions import KemendagriRegions
from contracts.manifest import Manifest
from services.intake.app import DEFINITION
from tests.harness.kafka import delete_topics
from tests.harness.service import running_service
from tests.harness.tokens import AUDIENCE, ISSUER, Issuer
from tests.integration.intake.builders import MONDAY, SETTINGS, Window

SUB_DISTRICTS = ("32.03.01", "32.03.02", "32.03.03", "32.03.04")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "intake/pages/" in item.path.as_posix():
            # Before the mark that every asynchronous test gets, which would give each a loop of its own.
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def window(kafka_bootstrap: str, mongodb_uri: str, issuer: Issuer) -> AsyncIterator[Window]:
    prefix = f"t{uuid.uuid4().hex[:10]}."
    await create_topics(kafka_bootstrap, Manifest.load(), prefix=prefix, partitions=2)
    settings = DEFINITION.settings(
        kafka_bootstrap_servers=kafka_bootstrap,
        topic_prefix=prefix,
        mongodb_uri=mongodb_uri,
        mongodb_database=f"{prefix[:-1]}_intake",
        oidc_issuer=ISSUER,
        oidc_audience=AUDIENCE,
        oidc_jwks_url=issuer.jwks_url,
        log_level="WARNING",
        **SETTINGS,
    )
    async with running_service(DEFINITION, settings, clock=SettableClock(MONDAY)) as service:
        yield Window(service, issuer)
    await delete_topics(kafka_bootstrap, [prefix + name for name in Manifest.load().names(())])


@pytest.fixture(scope="package")
def villages() -> Iterator[str]:
    regions = KemendagriRegions()
    return (code for area in SUB_DISTRICTS for code, _ in regions.villages_in(area))


@pytest.fixture
def village(villages: Iterator[str]) -> str:
    """A village in which nothing was recorded yet."""
    return next(villages)
