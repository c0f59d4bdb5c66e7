"""The village's API, by what it is about."""

from fastapi import APIRouter

from chassis.store import Store
from services.intake.api.amending import amending_routes
from services.intake.api.closing import closing_routes
from services.intake.api.contact import contact_routes
from services.intake.api.progress import progress_routes
from services.intake.api.recording import recording_routes
from services.intake.commands.desk import Desk


def routes(store: Store, desk: Desk) -> APIRouter:
    router = APIRouter(prefix="/v1")
    for part in (
        recording_routes(store, desk),
        progress_routes(store),
        amending_routes(store, desk),
        closing_routes(store),
        contact_routes(store),
    ):
        router.include_router(part)
    return router
