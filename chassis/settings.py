"""Settings of a service: environment variables with the prefix PUSKESOS_, secrets from files or environment."""

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "PUSKESOS_"
EXIT_BAD_CONFIGURATION = 78  # EX_CONFIG of sysexits.h


class TracesExporter(StrEnum):
    """Where spans go."""

    NONE = "none"
    OTLP = "otlp"
    ZIPKIN = "zipkin"


class ServiceSettings(BaseSettings):
    """What every service is told. A variable's name is the field's in capitals behind PUSKESOS_."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True, hide_input_in_errors=True)

    kafka_bootstrap_servers: str
    topic_prefix: str = ""
    mongodb_uri: str
    mongodb_database: str
    http_host: str = "127.0.0.1"
    http_port: int = Field(default=8000, ge=0, le=65535)
    oidc_issuer: str
    oidc_audience: str = "puskesos"
    oidc_jwks_url: str | None = Field(default=None, description="else found by the issuer's discovery document")
    oidc_client_id: str | None = Field(default=None, description="of the service's pages at the issuer")
    oidc_client_secret: SecretStr | None = Field(default=None, validate_default=True)
    public_url: str | None = Field(
        default=None, validate_default=True, description="where people's browsers find this service"
    )
    traces_exporter: TracesExporter = TracesExporter.NONE
    traces_endpoint: str | None = None
    trace_page: str | None = Field(
        default=None,
        pattern=r"^https?://\S*\{trace\}\S*$",
        description="address of one trace in the trace viewer, {trace} standing for its id",
    )
    log_level: str = "INFO"
    demo_clock_file: Path | None = Field(default=None, description="demonstrations only: moves the clock")
    request_body_limit_bytes: int = 1024 * 1024
    outbox_limit_rows: int = Field(default=500_000, description="deeper than this, new deeds are refused (503)")
    batch_limit_events: int = Field(default=500, ge=1)
    dead_letters_in_a_row_limit: int = Field(default=100, ge=1, description="more than this stops the consumer")

    @field_validator("oidc_client_secret", "public_url")
    @classmethod
    def _with_client(cls, value: SecretStr | str | None, others: ValidationInfo) -> SecretStr | str | None:
        if value is None and others.data.get("oidc_client_id"):
            raise ValueError("Needed where PUSKESOS_OIDC_CLIENT_ID is set: people sign in there")
        if isinstance(value, str):
            if not value.startswith(("http://", "https://")):
                raise ValueError("Begins with https:// (or http:// on one machine)")
            return value.rstrip("/")
        return value


S = TypeVar("S", bound=ServiceSettings)


def load_settings(kind: type[S]) -> S:
    """Read the settings from the environment and from the folder PUSKESOS_SECRETS_DIR (one file a secret).

    A wrong or missing one ends the process with exit code 78 and one line each that says which and why.
    """
    try:
        secrets = os.environ.get(f"{PREFIX}SECRETS_DIR")
        return kind(_secrets_dir=secrets) if secrets else kind()
    except ValidationError as invalid:
        for error in invalid.errors(include_input=False, include_url=False):
            variable = PREFIX + "_".join(str(part) for part in error["loc"]).upper()
            sys.stderr.write(f"{variable}: {error['msg']}. Set it in the environment and start again.\n")
        raise SystemExit(EXIT_BAD_CONFIGURATION) from None
