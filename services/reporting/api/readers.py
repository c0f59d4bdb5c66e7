"""Who may read what is reported, and within which area."""

from typing import Annotated

from fastapi import Depends, Query

from chassis.area import AREA_PATTERN, Scope
from chassis.http.access import acting_as, scope_of
from chassis.identity import Actor, Role
from services.reporting.problems import area_not_found

Reader = Annotated[
    Actor,
    Depends(acting_as(Role.MANAGER, Role.VERIFIER, Role.PROVINCE_REVIEWER, Role.ANALYST, Role.AUDITOR)),
]
"""The district's office sees its district; province, ministry and auditors see what is told above the district."""

AreaAsked = Annotated[
    str | None,
    Query(
        alias="area",
        pattern=AREA_PATTERN,
        description="Region code within your own area; left out: your whole area",
        examples=["32.03"],
    ),
]


def scopes_of(actor: Actor, asked: str | None) -> tuple[Scope, str]:
    """The reader's own scope and the area asked for. Raises Problem 403, 404."""
    scope = scope_of(actor)
    area = scope.area if asked is None else asked
    if not scope.covers(area):
        raise area_not_found()
    return scope, area
