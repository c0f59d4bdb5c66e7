"""Who may ask for single cases: the district's own people."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends

from chassis.http.access import acting_as
from chassis.identity import Actor, Role
from services.referral.queries import must_be_in_a_district


def in_a_district(*roles: Role) -> Callable[[Actor], Awaitable[Actor]]:
    """A dependency that lets these roles pass within a district; 403 for any other role, and above a district."""

    async def check(actor: Annotated[Actor, Depends(acting_as(*roles))]) -> Actor:
        must_be_in_a_district(actor)
        return actor

    return check
