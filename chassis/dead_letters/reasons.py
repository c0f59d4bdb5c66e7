"""What each reason of a dead letter means, and what to do about it."""

from collections.abc import Mapping
from dataclasses import dataclass

from chassis.bus.retrial import UNHEARD
from chassis.pages import lazy as _


@dataclass(frozen=True)
class Reason:
    """One reason in words."""

    means: str
    to_do: str


REASONS: Mapping[str, Reason] = {
    "malformed_event": Reason(
        _("The writer broke the contract."), _("Have the writer mended; discard the letter: it never becomes readable.")
    ),
    "unknown_event_type": Reason(
        _("This service is older than the event: it does not know its type."), _("Upgrade it, then handle it again.")
    ),
    "unsupported_major": Reason(
        _("This service is older than the event: it does not read its version."),
        _("Upgrade it, then handle it again."),
    ),
    "handler_failed": Reason(
        _("A fault of ours. Its type and place are in the log of that moment: look for “event set aside”."),
        _("Have it mended, then handle it again."),
    ),
    "unstorable": Reason(
        _("The database refuses what the event makes of its document."),
        _("Have the document looked at, then handle it again."),
    ),
    "event_too_large": Reason(
        _("What follows from it is more than Kafka takes in one event."),
        _("A fault of ours, or of the case's data: have it mended, then handle it again."),
    ),
    UNHEARD: Reason(_("This service handles events of this type no longer."), _("Discard it.")),
}
OTHERS = Reason(_("This service says so itself; the detail says more."), _("Look at the detail, and at the log."))


def reason_of(code: str) -> Reason:
    return REASONS.get(code, OTHERS)
