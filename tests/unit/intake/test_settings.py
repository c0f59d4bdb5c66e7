"""A wrong setting is one clear line."""

import pytest

from chassis.settings import load_settings
from services.intake.settings import IntakeSettings

NEEDED = {
    "KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:9092",
    "MONGODB_URI": "mongodb://127.0.0.1",
    "MONGODB_DATABASE": "intake",
    "OIDC_ISSUER": "https://issuer.test",
    "FAMILY_KEY_SECRET": "a secret of thirty-two bytes or more",
}


def environment(monkeypatch: pytest.MonkeyPatch, **changes: str) -> None:
    for name, value in (NEEDED | changes).items():
        monkeypatch.setenv(f"PUSKESOS_{name}", value)


def test_the_secret_of_pseudonyms_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    environment(monkeypatch)
    settings = load_settings(IntakeSettings)
    assert not settings.invented_people_allowed
    assert "thirty-two" not in repr(settings)


@pytest.mark.parametrize("secret", [None, "short"])
def test_a_missing_or_weak_secret_ends_the_start_with_one_line(
    secret: str | None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environment(monkeypatch, **({"FAMILY_KEY_SECRET": secret} if secret else {}))
    if secret is None:
        monkeypatch.delenv("PUSKESOS_FAMILY_KEY_SECRET")
    with pytest.raises(SystemExit) as ended:
        load_settings(IntakeSettings)
    assert ended.value.code == 78
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert said.startswith("PUSKESOS_FAMILY_KEY_SECRET:")
    assert "short" not in said
