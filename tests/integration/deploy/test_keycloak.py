"""The embedded stack's Keycloak: whom it gives which token, what it refuses, what outlives its restart."""

import base64
import hashlib
import json
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

from chassis.area import Scope
from chassis.identity import Actor, Role, TokenVerifier
from deploy.embedded.demo_users import demo_users
from deploy.embedded.realm import subject_of
from tests.harness.keycloak import PATIENCE_SECONDS, RunningKeycloak

pytestmark = pytest.mark.timeout(600)

VERIFIER = "a-verifier-of-the-length-that-rfc-7636-asks-for"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
SUPERVISOR = "supervisor.dungaliyo"


@pytest.fixture(scope="module")
def callback(keycloak: RunningKeycloak) -> str:
    return f"{keycloak.url_of('intake')}/sign-in/callback"


def authorization(keycloak: RunningKeycloak, callback: str, **changed: str) -> str:
    query = {
        "response_type": "code",
        "client_id": "intake-pages",
        "redirect_uri": callback,
        "scope": "openid",
        "state": "state",
        "nonce": "nonce",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        **changed,
    }
    return f"{keycloak.server.issuer}/protocol/openid-connect/auth?{urlencode({k: v for k, v in query.items() if v})}"


def exchange(keycloak: RunningKeycloak, callback: str, code: str, **more: str) -> httpx.Response:
    secret = keycloak.settings_of("intake")["oidc_client_secret"]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": callback, **more}
    return granted(keycloak, form, ("intake-pages", secret))


def granted(keycloak: RunningKeycloak, form: dict[str, str], client: tuple[str, str]) -> httpx.Response:
    return httpx.post(keycloak.server.token_url, data=form, auth=client, trust_env=False, timeout=PATIENCE_SECONDS)


def said_in_return(answer: httpx.Response) -> dict[str, str]:
    assert answer.status_code == 302, answer.text
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}


def published_keys(keycloak: RunningKeycloak) -> set[str]:
    address = f"{keycloak.server.issuer}/protocol/openid-connect/certs"
    answer = httpx.get(address, trust_env=False, timeout=PATIENCE_SECONDS)
    return {key["kid"] for key in answer.raise_for_status().json()["keys"]}


def claims_of(token: str) -> dict[str, object]:
    return json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))  # type: ignore[no-any-return]


async def actor_of(keycloak: RunningKeycloak, token: str) -> Actor:
    """As any service sees who has the token."""
    return await TokenVerifier(keycloak.server.issuer, "puskesos").verify(token)


@pytest.mark.parametrize(
    ("name", "role", "scope", "agency"),
    [
        ("agency.cianjur-health", Role.AGENCY, Scope("32.03"), "cianjur-health"),
        ("analyst.ministry", Role.ANALYST, Scope(""), None),
    ],
)
async def test_a_token_says_who_as_what_where_and_lives_for_a_minute(
    keycloak: RunningKeycloak, name: str, role: Role, scope: Scope, agency: str | None
) -> None:
    token = keycloak.token(name).raise_for_status().json()["access_token"]
    actor = await actor_of(keycloak, token)
    assert actor == Actor(subject_of(name), frozenset({role}), scope, agency)
    claims = claims_of(token)
    assert int(str(claims["exp"])) - int(str(claims["iat"])) == 60
    # A person's name belongs to the page that greets them.
    assert name not in claims.values()


async def test_the_service_that_tells_citizens_may_ask_for_contacts(keycloak: RunningKeycloak) -> None:
    secret = keycloak.secret_of("notification", "notification")
    form = {"grant_type": "client_credentials"}
    right, wrong = (granted(keycloak, form, ("notification", said)) for said in (secret, "guess"))
    actor = await actor_of(keycloak, right.json()["access_token"])
    assert actor.roles == {Role.SERVICE, Role.CONTACT_READER}
    assert actor.scope == Scope("")
    assert (wrong.status_code, wrong.json()["error"]) == (401, "unauthorized_client")


