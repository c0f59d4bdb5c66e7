"""Events on their way out: what a deed or a handler wants told, and how it becomes an envelope."""

from dataclasses import dataclass

import uuid_utils

from contracts import EventData


def new_id() -> str:
    """A UUIDv7 (RFC 9562): sortable by the time it was made."""
    return str(uuid_utils.uuid7())


@dataclass(frozen=True)
class Outgoing:
    """One fact to tell. `subject` defaults to the document's id, `case` too; `agency` names a partner's feed."""

    data: EventData
    subject: str | None = None
    case: str | None = None
    agency: str | None = None
