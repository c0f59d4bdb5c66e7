"""What providers report of a message after they took it. Only that it did not arrive changes anything: see Delivery."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from contracts.vocabulary import MessageChannel


class Forged(Exception):
    """The report is not signed by the provider, or was changed on its way."""


@dataclass(frozen=True)
class Told:
    """A report as it came in. Never stored or logged: it names a person."""

    address: str
    """To which it was sent, as the provider knows it."""
    headers: Mapping[str, str]
    body: bytes


class Reports(Protocol):
    """One provider's reports. A channel whose provider sends none has none."""

    @property
    def kind(self) -> MessageChannel: ...

    def lost(self, told: Told) -> tuple[str, ...]:
        """Ids of the deliveries that it says did not arrive. Raises Forged."""
        ...
