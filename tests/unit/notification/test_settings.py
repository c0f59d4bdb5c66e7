"""A provider is set up whole, or not at all."""

from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from services.notification.settings import NotificationSettings, SmsSettings

NEEDED: dict[str, Any] = {
    "kafka_bootstrap_servers": "127.0.0.1:9092",
    "mongodb_uri": "mongodb://127.0.0.1",
    "mongodb_database": "notification",
    "oidc_issuer": "http://127.0.0.1/issuer",
    "intake_url": "http://127.0.0.1",
    "token_url": "http://127.0.0.1/token",
    "client_id": "notification",
    "client_secret": "secret",
    "smtp_host": "127.0.0.1",
    "smtp_sender": "puskesos@demo.invalid",
}
SMS: dict[str, Any] = {
    "sms_url": "https://sms.example",
    "sms_account": "AC1",
    "sms_token": "token",
    "sms_sender": "PUSKESOS",
}


def test_without_providers_there_is_mail_only() -> None:
    settings = NotificationSettings(**NEEDED)

    assert (settings.sms, settings.whatsapp) == (None, None)


def test_a_provider_given_whole_is_there() -> None:
    settings = NotificationSettings(**NEEDED, **SMS)

    assert settings.sms == SmsSettings("https://sms.example", "AC1", SecretStr("token"), "PUSKESOS")
    assert "'token'" not in repr(settings.sms)


def test_reports_are_asked_for_where_providers_reach_us() -> None:
    settings = NotificationSettings(**NEEDED, **SMS, reports_url="https://puskesos.example/m/")

    assert settings.sms is not None
    assert settings.sms.reported_to == "https://puskesos.example/m"
    with pytest.raises(ValidationError, match="WHATSAPP_VERIFY_TOKEN is needed too"):
        NotificationSettings(**NEEDED, whatsapp_app_secret="secret")


@pytest.mark.parametrize("missing", SMS)
def test_half_a_provider_is_refused_and_what_is_missing_is_named(missing: str) -> None:
    half = {name: value for name, value in SMS.items() if name != missing}

    with pytest.raises(ValidationError, match=f"{missing.upper()} is needed too"):
        NotificationSettings(**NEEDED, **half)
    with pytest.raises(ValidationError, match="WHATSAPP_SENDER_ID, WHATSAPP_TOKEN is needed too"):
        NotificationSettings(**NEEDED, whatsapp_url="https://graph.example")


@pytest.mark.parametrize("secret", ["sms_token", "whatsapp_token", "whatsapp_app_secret", "whatsapp_verify_token"])
def test_an_empty_secret_is_refused_since_anybody_could_sign_with_it(secret: str) -> None:
    with pytest.raises(ValidationError, match=f"(?s){secret}.*at least 1"):
        NotificationSettings(**NEEDED | {secret: ""})
