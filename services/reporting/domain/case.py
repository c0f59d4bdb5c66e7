"""One case as reporting has heard it, from any source, in any order."""

from typing import Any, Self

from pydantic import BaseModel, ConfigDict

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
from services.reporting.domain.figures import Contribution, Messages, contribution
from services.reporting.domain.timeline import Entry, entry_of, placed
from services.reporting.domain.view import CaseView, view


class Closing(BaseModel):
    """How one round was closed."""

    model_config = ConfigDict(frozen=True)

    round: int
    by: ClosedBy


class ReportedCase(BaseModel):
    """The latest state of each side (by its own sequence), what no state repeats, and every event in its place.

    Pseudonymous: a family's key and bands, codes, times. Never a name, a NIK, an address or a free text.
    """

    model_config = ConfigDict(frozen=True)

    complaint: ComplaintState | None = None
    complaint_sequence: int = 0
    handling: HandlingState | None = None
    handling_sequence: int = 0
    closings: tuple[Closing, ...] = ()
    delivered: int = 0
    failed: int = 0
    timeline: tuple[Entry, ...] = ()

    def hearing(self, event: Event[Any]) -> Self:
        """The case after one more event. An older one fills the timeline and never moves a state back."""
        data = event.data
        change: dict[str, Any] = {"timeline": placed(self.timeline, entry_of(event))}
        complaint, handling = getattr(data, "complaint", None), getattr(data, "handling", None)
        if isinstance(complaint, ComplaintState) and event.sequence > self.complaint_sequence:
            change |= {"complaint": complaint, "complaint_sequence": event.sequence}
        if isinstance(handling, HandlingState) and event.sequence > self.handling_sequence:
            change |= {"handling": handling, "handling_sequence": event.sequence}
        if isinstance(data, CaseClosed):
            change["closings"] = _closed(self.closings, Closing(round=data.round, by=data.by))
        if isinstance(data, CaseRated) and data.closed_by is not None:
            change["closings"] = _closed(self.closings, Closing(round=data.round, by=data.closed_by))
        if isinstance(data, NotificationDelivered):
            change["delivered"] = self.delivered + 1
        if isinstance(data, NotificationFailed):
            change["failed"] = self.failed + 1
        return self.model_copy(update=change)

    def seen_from(self, area: str) -> CaseView:
        """What is known of it, in the calendar of the area it lies in."""
        return view(self.complaint, self.handling, area, {closing.round: closing.by for closing in self.closings})

    def adds(self, area: str) -> Contribution:
        """What it adds to the figures."""
        return contribution(self.seen_from(area), Messages(self.delivered, self.failed))


def _closed(closings: tuple[Closing, ...], heard: Closing) -> tuple[Closing, ...]:
    """With one more closing. What the citizen said outweighs silence, in whichever order the two are heard."""
    by_round = {closing.round: closing for closing in closings}
    known = by_round.get(heard.round)
    if known is None or known.by is not ClosedBy.CONFIRMATION:
        by_round[heard.round] = heard
    return tuple(by_round[number] for number in sorted(by_round))
