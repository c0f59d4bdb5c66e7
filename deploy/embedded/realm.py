"""The demonstration's realm: that of every installation, with the people and the one client that only it has."""

import json
import re
import uuid
from collections.abc import Mapping

from chassis.identity.tokens import WHOLE_COUNTRY
from deploy.embedded.demo_users import DemoPerson, DemoUsers
from deploy.embedded.places import CHECKOUT

REALM = "puskesos"
AUDIENCE = "puskesos"
TEMPLATE = CHECKOUT / "deploy" / "identity" / "realm.json"
_OURS = re.compile(r"\$\{([A-Z_]+)\}")
"""Keycloak's own placeholders are in small letters."""
_PEOPLE = uuid.UUID("6f5a3f8e-2f0c-4bb7-9d29-0f3f5d7c9a51")


def realm_file(users: DemoUsers, urls: Mapping[str, str], secrets: Mapping[str, str]) -> bytes:
    """What Keycloak imports. `urls`: where browsers find each service; `secrets`: by client id.

    Raises KeyError when the template asks for one that is not given.
    """
    filled = {
        **{f"{service.upper()}_URL": url for service, url in urls.items()},
        **{f"{client.upper().replace('-', '_')}_SECRET": secret for client, secret in secrets.items()},
    }
    realm = json.loads(_OURS.sub(lambda found: filled[found[1]], TEMPLATE.read_text(encoding="utf-8")))
    realm["users"] += [_user(person, users.password) for person in users.people]
    realm["clients"].append(_demo_client(users.client_id))
    return json.dumps(realm, indent=1).encode()


def subject_of(name: str) -> str:
    """The subject of a demo person's tokens: the same in every installation."""
    return str(uuid.uuid5(_PEOPLE, name))


def _user(person: DemoPerson, password: str) -> dict[str, object]:
    attributes = {"area": [person.area or WHOLE_COUNTRY], **({"agency": [person.agency]} if person.agency else {})}
    return {
        "id": subject_of(person.name),
        "username": person.name,
        "enabled": True,
        "credentials": [{"type": "password", "value": password, "temporary": False}],
        "realmRoles": list(person.roles),
        "attributes": attributes,
    }


def _demo_client(client_id: str) -> dict[str, object]:
    """Tokens by name and password, for tools that play a person. Never part of an installation."""
    return {
        "clientId": client_id,
        "name": "Puskesos: the demonstration",
        "protocol": "openid-connect",
        "publicClient": True,
        "standardFlowEnabled": False,
        "directAccessGrantsEnabled": True,
        "fullScopeAllowed": True,
        "defaultClientScopes": ["puskesos"],
        "optionalClientScopes": [],
    }
