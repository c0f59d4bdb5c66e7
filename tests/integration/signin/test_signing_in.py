"""Signing in at an issuer: what the client sends, and every way back that is refused."""

from urllib.parse import urlencode

import pytest
from joserfc.jwk import ECKey

from chassis.area import COUNTRY
from chassis.signin.sessions import hashed
from chassis.signin.started import LIVES, STARTED, challenge_of
from chassis.store import UnitOfWork
from tests.integration.signin.browser import BROWSER, SESSION, back_from_issuer, began, browsing, query_of, signs_in
from tests.integration.signin.conftest import PUBLIC_URL, House

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_sign_in_leads_to_the_page_wanted_with_role_area_and_name(house: House) -> None:
    async with browsing(house.service) as clerk:
        answer = await signs_in(house, clerk, "/visits/new?day=1")
        assert (answer.status_code, answer.headers["Location"]) == (303, "/visits/new?day=1")
        assert (await clerk.get("/visits/new")).text == "siti in 32.03.02.2002: Siti Aminah None"


async def test_the_client_always_sends_pkce_with_s256_a_state_and_a_nonce(house: House) -> None:
    async with browsing(house.service) as clerk:
        asked = query_of(await began(clerk))
        again = query_of(await began(clerk))
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["code_challenge"]) == len(challenge_of("x"))
    for name in ("code_challenge", "state", "nonce"):
        assert asked[name] != again[name]
    assert asked["redirect_uri"] == f"{PUBLIC_URL}/sign-in/callback"


async def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(house: House) -> None:
    async with browsing(house.service) as clerk:
        answer = await signs_in(house, clerk)
    cookie = next(value for value in answer.headers.get_list("set-cookie") if value.startswith(SESSION))
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


async def refused(house: House, address: str, client_cookies: dict[str, str] | None = None) -> str:
    """The page that says that nobody is signed in, after checking that nobody is."""
    async with browsing(house.service) as client:
        for name, value in (client_cookies or {}).items():
            client.cookies.set(name, value, domain="intake.test")
        answer = await client.get(address)
        assert answer.status_code == 400, answer.text
        assert SESSION not in client.cookies
        return answer.text


async def test_a_replayed_code_is_refused_by_service_and_issuer(house: House) -> None:
    async with browsing(house.service) as clerk:
        back = await back_from_issuer(house, await began(clerk))
        await clerk.get(back)
        assert "was used already" in await refused(house, back, {BROWSER: clerk.cookies[BROWSER]})
        # Under a state that is still good, the issuer refuses the code itself.
        other = query_of(await back_from_issuer(house, await began(clerk)))
        replayed = urlencode({**other, "code": query_of(back)["code"]})
        answer = await clerk.get(f"/sign-in/callback?{replayed}")
        assert answer.status_code == 400


async def test_a_reused_state_is_refused(house: House) -> None:
    async with browsing(house.service) as clerk:
        first = await began(clerk)
        await clerk.get(await back_from_issuer(house, first))
        second = query_of(await back_from_issuer(house, await began(clerk)))
        answer = await clerk.get(f"/sign-in/callback?{urlencode({**second, 'state': query_of(first)['state']})}")
        assert answer.status_code == 400
        assert "was used already" in answer.text


async def test_an_invented_state_is_refused(house: House) -> None:
    assert "took longer" in await refused(house, "/sign-in/callback?state=invented&code=invented")


async def test_a_sign_in_does_not_count_in_another_browser(house: House) -> None:
    async with browsing(house.service) as clerk, browsing(house.service) as thief:
        back = await back_from_issuer(house, await began(clerk))
        await began(thief)
        answer = await thief.get(back)
        assert answer.status_code == 400
        # The attempt costs whoever began it nothing.
        assert (await clerk.get(back)).status_code == 303


async def test_a_stolen_cookie_of_a_sign_in_signs_nobody_in(house: House) -> None:
    async with browsing(house.service) as clerk:
        await signs_in(house, clerk)
        stolen = clerk.cookies[BROWSER]
    async with browsing(house.service) as thief:
        thief.cookies.set(BROWSER, stolen, domain="intake.test")
        assert (await thief.get("/visits")).status_code == 303
        assert (await thief.get("/sign-in/callback?state=guessed&code=guessed")).status_code == 400
        assert SESSION not in thief.cookies


async def test_a_sign_in_that_took_too_long_is_refused(house: House) -> None:
    async with browsing(house.service) as clerk:
        back = await back_from_issuer(house, await began(clerk))

        async def deed(unit: UnitOfWork) -> None:
            started = await unit.of(STARTED).get(hashed(query_of(back)["state"]))
            await unit.of(STARTED).save(started.model_copy(update={"started_at": started.started_at - LIVES}))

        await house.service.runtime.store.transact(COUNTRY, deed)
        assert "took longer than ten minutes" in (await clerk.get(back)).text


