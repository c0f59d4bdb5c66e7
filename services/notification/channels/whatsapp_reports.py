"""Webhooks of Meta's Cloud API: JSON, signed as a whole; several reports in one, of several numbers of one app."""

import hmac
from hashlib import sha256

from pydantic import BaseModel, SecretStr, ValidationError

from contracts.vocabulary import MessageChannel
from services.notification.channels.reports import Forged, Told

SIGNATURE = "x-hub-signature-256"
LOST = "failed"


class _Number(BaseModel):
    phone_number_id: str = ""


class _Status(BaseModel):
    status: str
    biz_opaque_callback_data: str = ""


class _Value(BaseModel):
    metadata: _Number = _Number()
    statuses: tuple[object, ...] = ()
    """Read one by one: what is strange about one must not hide another's loss."""


class _Change(BaseModel):
    value: _Value = _Value()


class _Entry(BaseModel):
    changes: tuple[_Change, ...] = ()


class _Notice(BaseModel):
    """What else it says, such as a citizen's own message, is left unread."""

    entry: tuple[_Entry, ...] = ()


class WhatsAppReports:
    """The app's secret signs its reports; a word agreed upon at set-up shows Meta that the address is ours."""

    kind = MessageChannel.WHATSAPP

    def __init__(self, sender_id: str, app_secret: SecretStr, verify_token: SecretStr) -> None:
        self._sender_id = sender_id
        self._key = app_secret.get_secret_value().encode()
        self._agreed = verify_token.get_secret_value().encode()

    def challenged(self, mode: str, token: str) -> bool:
        """Whether somebody who asks if this address is ours knows the word agreed upon."""
        return mode == "subscribe" and hmac.compare_digest(token.encode(), self._agreed)

    def lost(self, told: Told) -> tuple[str, ...]:
        """Raises Forged."""
        signature = f"sha256={hmac.new(self._key, told.body, sha256).hexdigest()}"
        if not hmac.compare_digest(signature.encode(), told.headers.get(SIGNATURE, "").encode()):
            raise Forged
        try:
            notice = _Notice.model_validate_json(told.body)
        except ValidationError:
            return ()  # signed, so not forged: of a kind that was not there when this was written
        return tuple(
            status.biz_opaque_callback_data
            for entry in notice.entry
            for change in entry.changes
            if change.value.metadata.phone_number_id == self._sender_id
            for status in map(_read, change.value.statuses)
            if status is not None and status.status == LOST and status.biz_opaque_callback_data
        )


def _read(said: object) -> _Status | None:
    try:
        return _Status.model_validate(said)
    except ValidationError:
        return None
