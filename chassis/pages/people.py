"""What roles are called on pages."""

from collections.abc import Mapping

from chassis.identity import Role
from chassis.pages.catalogue import lazy as _

ROLE_NAMES: Mapping[Role, str] = {
    Role.FACILITATOR: _("Facilitator"),
    Role.FRONT_OFFICE: _("Front office"),
    Role.BACK_OFFICE: _("Back office"),
    Role.COORDINATOR: _("Coordinator"),
    Role.SIKS_OPERATOR: _("SIKS-NG operator"),
    Role.SUPERVISOR: _("Supervisor"),
    Role.VERIFIER: _("District verifier"),
    Role.MANAGER: _("Manager"),
    Role.AGENCY: _("Partner agency"),
    Role.PROVINCE_REVIEWER: _("Province reviewer"),
    Role.ANALYST: _("Ministry analyst"),
    Role.AUDITOR: _("Auditor"),
    Role.OPERATOR: _("Operator"),
    Role.INSPECTORATE: _("Inspectorate"),
    Role.SERVICE: _("Service"),
    Role.CONTACT_READER: _("Service that reads contacts"),
}
