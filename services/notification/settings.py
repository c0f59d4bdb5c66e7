"""What notification is told beside what every service is."""

from enum import StrEnum

from pydantic import Field, SecretStr

from chassis.settings import ServiceSettings


class SmtpSecurity(StrEnum):
    """How the way to the mail server is protected."""

    IF_OFFERED = "if_offered"  # STARTTLS when the server offers it
    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class NotificationSettings(ServiceSettings):
    """The way to contacts (intake) and to citizens (SMTP)."""

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
