"""The district's service, put together."""

from chassis.service import Platform, Service, ServiceDefinition
from services.referral.api.directory import directory_routes
from services.referral.api.handlings import handling_routes
from services.referral.api.referrals import referral_routes
from services.referral.explanations import Explanations
from services.referral.handlers import build_handlers
from services.referral.problems import PROBLEMS
from services.referral.reference import Reference
from services.referral.settings import ReferralSettings
from services.referral.store import COLLECTIONS
from services.referral.workers import build_workers


def wire(platform: Platform[ReferralSettings]) -> Service:
    reference, explanations = Reference.load(), Explanations.load()
    return Service(
        routers=(
            handling_routes(platform.store, reference, explanations),
            referral_routes(platform.store, reference),
            directory_routes(platform.clock, reference, explanations),
        ),
        handlers=build_handlers(reference),
        workers=build_workers(platform.store, reference),
        problems=PROBLEMS,
        agencies=tuple(agency.code for agency in reference.directory.agencies),
    )


DEFINITION: ServiceDefinition[ReferralSettings] = ServiceDefinition(
    name="referral",
    summary="The district: assesses cases, decides on them, and refers families to agencies.",
    settings=ReferralSettings,
    collections=COLLECTIONS,
    wire=wire,
)
