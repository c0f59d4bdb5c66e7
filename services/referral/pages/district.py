"""The district office's pages, put together."""

from fastapi import APIRouter

from services.referral.pages.case import case_routes
from services.referral.pages.moves import move_routes
from services.referral.pages.office import Office
from services.referral.pages.overdue import overdue_routes
from services.referral.pages.queue import queue_routes


def district_pages(office: Office) -> APIRouter:
    router = APIRouter()
    for routes in (queue_routes(office), overdue_routes(office), case_routes(office), move_routes(office)):
        router.include_router(routes)
    return router
