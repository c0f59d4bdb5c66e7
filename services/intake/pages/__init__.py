"""The village's window in a browser, and the citizen's own page."""

from pathlib import Path

from chassis.pages import NavItem, Pages
from chassis.pages import lazy as _
from services.intake.api.access import DESK
from services.intake.pages.access import READERS

PAGES = Pages(
    "intake",
    Path(__file__).parent,
    navigation=(
        NavItem(_("Today"), "/village", READERS),
        NavItem(_("Record a case"), "/village/new", DESK),
        NavItem(_("Find"), "/village/find", READERS),
        NavItem(_("Follow your case"), "/case"),
    ),
    title=_("Village Puskesos"),
)
