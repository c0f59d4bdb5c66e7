"""What notification is told beside what every service is."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, model_validator

from chassis.settings import ServiceSettings

DATA = Path(__file__).parent / "data"


class SmtpSecurity(StrEnum):
    """How the way to the mail server is protected."""

    IF_OFFERED = "if_offered"  # STARTTLS when the server offers it
    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True)
class SmsSettings:
    url: str
    account: str
    token: SecretStr
    sender: str
    reported_to: str | None = None


@dataclass(frozen=True)
class WhatsAppSettings:
    url: str
    sender_id: str
    token: SecretStr


class NotificationSettings(ServiceSettings):
    """The way to contacts (intake) and to citizens (SMTP; SMS and WhatsApp where there is a provider)."""

    intake_url: str = Field(description="base address of intake's API, such as http://127.0.0.1:8801")
    token_url: str = Field(description="the issuer's token endpoint")
    client_id: str
    client_secret: SecretStr
    smtp_host: str
    smtp_port: int = Field(default=25, ge=1, le=65535)
    smtp_sender: str = Field(description="the address that letters come from")
    smtp_security: SmtpSecurity = SmtpSecurity.IF_OFFERED
    smtp_username: str | None = None
    smtp_password: SecretStr | None = None
    sms_url: str | None = Field(default=None, description="base address of a provider with Twilio's API; none: no SMS")
    sms_account: str | None = None
    sms_token: SecretStr | None = Field(default=None, min_length=1)
    sms_sender: str | None = Field(default=None, description="number or name that messages come from")
    whatsapp_url: str | None = Field(
        default=None, description="such as https://graph.facebook.com/v23.0; none: no WhatsApp"
    )
    whatsapp_sender_id: str | None = Field(default=None, description="the phone number id of our number")
    whatsapp_token: SecretStr | None = Field(default=None, min_length=1)
    whatsapp_app_secret: SecretStr | None = Field(default=None, min_length=1, description="signs WhatsApp's reports")
    whatsapp_verify_token: SecretStr | None = Field(
        default=None, min_length=1, description="a word of your own, told to Meta with the address of /reports/whatsapp"
    )
    reports_url: str | None = Field(
        default=None,
        pattern=r"^https?://",
        description="where providers reach this service's /reports; none: their reports are not asked for",
    )
    quiet_hours_file: Path = Field(
        default=DATA / "quiet_hours.yaml", description="when messages that ring wait for the morning"
    )
    failover_minutes: float = Field(
        default=15.0, ge=0, description="a channel that is away for longer is passed over for the citizen's next"
    )
    settle_seconds: float = Field(
        default=1.0,
        ge=0,
        description="wait before sending: facts of one deed come by several topics, in any order",
    )
    send_attempts_limit: int = Field(
        default=200, ge=1, description="attempts at one message before it has failed: with the backoff about 36 hours"
    )
    send_backoff_first_seconds: float = Field(default=1.0, gt=0)
    send_backoff_limit_seconds: float = Field(default=900.0, gt=0)

    @model_validator(mode="after")
    def _providers_are_whole(self) -> Self:
        for names in (_SMS, _WHATSAPP, _WHATSAPP_REPORTS):
            given = [name for name in names if getattr(self, name) is not None]
            if given and len(given) < len(names):
                missing = ", ".join(name.upper() for name in names if name not in given)
                raise ValueError(f"{given[0].upper()} is given, so {missing} is needed too")
        return self

    @property
    def reported_to(self) -> str | None:
        return self.reports_url.rstrip("/") if self.reports_url else None

    @property
    def sms(self) -> SmsSettings | None:
        """The provider of short messages, where there is one."""
        if self.sms_url is None or self.sms_account is None or self.sms_token is None or self.sms_sender is None:
            return None
        return SmsSettings(self.sms_url, self.sms_account, self.sms_token, self.sms_sender, self.reported_to)

    @property
    def whatsapp(self) -> WhatsAppSettings | None:
        """The WhatsApp number, where there is one."""
        if self.whatsapp_url is None or self.whatsapp_sender_id is None or self.whatsapp_token is None:
            return None
        return WhatsAppSettings(self.whatsapp_url, self.whatsapp_sender_id, self.whatsapp_token)


_SMS = ("sms_url", "sms_account", "sms_token", "sms_sender")
_WHATSAPP = ("whatsapp_url", "whatsapp_sender_id", "whatsapp_token")
_WHATSAPP_REPORTS = ("whatsapp_app_secret", "whatsapp_verify_token")
