"""The district's service, put together."""

from chassis.regions import KemendagriRegions
from chassis.service import Platform, Service, ServiceDefinition
from chassis.tries import TRIES, Tries
from services.referral.api.directory import directory_routes
from services.referral.api.handlings import handling_routes
from services.referral.api.referrals import referral_routes
from services.referral.explanations import Explanations
from services.referral.handlers import build_handlers
from services.referral.letters.api import letter_routes
from services.referral.letters.desk import LetterDesk
from services.referral.letters.making import Chancery
from services.referral.letters.press import Press
from services.referral.letters.store import LETTER_COUNTERS, LETTERS
from services.referral.pages import PAGES
from services.referral.pages.agency import agency_pages
from services.referral.pages.district import district_pages
from services.referral.pages.letters import letter_pages
from services.referral.pages.names import Names
from services.referral.pages.office import Office
from services.referral.problems import PROBLEMS
from services.referral.reference import Reference
from services.referral.settings import ReferralSettings
from services.referral.store import COLLECTIONS
from services.referral.workers import build_workers


def wire(platform: Platform[ReferralSettings]) -> Service:
    reference, explanations = Reference.load(), Explanations.load()
    settings, press = platform.settings, Press()
    chancery = Chancery(
        store=platform.store,
        reference=reference,
        explanations=explanations,
        regions=KemendagriRegions.loaded(),
        public_url=settings.public_url or f"http://{settings.http_host}:{settings.http_port}",
    )
    desk = LetterDesk(platform.store, chancery, press)
    office = Office(platform.store, platform.clock, reference, explanations, Names(reference, chancery.regions))
    return Service(
        routers=(
            handling_routes(platform.store, reference, explanations),
            referral_routes(platform.store, reference),
            letter_routes(platform.store, desk),
            directory_routes(platform.clock, reference, explanations),
            district_pages(office),
            agency_pages(office),
            letter_pages(platform.store, desk, Tries(platform.store, _secret(settings))),
        ),
        handlers=build_handlers(reference),
        workers=build_workers(platform.store, reference),
        problems=PROBLEMS,
        agencies=tuple(agency.code for agency in reference.directory.agencies),
        secrets_behind=("/letters/",),
        closing=(press.close,),
        pages=PAGES,
    )


def _secret(settings: ReferralSettings) -> bytes:
    """What all instances know and the database does not; nothing where nobody can sign in either."""
    return settings.oidc_client_secret.get_secret_value().encode() if settings.oidc_client_secret else b""


DEFINITION: ServiceDefinition[ReferralSettings] = ServiceDefinition(
    name="referral",
    summary="The district: assesses cases, decides on them, and refers families to agencies.",
    settings=ReferralSettings,
    collections=(*COLLECTIONS, LETTERS, LETTER_COUNTERS, TRIES),
    wire=wire,
)
