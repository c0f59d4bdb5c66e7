"""The ministry's pages: figures, the cases behind them, and surges; also for the province, the auditor and a district
about itself. Nothing can be changed here.
"""

from collections.abc import Sequence
from pathlib import Path

from fastapi import APIRouter

from chassis.pages import NavItem, Pages
from chassis.pages import lazy as _
from chassis.regions import KemendagriRegions
from chassis.service import Platform
from services.reporting.pages.areas import Areas
from services.reporting.pages.cases import cases_pages
from services.reporting.pages.figures import READERS, figures_pages
from services.reporting.pages.surges import surges_pages
from services.reporting.settings import ReportingSettings
from services.reporting.surges.rules import load_rules

NAVIGATION = (
    NavItem(_("Figures"), "/figures", READERS),
    NavItem(_("Surges"), "/figures/surges", READERS),
    NavItem(_("Cases"), "/cases", READERS),
)


def make_pages() -> Pages:
    return Pages("reporting", Path(__file__).parent, NAVIGATION, title=_("Puskesos figures"))


def pages_routers(platform: Platform[ReportingSettings], pages: Pages) -> Sequence[APIRouter]:
    areas = Areas(KemendagriRegions.loaded())
    return (
        surges_pages(platform, pages, areas, load_rules()),
        figures_pages(platform, pages, areas),
        cases_pages(platform, pages, areas),
    )
