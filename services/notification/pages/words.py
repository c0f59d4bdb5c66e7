"""What codes about messages are called on pages."""

from datetime import datetime

from chassis.pages import lazy as _
from contracts.vocabulary import DeliveryFailure, MessageChannel
from services.notification.domain.delivery import Delivery, DeliveryStatus, SkipReason

TEMPLATES = {
    "complaint_received": _("The complaint was received"),
    "complaint_answered": _("Answered at the desk"),
    "complaint_waiting": _("Documents are missing"),
    "complaint_withdrawn": _("Taken back, or a duplicate"),
    "case_decided": _("The district has decided"),
    "referral_passed_on": _("Passed on to another agency"),
    "referral_accepted": _("An agency accepted"),
    "referral_rejected": _("An agency rejected"),
    "referral_completed": _("An agency reported the outcome"),
    "referral_expired": _("An agency did not answer in time"),
    "case_late": _("Late, so passed up a tier"),
    "case_passed_up": _("Passed up a tier"),
    "case_resolved": _("The case was resolved"),
    "case_reopened": _("The case was reopened"),
    "case_closed": _("The case was closed"),
}
CHANNELS = {
    MessageChannel.WHATSAPP: _("WhatsApp"),
    MessageChannel.SMS: _("SMS"),
    MessageChannel.EMAIL: _("E-mail"),
}
STATES = {
    DeliveryStatus.PLANNED: ("waiting", _("Waits to be sent")),
    DeliveryStatus.DELIVERED: ("ok", _("Taken by the provider")),
    DeliveryStatus.FAILED: ("stuck", _("Failed")),
    DeliveryStatus.SKIPPED: ("quiet", _("Not sent: overtaken")),
}
"""Kind and word of how a message stands."""

FAILURES = {
    DeliveryFailure.NO_CONTACT: _("The village knows no such case."),
    DeliveryFailure.CONTACT_REFUSED: _("The citizen has not agreed to messages, or wants none."),
    DeliveryFailure.NO_CHANNEL: _("The citizen gave no address that this installation can write to."),
    DeliveryFailure.REJECTED_BY_PROVIDER: _("Every provider asked refused the address for good."),
    DeliveryFailure.GAVE_UP: _("Tried for too long without an answer."),
}
OVERTAKEN = {
    SkipReason.TOO_OLD: _("It was no news any more when it was heard."),
    SkipReason.ROUND_SUPERSEDED: _("The case had been reopened since."),
    SkipReason.END_ALREADY_TOLD: _("The citizen knew already how the case ended."),
    SkipReason.CASE_ENDED: _("The citizen had ended the case by then."),
}
LOST = ("attention", _("Did not arrive"))
TOLD_AGAIN = _("The provider had taken it, and reported this later. Another message follows.")
QUIET = _("Waits for the end of the quiet hours, at the moment shown.")


def state(delivery: Delivery) -> tuple[str, str]:
    """Kind and word of how it stands."""
    return STATES[delivery.status] if delivery.lost_at is None else LOST


def waits_for_morning(delivery: Delivery, now: datetime) -> bool:
    return delivery.planned and delivery.held_until is not None and delivery.held_until > now


def reason(delivery: Delivery, now: datetime) -> str:
    """Why a message did not go out, or has not yet; empty when there is nothing to explain."""
    if delivery.skipped is not None:
        return OVERTAKEN[delivery.skipped]
    if delivery.failure is not None:
        return FAILURES[delivery.failure]
    if delivery.lost_at is not None:
        return TOLD_AGAIN
    return QUIET if waits_for_morning(delivery, now) else ""
