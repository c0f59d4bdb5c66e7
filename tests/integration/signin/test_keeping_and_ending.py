"""How a session goes on and ends: newer tokens, changed roles, closed accounts, an issuer that is away, sign-out."""

import asyncio
from dataclasses import replace

import pytest
from joserfc.jwk import ECKey

from chassis.signin.renewal import CLAIMED
from chassis.signin.sessions import Session
from tests.harness.waiting import eventually
from tests.integration.signin.browser import SESSION, began, browsing, query_of, signs_in, the_token_runs_out, wanted
from tests.integration.signin.conftest import PUBLIC_URL, House

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def session_of(house: House, secret: str) -> Session:
    session = await house.service.runtime.sign_in.sessions.find(secret)
    assert session is not None
    return session


async def test_a_session_goes_on_with_newer_tokens(house: House) -> None:
    async with browsing(house.service) as clerk:
        await signs_in(house, clerk)
        for count in (1, 2):
            await the_token_runs_out(house.service, clerk)
            assert (await clerk.get("/visits")).status_code == 200
            assert house.issuer.refreshes == count


async def test_two_tabs_at_once_ask_the_issuer_once(house: House) -> None:
    house.issuer.refresh_pause = asyncio.Event()
    async with browsing(house.service) as clerk:
        await signs_in(house, clerk)
        await the_token_runs_out(house.service, clerk)
        tabs = [asyncio.create_task(clerk.get("/visits")) for _ in range(4)]

        async def is_claimed() -> bool:
            return (await session_of(house, clerk.cookies[SESSION])).refreshing_until is not None

        await eventually(is_claimed)
        house.issuer.refresh_pause.set()
        answers = await asyncio.gather(*tabs)
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200]
    assert house.issuer.refreshes == 1


async def test_a_renewal_left_by_a_process_that_died_is_taken_over(house: House) -> None:
    async with browsing(house.service) as clerk:
        await signs_in(house, clerk)
        left = house.service.runtime.sign_in.clock.now() - CLAIMED
        await the_token_runs_out(house.service, clerk, refreshing_until=left)
        assert (await clerk.get("/visits")).status_code == 200


async def test_a_changed_role_counts_from_the_next_renewal(house: House) -> None:
    async with browsing(house.service) as clerk:
        await signs_in(house, clerk)
        assert (await clerk.get("/visits/new")).status_code == 200
        house.issuer.person = replace(house.issuer.person, roles=("analyst",))
        await the_token_runs_out(house.service, clerk)
        assert (await clerk.get("/visits/new")).status_code == 403


async def test_a_closed_account_is_out_from_the_next_renewal(house: House) -> None:
    async with browsing(house.service) as clerk:
        await signs_in(house, clerk)
        house.issuer.person = replace(house.issuer.person, closed=True)
        await the_token_runs_out(house.service, clerk)
        assert wanted(await clerk.get("/visits")) == "/visits"
        assert (await session_of(house, clerk.cookies[SESSION])).tokens is None


async def test_an_issuer_that_is_away_ends_no_session_and_loses_nothing_typed(house: House) -> None:
    async with browsing(house.service) as clerk:
        await signs_in(house, clerk)
        await the_token_runs_out(house.service, clerk)
        house.issuer.away = True
        answer = await clerk.post(
            "/visits", data={"story": "typed meanwhile"}, headers={"Referer": f"{PUBLIC_URL}/visits/new"}
        )
        assert answer.status_code == 503
        assert "kept for an hour" in answer.text
        house.issuer.away = False
        assert (await clerk.get("/visits")).status_code == 200
        assert "typed meanwhile" not in (await clerk.get("/visits")).text


async def test_what_was_typed_comes_back_by_the_whole_way_through_the_sign_in(house: House) -> None:
    async with browsing(house.service) as clerk:
        await signs_in(house, clerk)
        house.issuer.person = replace(house.issuer.person, closed=True)
        await the_token_runs_out(house.service, clerk)
        page = wanted(
            await clerk.post("/visits", data={"story": "typed before"}, headers={"Referer": f"{PUBLIC_URL}/visits/new"})
        )
        house.issuer.person = replace(house.issuer.person, closed=False)
        back = await signs_in(house, clerk, page)
        assert "typed before" in (await clerk.get(back.headers["Location"])).text


async def test_sign_out_ends_the_session_and_asks_for_the_password_next_time(house: House) -> None:
    async with browsing(house.service) as clerk:
        await signs_in(house, clerk)
        secret = clerk.cookies[SESSION]
        answer = await clerk.post("/sign-out")
        assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-out?only=here")
        assert "Sign out everywhere" in (await clerk.get("/sign-out?only=here")).text
        clerk.cookies.set(SESSION, secret, domain="intake.test")
        assert wanted(await clerk.get("/visits")) == "/visits"
        assert query_of(await began(clerk))["prompt"] == "login"
        await signs_in(house, clerk)
        assert "prompt" not in query_of(await began(clerk))


