"""Sessions at pages: who is let in, who is sent to sign in, and that nothing typed is lost on the way."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from chassis.area import COUNTRY
from chassis.signin.sessions import LONGEST, SESSIONS, Session, hashed
from chassis.store import UnitOfWork
from tests.harness.builders import JAMBUDIPA
from tests.harness.service import RunningService
from tests.harness.tokens import Issuer
from tests.integration.signin.browser import SESSION, browsing, wanted

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def end_session(face: RunningService, client: httpx.AsyncClient) -> None:
    sessions = face.runtime.sign_in.sessions
    session = await sessions.find(client.cookies[SESSION])
    assert session is not None
    await sessions.end(session)


async def sign_in_again(face: RunningService, client: httpx.AsyncClient, issuer: Issuer, subject: str) -> None:
    """A new session at the same browser, as the sign-in makes it."""
    async with browsing(face, issuer, "front_office", area=JAMBUDIPA, subject=subject) as other:
        fresh = await face.runtime.sign_in.sessions.find(other.cookies[SESSION])
        assert fresh is not None and fresh.tokens is not None
        secret = await face.runtime.sign_in.sessions.begin(
            subject=subject, name="Someone", tokens=fresh.tokens, at=client.cookies[SESSION]
        )
    client.cookies.set(SESSION, secret, domain="intake.test")


async def test_whoever_has_a_session_is_let_in_with_role_and_area(face: RunningService, issuer: Issuer) -> None:
    async with browsing(face, issuer, "front_office", area=JAMBUDIPA, subject="siti", name="Siti A.") as clerk:
        page = await clerk.get("/visits/new")
        assert (page.status_code, page.text) == (200, f"siti in {JAMBUDIPA}: Siti A. None")


async def test_without_a_session_a_page_leads_to_the_sign_in_and_back(face: RunningService) -> None:
    async with browsing(face) as nobody:
        assert wanted(await nobody.get("/visits/new?need=school&day=1")) == "/visits/new?need=school&day=1"


async def test_a_script_is_told_to_lead_the_whole_page_to_the_sign_in(face: RunningService) -> None:
    async with browsing(face) as nobody:
        current = "http://intake.test/visits/new"
        answer = await nobody.post("/visits", headers={"HX-Request": "true", "HX-Current-URL": current})
        assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/sign-in?next=%2Fvisits%2Fnew")


async def test_the_wrong_role_is_refused_and_told_which_it_needs(face: RunningService, issuer: Issuer) -> None:
    async with browsing(face, issuer, "analyst", area=JAMBUDIPA) as analyst:
        answer = await analyst.get("/visits/new")
        assert answer.status_code == 403
        assert "This page is for: Front office" in " ".join(answer.text.split())


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://other.intake.test"},
        {"Sec-Fetch-Site": "", "Origin": "https://elsewhere.example"},
        {"Sec-Fetch-Site": "", "Origin": "null"},
        {"Sec-Fetch-Site": "", "Origin": ""},
    ],
)
async def test_a_post_from_another_site_is_refused(
    face: RunningService, issuer: Issuer, headers: dict[str, str]
) -> None:
    async with browsing(face, issuer, "front_office", area=JAMBUDIPA) as clerk:
        for name in ("Sec-Fetch-Site", "Origin"):
            del clerk.headers[name]
        sent = {name: value for name, value in headers.items() if value}
        answer = await clerk.post("/visits", data={"story": "planted"}, headers=sent)
        assert answer.status_code == 403
        assert "planted" not in (await clerk.get("/visits")).text


async def test_a_post_by_a_browser_that_sends_its_origin_only_is_taken(face: RunningService, issuer: Issuer) -> None:
    async with browsing(face, issuer, "front_office", area=JAMBUDIPA) as clerk:
        del clerk.headers["Sec-Fetch-Site"]
        assert (await clerk.post("/visits", data={"story": "mine"})).status_code == 303
        assert "mine" in (await clerk.get("/visits")).text


async def test_a_session_is_no_bearer_token_and_a_bearer_token_no_session(face: RunningService, issuer: Issuer) -> None:
    async with browsing(face) as client:
        bearer = issuer.bearer("front_office", area=JAMBUDIPA)
        assert wanted(await client.get("/visits/new", headers=bearer)) == "/visits/new"


async def test_what_was_typed_when_the_session_had_ended_is_shown_again_and_not_submitted(
    face: RunningService, issuer: Issuer
) -> None:
    async with browsing(face, issuer, "front_office", area=JAMBUDIPA, subject="siti") as clerk:
        await end_session(face, clerk)
        typed = {"story": "A mother asks for PKH", "need": ["pkh", "kip"]}
        page = wanted(
            await clerk.post("/visits", data=typed, headers={"Referer": "http://intake.test/visits/new?day=1"})
        )
        assert page.startswith("/visits/new?day=1&kept=")
        await sign_in_again(face, clerk, issuer, "siti")
        shown = await clerk.get(page)
        assert "['A mother asks for PKH'], 'need': ['pkh', 'kip']" in shown.text
        assert "A mother" not in (await clerk.get("/visits")).text


async def test_what_was_kept_is_shown_to_nobody_else_at_that_browser_and_at_no_other(
    face: RunningService, issuer: Issuer
) -> None:
    async with browsing(face, issuer, "front_office", area=JAMBUDIPA, subject="siti") as clerk:
        await end_session(face, clerk)
        page = wanted(await clerk.post("/visits", data={"story": "for Siti only"}))
        await sign_in_again(face, clerk, issuer, "budi")
        assert "for Siti only" not in (await clerk.get(page.replace("/visits?", "/visits/new?"))).text
        async with browsing(face, issuer, "front_office", area=JAMBUDIPA, subject="siti") as elsewhere:
            assert "for Siti only" not in (await elsewhere.get(page.replace("/visits?", "/visits/new?"))).text
        await sign_in_again(face, clerk, issuer, "siti")
        assert "for Siti only" in (await clerk.get(page.replace("/visits?", "/visits/new?"))).text


async def test_a_session_ends_after_its_longest_time(face: RunningService, issuer: Issuer) -> None:
    async with browsing(face, issuer, "front_office", area=JAMBUDIPA) as clerk:
        await change(face, clerk, lambda session: {"began_at": session.began_at - LONGEST - timedelta(seconds=1)})
        assert wanted(await clerk.get("/visits/new")) == "/visits/new"


async def test_the_database_holds_no_cookie(face: RunningService, issuer: Issuer) -> None:
    async with browsing(face, issuer, "front_office", area=JAMBUDIPA) as clerk:
        secret = clerk.cookies[SESSION]
        stored = await face.runtime.store.reading(COUNTRY, SESSIONS).get(hashed(secret))
        assert secret not in stored.model_dump_json()


async def change(face: RunningService, client: httpx.AsyncClient, changes: Callable[[Session], dict[str, Any]]) -> None:
    async def deed(unit: UnitOfWork) -> None:
        session = await unit.of(SESSIONS).get(hashed(client.cookies[SESSION]))
        await unit.of(SESSIONS).save(session.model_copy(update=changes(session)))

    await face.runtime.store.transact(COUNTRY, deed)
