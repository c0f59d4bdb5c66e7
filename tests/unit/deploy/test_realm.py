"""What every installation's realm holds, and what only the demonstration's does."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from chassis.area import Scope
from chassis.identity import Role
from deploy import identity
from deploy.embedded.demo_users import demo_users
from deploy.embedded.places import CHECKOUT
from deploy.embedded.realm import TEMPLATE, realm_file, subject_of
from deploy.embedded.services import SERVICES

PAGES = [kind.pages_client for kind in SERVICES]
URLS = {kind.name: f"https://{kind.name}.test" for kind in SERVICES}
SECRETS = {client: f"secret of {client}" for kind in SERVICES for client in kind.client_secrets}


@pytest.fixture
def template() -> dict[str, Any]:
    return json.loads(TEMPLATE.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


@pytest.fixture
def demo() -> dict[str, Any]:
    return json.loads(realm_file(demo_users(), URLS, SECRETS))  # type: ignore[no-any-return]


def client(realm: dict[str, Any], client_id: str) -> dict[str, Any]:
    (found,) = (one for one in realm["clients"] if one["clientId"] == client_id)
    return found  # type: ignore[no-any-return]


def test_it_has_exactly_the_roles_that_the_services_know(template: dict[str, Any]) -> None:
    assert {role["name"] for role in template["roles"]["realm"]} == {role.value for role in Role}


def test_an_installation_begins_without_people_and_without_secrets(template: dict[str, Any]) -> None:
    assert [user["username"] for user in template["users"]] == ["service-account-notification"]
    assert all(one["secret"].startswith("${") for one in template["clients"])


def test_no_client_of_an_installation_takes_a_name_and_a_password(template: dict[str, Any]) -> None:
    assert {one["directAccessGrantsEnabled"] for one in template["clients"]} == {False}
    assert {one["implicitFlowEnabled"] for one in template["clients"]} == {False}


@pytest.mark.parametrize("kind", SERVICES, ids=lambda kind: kind.name)
def test_pages_have_one_exact_way_back_and_must_prove_possession(demo: dict[str, Any], kind: Any) -> None:
    pages = client(demo, kind.pages_client)
    url = URLS[kind.name]
    assert pages["redirectUris"] == [f"{url}/sign-in/callback"]
    assert pages["secret"] == SECRETS[kind.pages_client]
    assert pages["attributes"] == {
        "pkce.code.challenge.method": "S256",
        "post.logout.redirect.uris": f"{url}/sign-out",
        "backchannel.logout.url": f"{url}/sign-out/back-channel",
        "backchannel.logout.session.required": "true",
    }


def test_only_the_service_that_tells_citizens_has_an_account_of_its_own(demo: dict[str, Any]) -> None:
    assert [one["clientId"] for one in demo["clients"] if one.get("serviceAccountsEnabled")] == ["notification"]


def test_nothing_is_left_to_fill_in(demo: dict[str, Any]) -> None:
    assert "_URL}" not in json.dumps(demo)
    assert "_SECRET}" not in json.dumps(demo)
    with pytest.raises(KeyError, match="NOTIFICATION_SECRET"):
        realm_file(demo_users(), URLS, dict.fromkeys(PAGES, "x"))


def test_every_demo_person_has_the_listed_roles_area_and_agency(demo: dict[str, Any]) -> None:
    accounts = {user["username"]: user for user in demo["users"] if "credentials" in user}
    assert set(accounts) == {person.name for person in demo_users().people}
    for person in demo_users().people:
        account = accounts[person.name]
        assert account["id"] == subject_of(person.name)
        assert tuple(account["realmRoles"]) == person.roles
        assert account["attributes"]["area"] == [person.area or "ID"]
        assert account["attributes"].get("agency", [None]) == [person.agency]
        Scope(person.area)


def test_areas_an_administrator_may_give_are_areas(template: dict[str, Any]) -> None:
    (profile,) = template["components"]["org.keycloak.userprofile.UserProfileProvider"]
    attributes = json.loads(profile["config"]["kc.user.profile.config"][0])["attributes"]
    (area,) = (one for one in attributes if one["name"] == "area")
    assert area["permissions"]["edit"] == ["admin"]
    assert "user" not in {who for one in attributes for who in one["permissions"]["edit"]}


def test_sign_in_has_the_colours_of_the_pages() -> None:
    theme = Path(identity.__file__).parent / "themes" / "puskesos" / "login" / "resources" / "css" / "puskesos.css"
    light, dark = tokens_of(theme)
    pages_light, pages_dark = tokens_of(CHECKOUT / "web" / "styles" / "parts" / "tokens.css")
    assert light.items() <= pages_light.items()
    assert dark.items() <= pages_dark.items()
    assert light.keys() == dark.keys()


def tokens_of(sheet: Path) -> tuple[dict[str, str], dict[str, str]]:
    """The colours that a style sheet names, by day and at night."""
    day, night = sheet.read_text().split("prefers-color-scheme: dark", 1)
    by_day, by_night = (dict(re.findall(r"--([a-z-]+): (#[0-9a-f]+);", part)) for part in (day, night))
    return by_day, by_night
