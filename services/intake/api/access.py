"""Who may do what at the window."""

from typing import Annotated

from fastapi import Depends

from chassis.area import Tier, tier_of
from chassis.http.access import acting_as, scope_of
from chassis.http.problems import Problem
from chassis.identity import Actor, Role

DESK = (Role.FACILITATOR, Role.FRONT_OFFICE)
VILLAGE = (*DESK, Role.COORDINATOR)
"""Roles that exist in villages only."""


def of_a_village(actor: Actor) -> Actor:
    # There are back offices in villages and in districts, and a district never reads who people are.
    if not actor.has(*VILLAGE) and tier_of(scope_of(actor).area) is not Tier.VILLAGE:
        raise Problem(
            403,
            "village-office-needed",
            "Identities stay in the village: only its own back office reads this. Look at the case in referral.",
        )
    return actor


async def _reading(actor: Annotated[Actor, Depends(acting_as(*VILLAGE, Role.BACK_OFFICE))]) -> Actor:
    return of_a_village(actor)


async def _overseeing(actor: Annotated[Actor, Depends(acting_as(*VILLAGE, Role.BACK_OFFICE, Role.AUDITOR))]) -> Actor:
    return actor if actor.has(Role.AUDITOR) else of_a_village(actor)


AtTheDesk = Annotated[Actor, Depends(acting_as(*DESK))]
"""Records and changes cases."""

OfTheVillage = Annotated[Actor, Depends(_reading)]
"""Reads cases and the people in them."""

Overseer = Annotated[Actor, Depends(_overseeing)]
"""Reads who asked for a contact: the village, and the auditor, who reads nothing else here."""

ContactReader = Annotated[Actor, Depends(acting_as(Role.CONTACT_READER))]
"""Another service that has to reach a citizen."""
