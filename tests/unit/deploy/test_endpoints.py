"""var/endpoints.json tells tools what the ready screen tells people."""

import json
from pathlib import Path

import pytest

from chassis.identity import Role
from deploy.embedded.demo_users import demo_users
from deploy.embedded.endpoints import Endpoints, read_endpoints, write_endpoints
from deploy.embedded.places import Places
from deploy.embedded.screen import destinations
from deploy.embedded.services import SERVICES
from deploy.embedded.stack import StackJars
from deploy.embedded.system import PREFERRED_PORTS, System
from services.referral.reference import Reference

SERVICE_NAMES = {"intake", "referral", "notification", "reporting"}


@pytest.fixture
def system(tmp_path: Path) -> System:
    return System(Places(tmp_path), StackJars((), tmp_path / "zipkin.jar", tmp_path / "keycloak.zip"), PREFERRED_PORTS)


@pytest.fixture
def endpoints(system: System) -> Endpoints:
    return system.endpoints(ready=True)


def test_the_file_has_the_promised_shape(tmp_path: Path, endpoints: Endpoints) -> None:
    write_endpoints(tmp_path / "endpoints.json", endpoints)
    told = json.loads((tmp_path / "endpoints.json").read_text())
    assert set(told) == {
        *("ready", "pages", "apis", "kafka", "mongodb", "issuer", "token_url", "client_id", "users"),
    }
    assert told["ready"] is True
    assert set(told["pages"]) == SERVICE_NAMES | {"home", "identity", "traces"}
    assert set(told["apis"]) == set(told["mongodb"]) == SERVICE_NAMES
    assert told["kafka"] == {"bootstrap_servers": "127.0.0.1:9092"}
    assert {frozenset(user) for user in told["users"]} == {frozenset({"name", "password", "roles", "area", "agency"})}


def test_it_reads_back_as_it_was_written(tmp_path: Path, endpoints: Endpoints) -> None:
    write_endpoints(tmp_path / "endpoints.json", endpoints)
    assert read_endpoints(tmp_path / "endpoints.json") == endpoints


@pytest.mark.parametrize("content", [None, "{}", '{"ready": tr'])
def test_a_missing_or_foreign_file_means_that_nothing_is_told(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "endpoints.json"
    if content is not None:
        file.write_text(content)
    assert read_endpoints(file) is None


def test_no_two_tiers_share_a_database_server(endpoints: Endpoints) -> None:
    server = {name: uri.partition("?")[0].rpartition("/")[0] for name, uri in endpoints.mongodb.items()}
    assert server["referral"] == server["notification"]
    assert len({server["intake"], server["referral"], server["reporting"]}) == 3
    assert len(set(endpoints.mongodb.values())) == len(SERVICES)


def test_the_screen_names_every_address(endpoints: Endpoints) -> None:
    shown = {place.address for place in destinations(endpoints)}
    assert set(endpoints.pages.model_dump().values()) <= shown
    assert endpoints.kafka.bootstrap_servers in shown


def test_only_notification_is_told_how_to_reach_citizens(system: System) -> None:
    told = {s.kind.name for s in system.services() if "PUSKESOS_CLIENT_ID" in s.settings}
    assert told == {"notification"}


def test_a_secret_is_made_once_kept_and_seen_by_its_service_only(system: System) -> None:
    intake, referral = system.services()[:2]
    intake.part().prepare()
    made = Path(intake.settings["PUSKESOS_SECRETS_DIR"]) / "puskesos_family_key_secret"
    first = made.read_text()
    intake.part().prepare()
    assert made.read_text() == first
    assert len(bytes.fromhex(first)) == 32
    assert made.stat().st_mode & 0o077 == 0
    assert referral.settings["PUSKESOS_SECRETS_DIR"] != intake.settings["PUSKESOS_SECRETS_DIR"]


def test_every_role_of_a_demo_user_is_one_the_services_know() -> None:
    users = demo_users()
    used = {role for person in users.people for role in person.roles}
    assert used <= {role.value for role in Role}


def test_every_agency_of_the_directory_has_somebody_to_sign_in_as() -> None:
    agencies = {agency.code for agency in Reference.load().directory.agencies}
    assert {person.agency for person in demo_users().people if person.agency} == agencies
