"""Who may call a page's route: dependencies that turn a browser's session into an Actor and check its roles."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Request

from chassis.http.problems import Problem
from chassis.identity import Actor, Role
from chassis.signin.door import SignIn


async def signed_in(request: Request) -> Actor:
    """The actor at this browser; whoever is not signed in is sent to sign in first, and then back."""
    sign_in: SignIn = request.app.state.sign_in
    return await sign_in.admit(request)


def signed_in_as(*roles: Role) -> Callable[[Actor], Awaitable[Actor]]:
    """A dependency that lets only these roles pass: `Annotated[Actor, Depends(signed_in_as(Role.MANAGER))]`."""

    async def check(actor: Annotated[Actor, Depends(signed_in)]) -> Actor:
        if not actor.has(*roles):
            needed = " or ".join(role.value for role in roles)
            detail = f"This needs the role {needed}. Ask your office to give it to you."
            raise Problem(403, "role-needed", detail, roles=roles)
        return actor

    return check
