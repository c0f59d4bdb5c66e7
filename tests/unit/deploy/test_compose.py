"""The compose file names only what exists, gives every service what it needs, and keeps secrets out of itself."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from chassis.settings import PREFIX, ServiceSettings
from deploy.compose import make_secrets
from deploy.embedded.places import CHECKOUT
from services.intake.settings import IntakeSettings
from services.notification.settings import NotificationSettings
from services.referral.settings import ReferralSettings
from services.reporting.settings import ReportingSettings

FOLDER = CHECKOUT / "deploy" / "compose"
KINDS: dict[str, type[ServiceSettings]] = {
    "intake": IntakeSettings,
    "referral": ReferralSettings,
    "notification": NotificationSettings,
    "reporting": ReportingSettings,
}
UV = os.environ.get("UV") or shutil.which("uv") or str(CHECKOUT / ".tools" / "uv" / "bin" / "uv")
OURS = [name + suffix for name in KINDS for suffix in ("", "-topics")]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((FOLDER / "compose.yaml").read_text("utf-8"))
    return loaded


def settings_given(service: dict[str, Any]) -> set[str]:
    own = {name for name in service["environment"] if name.startswith(PREFIX)} - {f"{PREFIX}SECRETS_DIR"}
    return {name.removeprefix(PREFIX).lower() for name in own} | {
        secret["target"].removeprefix(PREFIX.lower()) for secret in service["secrets"]
    }


@pytest.mark.parametrize("name", OURS)
def test_a_service_is_given_all_it_needs_and_nothing_it_does_not_know(compose: dict[str, Any], name: str) -> None:
    fields = KINDS[name.removesuffix("-topics")].model_fields
    given = settings_given(compose["services"][name])
    assert given <= set(fields)
    assert {field for field, info in fields.items() if info.is_required()} <= given
    assert {"oidc_client_id", "oidc_client_secret", "public_url"} <= given


def test_every_secret_is_made_and_every_made_one_is_used(compose: dict[str, Any], tmp_path: Path) -> None:
    made = set(make_secrets.make(tmp_path / "secrets"))
    named = {Path(secret["file"]).name for secret in compose["secrets"].values()}
    assert named | {"identity.env"} == made
    used = {
        one if isinstance(one, str) else one["source"]
        for service in compose["services"].values()
        for one in service.get("secrets", ())
    }
    assert used == set(compose["secrets"])


def test_secrets_that_exist_are_never_replaced(tmp_path: Path) -> None:
    make_secrets.make(tmp_path)
    before = {file.name: file.read_text("utf-8") for file in tmp_path.iterdir()}
    assert make_secrets.make(tmp_path) == []
    assert {file.name: file.read_text("utf-8") for file in tmp_path.iterdir()} == before
    assert len({text for name, text in before.items() if name in make_secrets.ALONE}) == len(make_secrets.ALONE)


def test_the_realm_is_given_all_its_placeholders(compose: dict[str, Any], tmp_path: Path) -> None:
    make_secrets.make(tmp_path)
    from_file = {line.split("=")[0] for line in (tmp_path / "identity.env").read_text("utf-8").splitlines()}
    realm = (CHECKOUT / "deploy" / "identity" / "realm.json").read_text("utf-8")
    wanted = set(re.findall(r"\$\{([A-Z_]+)\}", realm))
    assert wanted
    assert wanted <= from_file | set(compose["services"]["identity"]["environment"])


def test_every_variable_of_the_file_is_in_the_settings_to_copy() -> None:
    named = set(re.findall(r"\$\{([A-Z_]+)\}", (FOLDER / "compose.yaml").read_text("utf-8")))
    lines = (FOLDER / "settings.env.example").read_text("utf-8").splitlines()
    assert named == {line.split("=")[0] for line in lines if re.match(r"[A-Z_]+=", line)}


def test_images_are_named_by_version_and_no_service_may_more_than_it_must(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        if name in OURS:
            assert service["read_only"], name
            assert service["cap_drop"] == ["ALL"], name
        else:
            assert re.search(r":v?\d+(\.\d+)*(-[a-z]+)?$", service["image"]), name
        assert not service.get("privileged"), name
        for port in service.get("ports", ()):
            assert port.startswith(("127.0.0.1:", "${DOOR_ADDRESS}:")), name
    assert re.search(r"^USER puskesos$", (CHECKOUT / "Dockerfile").read_text("utf-8"), re.MULTILINE)


def test_whatever_is_waited_for_can_say_that_it_is_there(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        for other, how in service.get("depends_on", {}).items():
            assert how == {"condition": "service_healthy"}
            assert "healthcheck" in compose["services"][other]


def test_each_network_volume_and_file_that_is_named_exists(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        assert set(service["networks"]) <= set(compose["networks"])
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            if source.startswith("."):
                assert (FOLDER / source).exists(), source
            else:
                assert source in compose["volumes"]


def test_the_dockerfile_copies_only_what_is_there() -> None:
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (CHECKOUT / "Dockerfile").read_text("utf-8"), re.MULTILINE)
    paths = [path for line in copied for path in line.split()]
    assert len(paths) >= 6
    assert [path for path in paths if not (CHECKOUT / path).exists()] == []


def test_what_the_image_installs_is_enough_for_every_service(tmp_path: Path) -> None:
    """The packages of tests and of the embedded stack are not in it."""
    home = tmp_path / "venv"
    install = (UV, "sync", "--frozen", "--quiet", "--no-default-groups")
    subprocess.run(install, cwd=CHECKOUT, check=True, env={**os.environ, "UV_PROJECT_ENVIRONMENT": str(home)})
    imports = "import " + ", ".join(f"services.{name}.app" for name in KINDS)
    subprocess.run([home / "bin" / "python", "-c", imports], cwd=CHECKOUT, check=True)
