"""The pages about messages: what became of each, and what each says. No contact is shown, because none is here."""

from pathlib import Path

from chassis.identity import Role
from chassis.pages import NavItem, Pages
from chassis.pages import lazy as _

LOG_READERS = (Role.OPERATOR, Role.AUDITOR)
TEXT_READERS = (Role.OPERATOR, Role.MANAGER)

PAGES = Pages(
    "notification",
    Path(__file__).parent,
    navigation=(
        NavItem(_("Messages"), "/messages", LOG_READERS),
        NavItem(_("Texts"), "/messages/templates", TEXT_READERS),
    ),
)
