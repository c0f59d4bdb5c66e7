"""Status callbacks as Twilio sends them: a form, signed over the address it is sent to and all its fields."""

import hmac
from base64 import b64encode
from hashlib import sha1
from urllib.parse import parse_qs, parse_qsl, urlsplit

from pydantic import SecretStr

from contracts.vocabulary import MessageChannel
from services.notification.channels.reports import Forged, Told

SIGNATURE = "x-twilio-signature"
LOST = frozenset({"failed", "undelivered"})
DELIVERY = "delivery"
"""Names the delivery in the address that a message's reports are sent to: no person is in it."""


def reports_of(delivery_id: str, reported_to: str) -> str:
    """Where the reports on one message are to be sent."""
    return f"{reported_to}/reports/{MessageChannel.SMS.value}?{DELIVERY}={delivery_id}"


class SmsReports:
    """The account's token signs its reports."""

    kind = MessageChannel.SMS

    def __init__(self, token: SecretStr) -> None:
        self._key = token.get_secret_value().encode()

    def lost(self, told: Told) -> tuple[str, ...]:
        """Raises Forged."""
        try:
            fields = parse_qsl(told.body.decode(), keep_blank_values=True)
        except UnicodeDecodeError:
            raise Forged from None
        if not hmac.compare_digest(self._signature(told.address, fields), told.headers.get(SIGNATURE, "").encode()):
            raise Forged
        named = parse_qs(urlsplit(told.address).query).get(DELIVERY, [])
        return tuple(named) if dict(fields).get("MessageStatus") in LOST else ()

    def _signature(self, address: str, fields: list[tuple[str, str]]) -> bytes:
        signed = address + "".join(name + value for name, value in sorted(fields))
        return b64encode(hmac.new(self._key, signed.encode(), sha1).digest())
