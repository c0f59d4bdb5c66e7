"""Our pages at a real Keycloak with the demonstration's realm, from the sign-in to the sign-out everywhere."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx
import pytest
import pytest_asyncio
import uvicorn

from chassis.signin import provider
from deploy.embedded.realm import subject_of
from tests.harness.keycloak import RunningKeycloak
from tests.harness.service import RunningService
from tests.harness.waiting import eventually
from tests.integration.signin.browser import began, the_token_runs_out, wanted
from tests.integration.signin.conftest import serving

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(600)]

CLERK = "front-office.jambudipa"


@dataclass(frozen=True)
class Office:
    """The service at the address that the realm knows, so that Keycloak reaches its back channel."""

    service: RunningService
    keycloak: RunningKeycloak
    url: str

    def browser(self) -> httpx.AsyncClient:
        headers = {"Accept": "text/html", "Accept-Language": "en", "Sec-Fetch-Site": "same-origin"}
        return httpx.AsyncClient(base_url=self.url, headers=headers, trust_env=False, timeout=90)

    async def sign_in(self, browser: httpx.AsyncClient, name: str = CLERK) -> httpx.Response:
        back = await self.keycloak.sign_in(await began(browser), name)
        return await browser.get(back.headers["Location"])

    async def change(self, name: str, **attributes: object) -> None:
        """Changes an account; in a thread, because Keycloak may tell the service at once."""
        await asyncio.to_thread(self.keycloak.change, name, **attributes)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(mongodb_uri: str, keycloak: RunningKeycloak) -> AsyncIterator[Office]:
    url = keycloak.url_of("intake")
    port = urlsplit(url).port
    assert port is not None
    async with AsyncExitStack() as stack:
        # A Keycloak that has just started takes its time on a machine that has other things to do.
        stack.enter_context(pytest.MonkeyPatch.context()).setattr(provider, "PATIENCE_SECONDS", 60.0)
        service = await stack.enter_async_context(serving(mongodb_uri, **keycloak.settings_of("intake")))
        server = uvicorn.Server(uvicorn.Config(service.app, port=port, log_level="error", lifespan="off"))
        task = asyncio.create_task(server.serve())

        async def has_started() -> bool:
            return server.started

        await eventually(has_started)
        yield Office(service, keycloak, url)
        server.should_exit = True
        await task


async def test_a_person_signs_in_with_role_area_and_name(office: Office) -> None:
    async with office.browser() as clerk:
        assert (await office.sign_in(clerk)).status_code == 303
        page = await clerk.get("/visits/new")
        assert page.text.startswith(f"{subject_of(CLERK)} in 32.03.02.2002: ")


async def test_another_area_counts_from_the_next_renewal(office: Office) -> None:
    async with office.browser() as clerk:
        await office.sign_in(clerk)
        await office.change(CLERK, attributes={"area": ["71.73.01.1007"]})
        try:
            await the_token_runs_out(office.service, clerk)
            assert "in 71.73.01.1007:" in (await clerk.get("/visits/new")).text
        finally:
            await office.change(CLERK, attributes={"area": ["32.03.02.2002"]})


async def test_a_closed_account_is_out_from_the_next_renewal(office: Office) -> None:
    async with office.browser() as clerk:
        await office.sign_in(clerk)
        await office.change(CLERK, enabled=False)
        try:
            await the_token_runs_out(office.service, clerk)
            assert wanted(await clerk.get("/visits")) == "/visits"
        finally:
            await office.change(CLERK, enabled=True)


async def test_a_session_ended_at_keycloak_ends_here_by_the_back_channel(office: Office) -> None:
    async with office.browser() as clerk:
        await office.sign_in(clerk)
        with office.keycloak.admin() as admin:
            ended = await asyncio.to_thread(admin.post, f"/users/{subject_of(CLERK)}/logout")
        assert ended.status_code == 204

        async def is_out() -> bool:
            return (await clerk.get("/visits")).status_code == 303

        await eventually(is_out)


async def test_sign_out_everywhere_ends_the_session_at_keycloak(office: Office) -> None:
    async with office.browser() as clerk:
        await office.sign_in(clerk)
        leads_to = (await clerk.post("/sign-out/everywhere")).headers["Location"]
        answer = await clerk.get(leads_to)
        assert (answer.status_code, answer.headers["Location"]) == (302, f"{office.url}/sign-out")
        with office.keycloak.admin() as admin:
            assert (await asyncio.to_thread(admin.get, f"/users/{subject_of(CLERK)}/sessions")).json() == []
