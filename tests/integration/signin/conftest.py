"""One service with pages for each module of this folder; neither topics nor consumers take part."""

import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace

import httpx
import pytest
import pytest_asyncio

from chassis.http.app import create_app
from chassis.service import Runtime
from chassis.settings import ServiceSettings
from tests.harness.face import FACE
from tests.harness.issuer import CLIENT_ID, CLIENT_SECRET, StrictIssuer, strict_issuer
from tests.harness.service import RunningService
from tests.harness.tokens import AUDIENCE, ISSUER, Issuer

PUBLIC_URL = "http://intake.test"


@asynccontextmanager
async def serving(mongodb_uri: str, **settings: object) -> AsyncIterator[RunningService]:
    fields: dict[str, object] = {
        "kafka_bootstrap_servers": "127.0.0.1:1",
        "mongodb_uri": mongodb_uri,
        "mongodb_database": f"t{uuid.uuid4().hex[:10]}",
        "oidc_audience": AUDIENCE,
    }
    runtime = Runtime(FACE, ServiceSettings.model_validate({**fields, **settings}))
    app = create_app(runtime)
    await runtime.open()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=PUBLIC_URL) as api:
        yield RunningService(runtime, app, api)
    await runtime.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def face(mongodb_uri: str, issuer: Issuer) -> AsyncIterator[RunningService]:
    """Trusts the tests' own key; nobody can sign in at it."""
    async with serving(mongodb_uri, oidc_issuer=ISSUER, oidc_jwks_url=issuer.jwks_url) as service:
        yield service


@dataclass(frozen=True)
class House:
    """A service with a client at the strict provider."""

    service: RunningService
    issuer: StrictIssuer
    outside: httpx.AsyncClient
    """Asks other sites."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running_house(mongodb_uri: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    async with AsyncExitStack() as stack:
        issuer = await stack.enter_async_context(
            strict_issuer(tmp_path_factory.mktemp("provider"), f"{PUBLIC_URL}/sign-in/callback")
        )
        client = {"oidc_client_id": CLIENT_ID, "oidc_client_secret": CLIENT_SECRET, "public_url": PUBLIC_URL}
        service = await stack.enter_async_context(serving(mongodb_uri, oidc_issuer=issuer.url, **client))
        yield House(service, issuer, await stack.enter_async_context(httpx.AsyncClient()))


@pytest.fixture
def house(running_house: House) -> Iterator[House]:
    """The house with its provider as it should be, whatever the test before spoilt."""
    before = dict(vars(running_house.issuer))
    person = replace(running_house.issuer.person)
    yield running_house
    vars(running_house.issuer).update(before)
    running_house.issuer.person = person
