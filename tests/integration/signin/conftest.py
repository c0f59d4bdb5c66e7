"""One service with pages for each module of this folder; neither topics nor consumers take part."""

import uuid
from collections.abc import AsyncIterator

import httpx
import pytest_asyncio

from chassis.http.app import create_app
from chassis.service import Runtime
from chassis.settings import ServiceSettings
from tests.harness.face import FACE
from tests.harness.service import RunningService
from tests.harness.tokens import AUDIENCE, ISSUER, Issuer


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def face(mongodb_uri: str, issuer: Issuer) -> AsyncIterator[RunningService]:
    settings = ServiceSettings(
        kafka_bootstrap_servers="127.0.0.1:1",
        mongodb_uri=mongodb_uri,
        mongodb_database=f"t{uuid.uuid4().hex[:10]}",
        oidc_issuer=ISSUER,
        oidc_audience=AUDIENCE,
        oidc_jwks_url=issuer.jwks_url,
    )
    runtime = Runtime(FACE, settings)
    app = create_app(runtime)
    await runtime.open()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://intake.test") as api:
        yield RunningService(runtime, app, api)
    await runtime.close()
