"""The people of the demonstration, as demo_users.yaml lists them."""

from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

USERS_FILE = Path(__file__).with_name("demo_users.yaml")


class _Listed(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DemoPerson(_Listed):
    """Someone to sign in as. `area` "" is the whole country."""

    name: str
    roles: tuple[str, ...]
    area: str
    agency: str | None = None


class DemoUsers(_Listed):
    """Everybody has the same password; `client_id`: of the client that gives tools a token for it."""

    password: str
    client_id: str
    people: tuple[DemoPerson, ...]


@cache
def demo_users() -> DemoUsers:
    return DemoUsers.model_validate(yaml.safe_load(USERS_FILE.read_text(encoding="utf-8")))
