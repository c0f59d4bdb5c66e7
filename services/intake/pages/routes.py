"""All pages of the village and of its citizens."""

from fastapi import APIRouter

from services.intake.pages.case import case_routes
from services.intake.pages.citizen import citizen_routes
from services.intake.pages.deeds import deed_routes
from services.intake.pages.endings import ending_routes
from services.intake.pages.house import House
from services.intake.pages.preferences import preference_routes
from services.intake.pages.reaching import reaching_routes
from services.intake.pages.receipt import receipt_routes
from services.intake.pages.recording import recording_routes
from services.intake.pages.today import today_routes


def page_routes(house: House) -> APIRouter:
    router = APIRouter()

    for part in (
        today_routes(house),
        recording_routes(house),
        case_routes(house),
        deed_routes(house),
        ending_routes(house),
        reaching_routes(house),
        receipt_routes(house),
        citizen_routes(house),
        preference_routes(house),
    ):
        router.include_router(part)
    return router