async def test_another_site_signs_nobody_out(house: House) -> None:
    async with browsing(house.service) as clerk:
        await signs_in(house, clerk)
        for address in ("/sign-out", "/sign-out/everywhere"):
            refused = await clerk.post(address, headers={"Sec-Fetch-Site": "cross-site"})
            assert refused.status_code == 403
        assert (await clerk.get("/visits")).status_code == 200


async def test_sign_out_everywhere_leads_to_the_issuer_which_is_told_who_goes(house: House) -> None:
    async with browsing(house.service) as clerk:
        await signs_in(house, clerk)
        tokens = (await session_of(house, clerk.cookies[SESSION])).tokens
        answer = await clerk.post("/sign-out/everywhere")
        assert answer.headers["Location"].startswith(f"{house.issuer.url}/logout?")
        asked = query_of(answer.headers["Location"])
        assert tokens is not None
        assert asked["id_token_hint"] == tokens.id
        assert asked["post_logout_redirect_uri"] == f"{PUBLIC_URL}/sign-out"
        assert wanted(await clerk.get("/visits")) == "/visits"


async def test_sign_out_everywhere_while_the_issuer_is_away_ends_the_session_here_and_says_so(house: House) -> None:
    async with browsing(house.service) as clerk:
        await signs_in(house, clerk)
        house.issuer.away = True
        answer = await clerk.post("/sign-out/everywhere")
        assert answer.status_code == 503
        assert "you may still be signed in at the other parts" in answer.text
        assert wanted(await clerk.get("/visits")) == "/visits"


async def test_sign_out_counts_also_while_the_outbox_is_full(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async with browsing(house.service) as clerk:
        await signs_in(house, clerk)
        too_many = house.service.runtime.settings.outbox_limit_rows + 1
        monkeypatch.setattr(type(house.service.runtime.watch), "outbox_rows", property(lambda _: too_many))
        assert (await clerk.post("/visits", data={"story": "too much"})).status_code == 503
        assert (await clerk.post("/sign-out")).status_code == 303


async def order(house: House, token: str) -> int:
    answer = await house.service.api.post("/sign-out/back-channel", data={"logout_token": token})
    return answer.status_code


async def test_the_issuer_ends_one_sign_in_by_the_back_channel_and_only_that(house: House) -> None:
    async with browsing(house.service) as desk, browsing(house.service) as home:
        await signs_in(house, desk)
        await signs_in(house, home)
        sid = (await session_of(house, desk.cookies[SESSION])).sid
        assert await order(house, house.issuer.logout_token(sid=sid)) == 200
        assert (await desk.get("/visits")).status_code == 303
        assert (await home.get("/visits")).status_code == 200


async def test_the_issuer_ends_all_sessions_of_a_person_by_the_back_channel(house: House) -> None:
    async with browsing(house.service) as desk, browsing(house.service) as home, browsing(house.service) as other:
        await signs_in(house, desk)
        await signs_in(house, home)
        house.issuer.person = replace(house.issuer.person, subject="budi")
        await signs_in(house, other)
        assert await order(house, house.issuer.logout_token(sub="siti")) == 200
        assert [(await who.get("/visits")).status_code for who in (desk, home, other)] == [303, 303, 200]


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://elsewhere.example"},
        {"aud": "another-client"},
        {"aud": None},
        {"exp": 1},
        {"exp": None},
        {"events": None},
        {"events": {}},
        {"events": {"http://schemas.openid.net/event/another": {}}},
        {"nonce": "as an ID token has"},
        {"sub": None, "sid": None},
        {"jti": None},
    ],
)
async def test_a_wrong_logout_token_ends_nothing(house: House, changes: dict[str, object]) -> None:
    async with browsing(house.service) as clerk:
        await signs_in(house, clerk)
        assert await order(house, house.issuer.logout_token(**changes)) == 400
        assert (await clerk.get("/visits")).status_code == 200


async def test_a_logout_token_signed_by_another_key_ends_nothing(house: House) -> None:
    async with browsing(house.service) as clerk:
        await signs_in(house, clerk)
        house.issuer.signs_with = ECKey.generate_key("P-256")
        assert await order(house, house.issuer.logout_token()) == 400
        assert (await clerk.get("/visits")).status_code == 200


async def test_an_id_token_is_no_logout_token(house: House) -> None:
    async with browsing(house.service) as clerk:
        await signs_in(house, clerk)
        tokens = (await session_of(house, clerk.cookies[SESSION])).tokens
        assert tokens is not None
        assert await order(house, tokens.id) == 400
        assert (await clerk.get("/visits")).status_code == 200
