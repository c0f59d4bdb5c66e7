"""What every way to a citizen can do."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from contracts.vocabulary import MessageChannel
from services.notification.contacts import Contact
from services.notification.domain.message import Message


@dataclass(frozen=True)
class Parcel:
    """One message to one citizen, ready to be put into words. Never stored or logged: it names a person.

    `delivery_id` is the same at every repetition, so that a provider that knows idempotency sends it once.
    """

    message: Message
    to: Contact
    delivery_id: str
    case_id: str
    area: str
    now: datetime


class Channel(Protocol):
    """One provider. `kind` is how the citizen calls it."""

    @property
    def kind(self) -> MessageChannel: ...

    def reaches(self, contact: Contact) -> bool:
        """Whether the contact has an address for it."""
        ...

    async def send(self, parcel: Parcel) -> None:
        """Hand the message to the provider. Raises NotNow, Refused; neither says to whom it was."""
        ...

    async def close(self) -> None: ...
