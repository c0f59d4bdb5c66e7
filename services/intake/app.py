"""Intake, put together: the village's window and the people behind its cases."""

from chassis.regions import KemendagriRegions
from chassis.service import Platform, Service, ServiceDefinition
from services.intake.api import routes
from services.intake.commands.desk import Desk
from services.intake.handlers import build_handlers
from services.intake.pages import PAGES
from services.intake.pages.house import House
from services.intake.pages.routes import page_routes
from services.intake.problems import PROBLEMS
from services.intake.programmes import PROGRAMMES
from services.intake.settings import IntakeSettings
from services.intake.store import COLLECTIONS, MIGRATIONS
from services.intake.workers import silent_case_closer


def wire(platform: Platform[IntakeSettings]) -> Service:
    settings = platform.settings
    regions = KemendagriRegions.loaded()
    desk = Desk(
        regions=regions,
        programmes=PROGRAMMES,
        family_key_secret=settings.family_key_secret.get_secret_value().encode(),
        invented_people_allowed=settings.invented_people_allowed,
    )
    house = House(PAGES, platform.store, desk, regions, settings.public_url)
    return Service(
        routers=(routes(platform.store, desk), page_routes(house)),
        pages=PAGES,
        handlers=build_handlers(),
        workers=(silent_case_closer(platform.store),),
        problems=PROBLEMS,
    )


DEFINITION = ServiceDefinition(
    name="intake",
    summary="The village's window: records cases and keeps the people behind them.",
    settings=IntakeSettings,
    collections=COLLECTIONS,
    wire=wire,
    migrations=MIGRATIONS,
)
