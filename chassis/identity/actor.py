"""The person or service that acts."""

from dataclasses import dataclass
from enum import StrEnum

from chassis.area import Scope


class Role(StrEnum):
    """What a token may say its bearer is. Unknown roles in a token are ignored."""

    FACILITATOR = "facilitator"
    FRONT_OFFICE = "front_office"
    BACK_OFFICE = "back_office"
    COORDINATOR = "coordinator"
    SIKS_OPERATOR = "siks_operator"
    SUPERVISOR = "supervisor"
    VERIFIER = "verifier"
    MANAGER = "manager"
    AGENCY = "agency"
    PROVINCE_REVIEWER = "province_reviewer"
    ANALYST = "analyst"
    AUDITOR = "auditor"
    OPERATOR = "operator"
    INSPECTORATE = "inspectorate"
    SERVICE = "service"
    CONTACT_READER = "contact:read"


@dataclass(frozen=True)
class Actor:
    """Who acts, as what, within which area; `agency` is set for a partner agency's people.

    `id` is the issuer's subject, never a name. `scope` None: the token names no area, so it may see none.
    """

    id: str
    roles: frozenset[Role]
    scope: Scope | None
    agency: str | None = None

    def has(self, *roles: Role) -> bool:
        return not self.roles.isdisjoint(roles)
