"""Fixtures for tests that run services: settings of their own names, topics made from the manifest."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from typing import Any, Protocol, TypeVar

import pytest
import pytest_asyncio

from chassis.bus.topics import create_topics
from chassis.clock import Clock
from chassis.service import ServiceDefinition
from chassis.settings import ServiceSettings
from contracts.manifest import Manifest
from tests.harness.kafka import delete_topics
from tests.harness.service import RunningService, running_service
from tests.harness.tokens import AUDIENCE, ISSUER, Issuer

S = TypeVar("S", bound=ServiceSettings)

PARTITIONS = 2
AGENCIES = ("cianjur-education", "cianjur-health", "cianjur-health-bpjs", "cianjur-baznas")


class Start(Protocol):
    """Starts a service for this test; another start of the same definition is another instance of it."""

    async def __call__(
        self, definition: ServiceDefinition[Any], *, clock: Clock | None = None, **changes: Any
    ) -> RunningService: ...


@pytest.fixture(scope="session")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Issuer:
    """Signs tokens that every service started here trusts."""
    return Issuer.make(tmp_path_factory.mktemp("issuer"))


@pytest.fixture
def settings_of(kafka_bootstrap: str, mongodb_uri: str, unique: str, issuer: Issuer) -> Callable[..., ServiceSettings]:
    """Settings of a service in this test's own topics and databases; keywords change them."""

    def make(definition: ServiceDefinition[Any], **changes: Any) -> ServiceSettings:
        fields: dict[str, Any] = {
            "kafka_bootstrap_servers": kafka_bootstrap,
            "topic_prefix": f"{unique}.",
            "mongodb_uri": mongodb_uri,
            "mongodb_database": f"{unique}_{definition.name}",
            "oidc_issuer": ISSUER,
            "oidc_audience": AUDIENCE,
            "oidc_jwks_url": issuer.jwks_url,
            "log_level": "WARNING",
        }
        made: ServiceSettings = definition.settings(**{**fields, **changes})
        return made

    return make


@pytest_asyncio.fixture
async def topics(kafka_bootstrap: str, unique: str) -> AsyncIterator[str]:
    """All topics of the manifest under this test's prefix; gives the prefix."""
    prefix, manifest = f"{unique}.", Manifest.load()
    await create_topics(kafka_bootstrap, manifest, prefix=prefix, agencies=AGENCIES, partitions=PARTITIONS)
    yield prefix
    # Left behind, some fifty partitions a test slow the broker down until it no longer answers in time.
    await delete_topics(kafka_bootstrap, [prefix + name for name in manifest.names(AGENCIES)])


@pytest_asyncio.fixture
async def start(settings_of: Callable[..., ServiceSettings], topics: str) -> AsyncIterator[Start]:
    """Start services; all are stopped at the end of the test, the last one first."""
    async with AsyncExitStack() as stack:

        async def start_one(
            definition: ServiceDefinition[Any], *, clock: Clock | None = None, **changes: Any
        ) -> RunningService:
            return await stack.enter_async_context(
                running_service(definition, settings_of(definition, **changes), clock=clock)
            )

        yield start_one
