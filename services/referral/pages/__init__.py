"""The pages of the district office and of the agencies, in one frame."""

from pathlib import Path

from chassis.identity import Role
from chassis.pages import NavItem, Pages
from chassis.pages import lazy as _
from services.referral.queries import READERS

OFFICE = (*READERS, Role.SUPERVISOR)
PAGES = Pages(
    "referral",
    Path(__file__).parent,
    navigation=(
        NavItem(_("Cases"), "/district", OFFICE),
        NavItem(_("Deadlines"), "/district/overdue", OFFICE),
        NavItem(_("Referrals"), "/agency", (Role.AGENCY,)),
    ),
)
