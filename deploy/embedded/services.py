"""The services as children of the stack: data, so that one more is one more line."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field

from deploy.embedded.parts import Part
from deploy.embedded.ports import LOOPBACK
from deploy.embedded.zipkin import answers_ok


@dataclass(frozen=True)
class ServiceKind:
    """`tier` owns its documents; `sends_mail`: is told of the post office and reads contacts from intake."""

    name: str
    what: str
    tier: str
    preferred_port: int
    sends_mail: bool = False


SERVICES = (
    ServiceKind("intake", "the village's desk", "village", 8801),
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

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    def part(self) -> Part:
        return Part(
            name=self.kind.name,
            what=self.kind.what,
            command=(sys.executable, "-m", f"services.{self.kind.name}"),
            environment=self.settings,
            ready=lambda _log: answers_ok(f"{self.url}/health/ready"),
        )
