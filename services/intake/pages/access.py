"""Who may open the village's pages."""

from typing import Annotated

from fastapi import Depends

from chassis.identity import Actor, Role
from chassis.signin import signed_in_as
from services.intake.api.access import DESK, VILLAGE, of_a_village

READERS = (*VILLAGE, Role.BACK_OFFICE)


async def _reading(actor: Annotated[Actor, Depends(signed_in_as(*READERS))]) -> Actor:
    return of_a_village(actor)


AtTheDesk = Annotated[Actor, Depends(signed_in_as(*DESK))]
"""Records and changes cases."""

OfTheVillage = Annotated[Actor, Depends(_reading)]
"""Reads cases and the people in them."""
