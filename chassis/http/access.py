"""Who may call a route: dependencies that turn a bearer token into an Actor and check its roles."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from chassis.area import Scope
from chassis.http.problems import Problem
from chassis.identity import Actor, InvalidToken, Role, TokenVerifier

_BEARER = HTTPBearer(auto_error=False, description="A token of the configured issuer")


async def current_actor(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]
) -> Actor:
    """The actor of this request; 401 without a token of the configured issuer."""
    verifier: TokenVerifier = request.app.state.verifier
    if credentials is None:
        raise Problem(
            401,
            "sign-in-needed",
            "Sign in, and send the token as Authorization: Bearer.",
            headers={"WWW-Authenticate": "Bearer"},
        )
    try:
        return await verifier.verify(credentials.credentials)
    except InvalidToken as error:
        raise Problem(
            401,
            "invalid-token",
            "The token is not valid for this service any more. Sign in again.",
            headers={"WWW-Authenticate": 'Bearer error="invalid_token"'},
        ) from error


AnyActor = Annotated[Actor, Depends(current_actor)]


def acting_as(*roles: Role) -> Callable[[Actor], Awaitable[Actor]]:
    """A dependency that lets only these roles pass: `Annotated[Actor, Depends(acting_as(Role.MANAGER))]`."""

    async def check(actor: AnyActor) -> Actor:
        if not actor.has(*roles):
            needed = " or ".join(role.value for role in roles)
            raise Problem(403, "role-needed", f"This needs the role {needed}. Ask your office to give it to you.")
        return actor

    return check


def scope_of(actor: Actor) -> Scope:
    """The area an actor may see; 403 when the token names none."""
    if actor.scope is None:
        raise Problem(403, "area-needed", "Your account has no area. Ask your office to set it.")
    return actor.scope