async def test_a_person_signs_in_once_with_a_code_that_only_its_client_can_use(
    keycloak: RunningKeycloak, callback: str
) -> None:
    back = said_in_return(await keycloak.sign_in(authorization(keycloak, callback), SUPERVISOR))
    assert (back["state"], back["iss"]) == ("state", keycloak.server.issuer)
    first = exchange(keycloak, callback, back["code"], code_verifier=VERIFIER)
    again = exchange(keycloak, callback, back["code"], code_verifier=VERIFIER)
    assert {"access_token", "refresh_token", "id_token"} <= set(first.json())
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize("proof", [{}, {"code_verifier": "x" * 43}], ids=["none", "another"])
async def test_a_code_without_its_proof_is_refused(
    keycloak: RunningKeycloak, callback: str, proof: dict[str, str]
) -> None:
    back = said_in_return(await keycloak.sign_in(authorization(keycloak, callback), SUPERVISOR))
    refused = exchange(keycloak, callback, back["code"], **proof)
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize(
    "changed", [{"code_challenge": "", "code_challenge_method": ""}, {"code_challenge_method": "plain"}]
)
def test_who_does_not_promise_a_proof_by_hash_cannot_begin(
    keycloak: RunningKeycloak, callback: str, changed: dict[str, str]
) -> None:
    answer = httpx.get(authorization(keycloak, callback, **changed), trust_env=False, timeout=PATIENCE_SECONDS)
    assert said_in_return(answer)["error"] == "invalid_request"


def test_nobody_is_sent_anywhere_else(keycloak: RunningKeycloak, callback: str) -> None:
    for address in (f"{callback}/../elsewhere", callback.replace("/sign-in/callback", "/"), "https://thief.example/"):
        answer = httpx.get(authorization(keycloak, address), trust_env=False, timeout=PATIENCE_SECONDS)
        assert answer.status_code == 400
        assert "Location" not in answer.headers


async def test_a_wrong_password_and_an_unknown_name_look_alike(keycloak: RunningKeycloak, callback: str) -> None:
    address = authorization(keycloak, callback)
    wrong = await keycloak.sign_in(address, SUPERVISOR, "a guess of somebody")
    unknown = await keycloak.sign_in(address, "nobody.at-all")
    assert wrong.status_code == unknown.status_code == 200
    assert "Nama pengguna atau kata sandi tidak valid" in wrong.text
    assert "Nama pengguna atau kata sandi tidak valid" in unknown.text


def test_a_service_takes_no_password_of_a_person(keycloak: RunningKeycloak) -> None:
    settings = keycloak.settings_of("intake")
    form = {"grant_type": "password", "username": SUPERVISOR, "password": demo_users().password}
    credentials = settings["oidc_client_id"], settings["oidc_client_secret"]
    refused = granted(keycloak, form, credentials)
    assert (refused.status_code, refused.json()["error"]) == (400, "unauthorized_client")


@pytest.mark.parametrize(("language", "title"), [("id", "Masuk"), ("en", "Sign in"), ("", "Masuk")])
def test_the_form_is_in_the_language_asked_for_else_in_indonesian(
    keycloak: RunningKeycloak, callback: str, language: str, title: str
) -> None:
    page = httpx.get(authorization(keycloak, callback, ui_locales=language), trust_env=False, timeout=PATIENCE_SECONDS)
    assert title in page.text
    assert "Puskesos" in page.text


def test_an_administrator_gives_areas_and_roles_that_count_in_the_next_token(keycloak: RunningKeycloak) -> None:
    keycloak.change("reviewer.jawa-barat", attributes={"area": ["71"]})
    assert claims_of(keycloak.token("reviewer.jawa-barat").json()["access_token"])["area"] == "71"
    keycloak.change("reviewer.jawa-barat", enabled=False)
    assert keycloak.token("reviewer.jawa-barat").json()["error"] == "invalid_grant"


def test_secrets_are_this_installations_and_its_owners_only(keycloak: RunningKeycloak) -> None:
    imported = keycloak.server.directory / "data" / "import" / "puskesos-realm.json"
    assert keycloak.settings_of("intake")["oidc_client_secret"] in imported.read_text()
    files: list[Path] = [imported, *(file for file in keycloak.secrets.rglob("*") if file.is_file())]
    assert len(files) == 7
    assert {file.stat().st_mode & 0o077 for file in files} == {0}


async def test_accounts_keys_and_sign_ins_outlive_a_restart(keycloak: RunningKeycloak) -> None:
    before, keys = keycloak.token("operator").json(), published_keys(keycloak)
    keycloak.change("verifier.cianjur", attributes={"area": ["32.04"]})
    keycloak.stop()
    keycloak.start()
    assert published_keys(keycloak) == keys
    form = {"grant_type": "refresh_token", "refresh_token": before["refresh_token"]}
    assert "access_token" in granted(keycloak, form, ("puskesos-demo", "")).json()
    kept = await actor_of(keycloak, keycloak.token("verifier.cianjur").json()["access_token"])
    assert kept.scope == Scope("32.04")
