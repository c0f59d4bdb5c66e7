"""Backends of a run, and the names that keep its tests apart. See docs/testing.md."""

import os
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

from deploy.embedded.zipkin import answers_ok
from tests.backends.addresses import Addresses, addresses_of_environment
from tests.backends.choice import Backend, choose_backend
from tests.harness.keycloak import keycloak  # noqa: F401 - one for all folders
from tests.strategies import effort  # noqa: F401 - loads the profile of properties for every test

ZIPKIN_START_BUDGET_SECONDS = 60
SHARING_A_SYSTEM = (("tests/browser/", "keycloak.py"), ("tests/faults/",), ("tests/journeys/",))
SERVERS_GIVEN = "PUSKESOS_TEST_SERVERS_GIVEN"
"""Set for the workers when somebody else's servers are used: the addresses alone do not say whose they are."""


class BackendOfRun:
    """The one backend of this process and of its workers, started when first needed."""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self._addresses: Addresses | None = None

    def addresses(self) -> Addresses:
        if self._addresses is None:
            self._addresses = self.backend.start()
            self._addresses.publish()
        return self._addresses

    def stop(self) -> None:
        if self._addresses is not None:
            self.backend.stop()
            self._addresses = None


RUN = pytest.StashKey[BackendOfRun]()


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        os.environ[SERVERS_GIVEN] = "yes" if addresses_of_environment() else "no"
    run = config.stash[RUN] = BackendOfRun(choose_backend())
    has_workers = not hasattr(config, "workerinput") and bool(config.getoption("numprocesses", default=None))
    if has_workers and not config.getoption("collectonly"):
        # Workers inherit the environment: with addresses in it they never start servers of their own.
        run.addresses()


class WholeModules(LoadScopeScheduling):  # type: ignore[misc] # xdist has no types
    """A worker takes a module whole, so that its fixtures are made once; and whole what shares one system: all
    journeys, all tests that disturb the system under fault, and all tests of pages in a browser together with the
    modules named after Keycloak, which they sign in at.
    """

    def _split_scope(self, nodeid: str) -> str:
        module = nodeid.split("::", maxsplit=1)[0]
        return next((parts[0] for parts in SHARING_A_SYSTEM if any(part in module for part in parts)), module)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> WholeModules:
    # Not by the marker xdist_group: under this pytest it separates nothing and says nothing.
    return WholeModules(config, log)


def pytest_report_header(config: pytest.Config) -> str:
    return f"backends: {config.stash[RUN].backend.description}"


def pytest_unconfigure(config: pytest.Config) -> None:
    if RUN in config.stash:
        config.stash[RUN].stop()


@pytest.fixture(scope="session")
def addresses(pytestconfig: pytest.Config) -> Addresses:
    return addresses_of_environment() or pytestconfig.stash[RUN].addresses()


@pytest.fixture(scope="session")
def servers_given() -> bool:
    """Whether the servers of this run are somebody else's, named by address: they are not ours to kill."""
    return os.environ[SERVERS_GIVEN] == "yes"


@pytest.fixture(scope="session")
def kafka_bootstrap(addresses: Addresses) -> str:
    """Bootstrap servers of a real Kafka; topics do not create themselves."""
    return addresses.kafka


@pytest.fixture(scope="session")
def mongodb_uri(addresses: Addresses) -> str:
    """URI of a real server with transactions, without a database name: take `unique` for that."""
    return addresses.mongodb


@pytest.fixture(scope="session")
def zipkin_url(addresses: Addresses) -> str:
    """Base URL of a Zipkin; spans go to /api/v2/spans."""
    if addresses.zipkin is None:
        pytest.skip("capability: zipkin")
    deadline = time.monotonic() + ZIPKIN_START_BUDGET_SECONDS
    while not answers_ok(f"{addresses.zipkin}/health"):
        if time.monotonic() > deadline:
            pytest.fail(f"Zipkin at {addresses.zipkin} did not become ready")
        time.sleep(0.2)
    return addresses.zipkin


@pytest.fixture
def unique() -> str:
    """A short name no other test and no other run uses: for topic prefixes and database names."""
    return f"t{uuid.uuid4().hex[:10]}"


@pytest.fixture
def unique_names() -> Iterator[Callable[[], str]]:
    """For tests that need several: each call gives a new one."""
    yield lambda: f"t{uuid.uuid4().hex[:10]}"
