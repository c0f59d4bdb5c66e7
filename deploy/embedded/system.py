"""The whole embedded system: which parts there are, on which ports, with which settings."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from deploy.embedded.companion.addresses import SMS_PATH, WHATSAPP_PATH
from deploy.embedded.demo_users import demo_users
from deploy.embedded.endpoints import Endpoints, KafkaEndpoint, Pages, users_to_tell
from deploy.embedded.kafka import Kafka
from deploy.embedded.keycloak import Keycloak
from deploy.embedded.mongodb import URI_OPTIONS, MongoDb
from deploy.embedded.parts import Part
from deploy.embedded.places import Places
from deploy.embedded.ports import LOOPBACK, any_free_port, choose_port
from deploy.embedded.realm import AUDIENCE, realm_file
from deploy.embedded.services import NOTIFICATION_CLIENT, SERVICES, Service, ServiceKind, kept_secret
from deploy.embedded.stack import StackJars
from deploy.embedded.zipkin import Zipkin, answers_ok

PREFERRED_PORTS = {
    "home": 8800,
    **{kind.name: kind.preferred_port for kind in SERVICES},
    "mail": 8825,
    "identity": 8880,
    "traces": 9411,
    "kafka": 9092,
    "kafka-controller": 9093,
    "mongodb-village": 27117,
    "mongodb-district": 27118,
    "mongodb-ministry": 27119,
}
TIERS = ("village", "district", "ministry")


def choose_ports(say: Callable[[str], None]) -> dict[str, int]:
    """A free port for everything; says which preferred one was taken. Raises NoFreePort."""
    chosen: dict[str, int] = {}
    for name, preferred in PREFERRED_PORTS.items():
        # Ports preferred by others are left to them: replacing one must not start a chain.
        reserved = (set(PREFERRED_PORTS.values()) - {preferred}) | set(chosen.values())
        chosen[name] = choose_port(preferred, reserved)
        if chosen[name] != preferred:
            say(f"port {preferred} is in use: {name} is at {chosen[name]} this time")
    return chosen


def any_ports() -> dict[str, int]:
    """Ports nobody prefers: a second system beside a running one, for tests."""
    return {name: any_free_port() for name in PREFERRED_PORTS}


@dataclass(frozen=True)
class System:
    places: Places
    jars: StackJars
    ports: dict[str, int]

    @property
    def kafka(self) -> Kafka:
        ports = self.ports["kafka"], self.ports["kafka-controller"]
        return Kafka(self.places.data / "kafka", self.jars.kafka, *ports)

    @property
    def zipkin(self) -> Zipkin:
        return Zipkin(self.jars.zipkin, self.ports["traces"])

    @property
    def keycloak(self) -> Keycloak:
        return Keycloak(
            archive=self.jars.keycloak,
            directory=self.places.data / "keycloak",
            port=self.ports["identity"],
            realm=self._realm,
            admin_password=lambda: kept_secret(self.places.secrets / "keycloak" / "admin_password"),
        )

    @property
    def home(self) -> str:
        return f"http://{LOOPBACK}:{self.ports['home']}"

    def mongodb(self, tier: str) -> MongoDb:
        return MongoDb(tier, self.places.data / f"mongodb-{tier}", self.ports[f"mongodb-{tier}"])

    def servers(self) -> list[Part]:
        return [
            self.kafka.part(),
            *(self.mongodb(tier).part() for tier in TIERS),
            self.zipkin.part(),
            self.keycloak.part(),
        ]

    def companion(self) -> Part:
        return Part(
            name="companion",
            what="home page, clock, inbox",
            command=(sys.executable, "-m", "deploy.embedded.companion"),
            environment={
                "PUSKESOS_COMPANION_HTTP_PORT": str(self.ports["home"]),
                "PUSKESOS_COMPANION_SMTP_PORT": str(self.ports["mail"]),
                "PUSKESOS_COMPANION_VAR": str(self.places.var),
            },
            ready=lambda _log: answers_ok(f"{self.home}/health/ready"),
        )

    def services(self) -> list[Service]:
        return [
            Service(kind, self.ports[kind.name], self._settings(kind), self._secrets_folder(kind)) for kind in SERVICES
        ]

    def endpoints(self, *, ready: bool) -> Endpoints:
        urls = {service.kind.name: service.url for service in self.services()}
        users = demo_users()
        return Endpoints(
            ready=ready,
            pages=Pages(
                home=f"{self.home}/",
                identity=self.keycloak.admin_console,
                traces=f"{self.zipkin.url}/zipkin/",
                **{name: f"{url}/" for name, url in urls.items()},
            ),
            apis=urls,
            kafka=KafkaEndpoint(bootstrap_servers=self.kafka.bootstrap_servers),
            mongodb={kind.name: self._database_uri(kind) for kind in SERVICES},
            issuer=self.keycloak.issuer,
            token_url=self.keycloak.token_url,
            client_id=users.client_id,
            users=users_to_tell(users),
        )

    def _database_uri(self, kind: ServiceKind) -> str:
        port = self.ports[f"mongodb-{kind.tier}"]
        return f"mongodb://{LOOPBACK}:{port}/{kind.name}?{URI_OPTIONS}"

    def _secrets_folder(self, kind: ServiceKind) -> Path:
        """One for each service: the district must not read the village's."""
        return self.places.secrets / kind.name

    def _url(self, kind: ServiceKind) -> str:
        return f"http://{LOOPBACK}:{self.ports[kind.name]}"

    def _realm(self) -> bytes:
        secrets = {
            client: kept_secret(self._secrets_folder(kind) / file)
            for kind in SERVICES
            for client, file in kind.client_secrets.items()
        }
        return realm_file(demo_users(), {kind.name: self._url(kind) for kind in SERVICES}, secrets)

    def _settings(self, kind: ServiceKind) -> dict[str, str]:
        settings = {
            "KAFKA_BOOTSTRAP_SERVERS": self.kafka.bootstrap_servers,
            "TOPIC_PREFIX": "",
            "MONGODB_URI": self._database_uri(kind),
            "MONGODB_DATABASE": kind.name,
            "HTTP_HOST": LOOPBACK,
            "HTTP_PORT": str(self.ports[kind.name]),
            "PUBLIC_URL": self._url(kind),
            "OIDC_ISSUER": self.keycloak.issuer,
            "OIDC_AUDIENCE": AUDIENCE,
            "OIDC_CLIENT_ID": kind.pages_client,
            "SECRETS_DIR": str(self._secrets_folder(kind)),
            "TRACES_EXPORTER": "zipkin",
            "TRACES_ENDPOINT": self.zipkin.spans_url,
            "TRACE_PAGE": f"{self.zipkin.url}/zipkin/traces/{{trace}}",
            "LOG_LEVEL": "INFO",
            "DEMO_CLOCK_FILE": str(self.places.demo_clock),
            "INVENTED_PEOPLE_ALLOWED": "true",
            **(self._message_settings() if kind.sends_mail else {}),
        }
        # A proxy of the environment cannot reach this machine's loopback.
        local = {"NO_PROXY": f"{LOOPBACK},localhost", "no_proxy": f"{LOOPBACK},localhost"}
        return {f"PUSKESOS_{name}": value for name, value in settings.items()} | local

    def _message_settings(self) -> dict[str, str]:
        return {
            "INTAKE_URL": f"http://{LOOPBACK}:{self.ports['intake']}",
            "TOKEN_URL": self.keycloak.token_url,
            "CLIENT_ID": NOTIFICATION_CLIENT,
            "SMTP_HOST": LOOPBACK,
            "SMTP_PORT": str(self.ports["mail"]),
            "SMTP_SENDER": "puskesos@demo.invalid",
            "SMS_URL": f"{self.home}{SMS_PATH}",
            "SMS_ACCOUNT": "demo",
            "SMS_TOKEN": "nobody-asks",
            "SMS_SENDER": "PUSKESOS",
            "WHATSAPP_URL": f"{self.home}{WHATSAPP_PATH}",
            "WHATSAPP_SENDER_ID": "demo",
            "WHATSAPP_TOKEN": "nobody-asks",
        }
