"""One case folded afresh from its events, slowly and obviously: what every read model must come to."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from audit.lines import packed, unpacked
from contracts import Event
from contracts.events import (
    CaseClosed,
    CaseRated,
    ComplaintState,
    HandlingState,
    NotificationDelivered,
    NotificationFailed,
)
from contracts.vocabulary import ClosedBy


class VillageWord(NamedTuple):
    """What one fact of the village says of time."""

    at: datetime
    round: int
    waiting_since: datetime | None


@dataclass(slots=True)
class RebuiltCase:
    """The newest state of each side by its owner's own count, and what no state repeats."""

    complaint_sequence: int = 0
    handling_sequence: int = 0
    closings: dict[int, ClosedBy] = field(default_factory=dict)
    """Round -> how it was closed. What the citizen said outweighs silence."""
    delivered: int = 0
    failed: int = 0
    village: dict[int, VillageWord] = field(default_factory=dict)
    """By the village's own sequence."""
    _complaint: bytes | None = None
    _handling: bytes | None = None

    @property
    def complaint(self) -> ComplaintState | None:
        return None if self._complaint is None else unpacked(ComplaintState, self._complaint)

    @property
    def handling(self) -> HandlingState | None:
        return None if self._handling is None else unpacked(HandlingState, self._handling)

    def take(self, event: Event[Any]) -> None:
        """One more event; each is given once, in any order."""
        data = event.data
        complaint, handling = getattr(data, "complaint", None), getattr(data, "handling", None)
        if isinstance(complaint, ComplaintState):
            self.village[event.sequence] = VillageWord(event.time, complaint.round, complaint.waiting_since)
        if isinstance(complaint, ComplaintState) and event.sequence > self.complaint_sequence:
            self._complaint, self.complaint_sequence = packed(complaint), event.sequence
        if isinstance(handling, HandlingState) and event.sequence > self.handling_sequence:
            self._handling, self.handling_sequence = packed(handling), event.sequence
        closed_by = data.by if isinstance(data, CaseClosed) else None
        if isinstance(data, CaseRated):
            closed_by = data.closed_by
        if closed_by is not None and self.closings.get(data.round) is not ClosedBy.CONFIRMATION:
            self.closings[data.round] = closed_by
        self.delivered += isinstance(data, NotificationDelivered)
        self.failed += isinstance(data, NotificationFailed)

    @property
    def village_in_order(self) -> list[VillageWord]:
        return [word for _, word in sorted(self.village.items())]
