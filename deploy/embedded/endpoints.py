"""var/endpoints.json: what the ready screen says, for tools."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from deploy.embedded.atomic import write_atomically
from deploy.embedded.demo_users import DemoUsers


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True)


class Pages(_Told):
    """Addresses to open in a browser."""

    home: str
    identity: str
    intake: str
    referral: str
    notification: str
    reporting: str
    traces: str


class KafkaEndpoint(_Told):
    bootstrap_servers: str


class User(_Told):
    """Someone a tool may get a token for: a password grant at `token_url`, with `client_id`."""

    name: str
    password: str
    roles: tuple[str, ...]
    area: str
    agency: str | None


class Endpoints(_Told):
    """The addresses of a running stack. `ready` is false before its ready screen and after its stop."""

    ready: bool
    pages: Pages
    apis: dict[str, str]
    kafka: KafkaEndpoint
    mongodb: dict[str, str]
    issuer: str
    token_url: str
    client_id: str
    users: tuple[User, ...]


def users_to_tell(users: DemoUsers) -> tuple[User, ...]:
    return tuple(
        User(name=p.name, password=users.password, roles=p.roles, area=p.area, agency=p.agency) for p in users.people
    )


def write_endpoints(file: Path, endpoints: Endpoints) -> None:
    write_atomically(file, endpoints.model_dump_json(indent=2).encode() + b"\n")


def read_endpoints(file: Path) -> Endpoints | None:
    """None when no stack ever ran here, or the file is of another version."""
    try:
        return Endpoints.model_validate_json(file.read_bytes())
    except (FileNotFoundError, ValidationError):
        return None
