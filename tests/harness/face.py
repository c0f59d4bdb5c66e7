"""A service with two pages, as small as can be, for testing sign-in: one shows a form, the other takes it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from chassis.http.access import scope_of
from chassis.identity import Actor, Role
from chassis.service import Service, ServiceDefinition
from chassis.settings import ServiceSettings
from chassis.signin import signed_in, signed_in_as

Clerk = Annotated[Actor, Depends(signed_in_as(Role.FRONT_OFFICE))]
Anyone = Annotated[Actor, Depends(signed_in)]


def _routes() -> APIRouter:
    router = APIRouter()
    taken: list[str] = []

    @router.get("/visits/new")
    async def form(request: Request, actor: Clerk) -> HTMLResponse:
        return HTMLResponse(f"{actor.id} in {scope_of(actor).area}: {request.state.person} {request.state.kept}")

    @router.post("/visits")
    async def record(actor: Clerk, story: Annotated[str, Form()]) -> RedirectResponse:
        taken.append(f"{actor.id}: {story}")
        return RedirectResponse("/visits", 303)

    @router.get("/visits")
    async def browse(actor: Anyone) -> HTMLResponse:
        return HTMLResponse("\n".join(taken))

    return router


FACE: ServiceDefinition[ServiceSettings] = ServiceDefinition(
    name="intake",
    summary="A face.",
    settings=ServiceSettings,
    collections=(),
    wire=lambda platform: Service(routers=(_routes(),)),
)
