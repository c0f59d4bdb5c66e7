"""Words about messages to citizens."""

from enum import StrEnum


class MessageChannel(StrEnum):
    """How a message reaches a citizen."""

    EMAIL = "email"
    SMS = "sms"
    WHATSAPP = "whatsapp"
    WEBHOOK = "webhook"


class DeliveryFailure(StrEnum):
    """Why a message did not reach a citizen."""

    NO_CONTACT = "no_contact"
    CONTACT_REFUSED = "contact_refused"
    NO_CHANNEL = "no_channel"
    REJECTED_BY_PROVIDER = "rejected_by_provider"
    GAVE_UP = "gave_up"  # tried for too long, or the fact was no news any more when it was heard
