"""The people and clients of the demonstration, as demo_users.yaml lists them."""

from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

USERS_FILE = Path(__file__).with_name("demo_users.yaml")


class _Listed(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DemoPerson(_Listed):
    """Someone to sign in as. The name doubles as the token's subject: invented people have no other id."""

    name: str
    roles: tuple[str, ...]
    area: str
    agency: str | None = None


class DemoClient(_Listed):
    """A service that asks for tokens on its own behalf."""

    client_id: str
    client_secret: str
    roles: tuple[str, ...]
    area: str


class DemoUsers(_Listed):
    password: str
    client_id: str
    people: tuple[DemoPerson, ...]
    clients: tuple[DemoClient, ...]

    def person(self, name: str) -> DemoPerson | None:
        return next((person for person in self.people if person.name == name), None)

    def client(self, client_id: str) -> DemoClient | None:
        return next((client for client in self.clients if client.client_id == client_id), None)


@cache
def demo_users() -> DemoUsers:
    return DemoUsers.model_validate(yaml.safe_load(USERS_FILE.read_text(encoding="utf-8")))
