"""The services as children of the stack: data, so that one more is one more line."""

import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from deploy.embedded.atomic import write_atomically
from deploy.embedded.parts import Part
from deploy.embedded.ports import LOOPBACK
from deploy.embedded.zipkin import answers_ok

NOTIFICATION_CLIENT = "notification"


@dataclass(frozen=True)
class ServiceKind:
    """`tier` owns its documents; `sends_mail`: is told of the post office and reads contacts from intake, with a
    token of its own; `secrets`: settings that are made by chance at the first start and kept with the data."""

    name: str
    what: str
    tier: str
    preferred_port: int
    sends_mail: bool = False
    secrets: tuple[str, ...] = ()

    @property
    def pages_client(self) -> str:
        """By which the identity provider knows the service's pages."""
        return f"{self.name}-pages"

    @property
    def client_secrets(self) -> dict[str, str]:
        """Client id -> the file of its secret, as the service reads it."""
        own = {NOTIFICATION_CLIENT: "puskesos_client_secret"} if self.sends_mail else {}
        return {self.pages_client: "puskesos_oidc_client_secret", **own}


SERVICES = (
    ServiceKind("intake", "the village's desk", "village", 8801, secrets=("family_key_secret",)),
    ServiceKind("referral", "the district's office", "district", 8802),
    ServiceKind("notification", "what citizens are told", "district", 8803, sends_mail=True),
    ServiceKind("reporting", "the ministry's figures", "ministry", 8804),
)


@dataclass(frozen=True)
class Service:
    """One service on its port with its settings (environment variables)."""

    kind: ServiceKind
    port: int
    settings: Mapping[str, str] = field(default_factory=dict)

    secrets_folder: Path | None = None

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    def part(self) -> Part:
        return Part(
            name=self.kind.name,
            what=self.kind.what,
            command=(sys.executable, "-m", f"services.{self.kind.name}"),
            environment=self.settings,
            prepare=self._make_secrets,
            ready=lambda _log: answers_ok(f"{self.url}/health/ready"),
        )

    def _make_secrets(self) -> None:
        for name in self.kind.secrets:
            if self.secrets_folder is not None:
                kept_secret(self.secrets_folder / f"puskesos_{name}")


def kept_secret(file: Path) -> str:
    """256 random bits, readable by the owner only; kept, since what was made with them must stay the same."""
    if not file.exists():
        write_atomically(file, secrets.token_hex(32).encode())
    return file.read_text()
