"""Composition root of reporting."""

from typing import Any

from chassis.bus import BatchProcessor
from chassis.service import Platform, Service, ServiceDefinition
from contracts.manifest import Manifest
from services.reporting.api.cases import cases_router
from services.reporting.api.figures import figures_router
from services.reporting.commands import ERASE, REBUILD
from services.reporting.faust_source import FaustSource
from services.reporting.handlers import build_handlers
from services.reporting.pages import make_pages, pages_routers
from services.reporting.problems import PROBLEMS
from services.reporting.settings import ReportingSettings
from services.reporting.store import ERASURES

NAME = "reporting"


def wire(platform: Platform[ReportingSettings]) -> Service:
    pages = make_pages()
    return Service(
        routers=(figures_router(platform), cases_router(platform), *pages_routers(platform, pages)),
        pages=pages,
        handlers=build_handlers(),
        problems=PROBLEMS,
        source=faust_source,
    )


def faust_source(platform: Platform[ReportingSettings], processor: BatchProcessor[Any]) -> FaustSource:
    settings = platform.settings
    return FaustSource(
        processor,
        platform.telemetry,
        bootstrap_servers=settings.kafka_bootstrap_servers,
        group=f"{settings.topic_prefix}{DEFINITION.group}",
        topics=Manifest.load().read_by(NAME),
        prefix=settings.topic_prefix,
        batch_limit=settings.batch_limit_events,
    )


DEFINITION: ServiceDefinition[ReportingSettings] = ServiceDefinition(
    name=NAME,
    summary="Figures and timelines of cases, for the district and the tiers above it, without a name in them.",
    settings=ReportingSettings,
    collections=(ERASURES,),
    wire=wire,
    commands=(REBUILD, ERASE),
)