async def test_a_planted_session_is_not_the_one_that_is_signed_in(house: House) -> None:
    async with browsing(house.service) as attacker, browsing(house.service) as clerk:
        await signs_in(house, attacker)
        planted = attacker.cookies[SESSION]
        clerk.cookies.set(SESSION, planted, domain="intake.test")
        await signs_in(house, clerk)
        assert clerk.cookies[SESSION] != planted
        assert (await attacker.get("/visits")).status_code == 303


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("iss", "https://elsewhere.example"),
        ("aud", "another-client"),
        ("exp", 1),
        ("nonce", "of another sign-in"),
        ("nonce", None),
        ("sub", "budi"),
        ("aud", ["intake-pages", "another-client"]),
    ],
)
async def test_a_wrong_id_token_is_refused(house: House, claim: str, value: object) -> None:
    house.issuer.spoil_id = lambda claims: {**claims, claim: value}
    async with browsing(house.service) as clerk:
        answer = await signs_in(house, clerk)
        assert answer.status_code == 400
        assert "could not be verified" in answer.text


@pytest.mark.parametrize(
    ("claim", "value"), [("iss", "https://elsewhere.example"), ("aud", "another-system"), ("exp", 1)]
)
async def test_a_wrong_access_token_is_refused(house: House, claim: str, value: object) -> None:
    house.issuer.spoil_access = lambda claims: {**claims, claim: value}
    async with browsing(house.service) as clerk:
        answer = await signs_in(house, clerk)
        assert answer.status_code == 400
        assert "could not be verified" in answer.text


async def test_a_tampered_token_is_refused(house: House) -> None:
    house.issuer.signs_with = ECKey.generate_key("P-256")
    async with browsing(house.service) as clerk:
        assert "could not be verified" in (await signs_in(house, clerk)).text


@pytest.mark.parametrize("iss", ["https://elsewhere.example", None])
async def test_an_answer_that_is_not_this_issuers_is_refused(house: House, iss: str | None) -> None:
    house.issuer.spoil_answer = lambda answer: {
        name: value for name, value in {**answer, "iss": iss}.items() if value is not None
    }
    async with browsing(house.service) as clerk:
        assert "could not be verified" in (await signs_in(house, clerk)).text


async def test_whoever_the_issuer_does_not_let_in_is_told(house: House) -> None:
    house.issuer.spoil_answer = lambda answer: {
        "error": "access_denied",
        "state": answer["state"],
        "iss": answer["iss"],
    }
    async with browsing(house.service) as clerk:
        assert "did not let you in" in (await signs_in(house, clerk)).text


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "/\\elsewhere.example",
        "/\t/elsewhere.example",
        "javascript:alert(1)",
        "elsewhere",
        "/sign-out",
    ],
)
async def test_a_sign_in_leads_to_no_other_site(house: House, elsewhere: str) -> None:
    async with browsing(house.service) as clerk:
        assert (await signs_in(house, clerk, elsewhere)).headers["Location"] == "/"


async def test_whoever_came_by_another_name_of_the_site_signs_in_at_its_public_address(house: House) -> None:
    answer = await house.service.api.get("/sign-in?next=/visits", headers={"Host": "localhost:8801"})
    assert answer.headers["Location"] == f"{PUBLIC_URL}/sign-in?next=%2Fvisits&here=true"
    # Behind a proxy that names the host otherwise, once is enough.
    led = await house.service.api.get(answer.headers["Location"], headers={"Host": "inner:8000"})
    assert led.headers["Location"].startswith(house.issuer.url)


async def test_two_tabs_can_sign_in_at_once(house: House) -> None:
    async with browsing(house.service) as clerk:
        one, other = await began(clerk, "/visits"), await began(clerk, "/visits/new")
        assert (await clerk.get(await back_from_issuer(house, one))).headers["Location"] == "/visits"
        assert (await clerk.get(await back_from_issuer(house, other))).headers["Location"] == "/visits/new"


async def test_while_the_issuer_is_away_the_page_says_so_and_offers_to_try_again(house: House) -> None:
    house.issuer.away = True
    async with browsing(house.service) as clerk:
        answer = await clerk.get("/sign-in?next=/visits")
        assert answer.status_code == 503
        assert "not possible now" in answer.text
        assert 'href="/sign-in?next=%2Fvisits"' in answer.text
        house.issuer.away = False
        assert (await signs_in(house, clerk)).status_code == 303


async def test_the_log_names_the_fault_of_a_refused_sign_in_and_nothing_of_a_token(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    house.issuer.spoil_access = lambda claims: {**claims, "aud": "another-system"}
    async with browsing(house.service) as clerk:
        back = await back_from_issuer(house, await began(clerk))
        await clerk.get(back)
    logged = " ".join(f"{record.msg} {record.args}" for record in caplog.records)
    assert "InvalidClaimError: aud" in logged
    assert not [
        secret for secret in (query_of(back)["code"], query_of(back)["state"], "siti", "eyJ") if secret in logged
    ]
