"""Settings: from the environment and from secret files; a wrong one is one clear line."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from chassis.settings import ServiceSettings, load_settings


class WithSecret(ServiceSettings):
    client_secret: SecretStr


NEEDED = {
    "PUSKESOS_KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:9092",
    "PUSKESOS_MONGODB_URI": "mongodb://127.0.0.1",
    "PUSKESOS_MONGODB_DATABASE": "intake",
    "PUSKESOS_OIDC_ISSUER": "https://issuer.test",
}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name, value in NEEDED.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_settings_come_from_the_environment(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("PUSKESOS_HTTP_PORT", "8123")
    assert load_settings(ServiceSettings).http_port == 8123


def test_secrets_come_from_files(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "puskesos_client_secret").write_text("from a file")
    environment.setenv("PUSKESOS_SECRETS_DIR", str(tmp_path))
    settings = load_settings(WithSecret)
    assert settings.client_secret.get_secret_value() == "from a file"
    assert "from a file" not in repr(settings)


def test_a_wrong_setting_is_one_line_that_names_it_and_never_its_value(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.setenv("PUSKESOS_HTTP_PORT", "hunter2")
    environment.delenv("PUSKESOS_OIDC_ISSUER")
    with pytest.raises(SystemExit) as ended:
        load_settings(ServiceSettings)
    assert ended.value.code == 78
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(":")[0] for line in lines] == ["PUSKESOS_HTTP_PORT", "PUSKESOS_OIDC_ISSUER"] or [
        line.split(":")[0] for line in lines
    ] == ["PUSKESOS_OIDC_ISSUER", "PUSKESOS_HTTP_PORT"]
    assert "hunter2" not in "".join(lines)


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({}, "PUSKESOS_OIDC_CLIENT_SECRET: "),
        ({"PUSKESOS_OIDC_CLIENT_SECRET": "x"}, "PUSKESOS_PUBLIC_URL: "),
        ({"PUSKESOS_OIDC_CLIENT_SECRET": "x", "PUSKESOS_PUBLIC_URL": "village.example"}, "PUSKESOS_PUBLIC_URL: "),
    ],
)
def test_a_client_at_the_issuer_is_told_whole(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], given: dict[str, str], complaint: str
) -> None:
    for name, value in {"PUSKESOS_OIDC_CLIENT_ID": "intake-pages", **given}.items():
        environment.setenv(name, value)
    with pytest.raises(SystemExit):
        load_settings(ServiceSettings)
    assert complaint in capsys.readouterr().err


def test_the_public_address_ends_without_a_slash(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("PUSKESOS_PUBLIC_URL", "https://village.example/")
    assert load_settings(ServiceSettings).public_url == "https://village.example"
