"""What the databases hold, as far as a law speaks of it. Names, NIKs, contacts and stories are never read."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from contracts.events import (
    ComplaintState,
    HandlingState,
    NeedDecision,
    ProgrammeMatch,
    ProposalState,
    ReferralState,
    Resolution,
)
from contracts.vocabulary import ClosedBy, HandlingStatus


class Kept(BaseModel):
    """Something stored. What no law speaks of is passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class Keyed(Kept):
    """A row by its own id."""

    id: str = Field(alias="_id")


class HeardFrom(Kept):
    source: str
    subject: str
    ranges: tuple[tuple[int, int], ...]

    @property
    def sequences(self) -> list[int]:
        return [sequence for first, last in self.ranges for sequence in range(first, last + 1)]


class Heard(Kept):
    entries: tuple[HeardFrom, ...] = ()


class Published(Kept):
    subject: str
    count: int


class Document(Keyed):
    """Any document that tells or hears."""

    collection: str
    area: str
    heard: Heard = Heard()
    published: tuple[Published, ...] = ()

    @property
    def district(self) -> str:
        return ".".join(self.area.split(".")[:2])


class Letter(Keyed):
    """An event that a service set aside, or that a person then discarded."""

    reason: str


# --- intake -------------------------------------------------------------------------------------------------------


class Happening(Kept):
    at: datetime
    teller: str
    what: str
    about: str
    order: int
    actor: str | None = None


class Complaint(Keyed):
    area: str
    complaint: ComplaintState
    handling: HandlingState | None = None
    timeline: tuple[Happening, ...] = ()

    def deeds(self, *names: str) -> list[Happening]:
        """What the village did itself."""
        return [entry for entry in self.timeline if entry.teller == "village" and entry.what in names]


class LegalBasis(Kept):
    purpose: str
    noted_at: datetime
    withdrawn_at: datetime | None = None


class Person(Keyed):
    """Only on which bases their data is used: who they are is never read."""

    area: str
    bases: tuple[LegalBasis, ...] = ()


class ContactAccess(Kept):
    case_id: str
    purpose: str
    causing_event: str
    answer: str


class UsedKey(Kept):
    resource: str


# --- referral -----------------------------------------------------------------------------------------------------


class VillageFact(Kept):
    sequence: int
    type: str


class Wait(Kept):
    """A time in which the citizen was waited for; `until` None: it lasts."""

    since: datetime
    until: datetime | None = None


class Clock(Kept):
    name: str
    round: int
    started_at: datetime
    due_at: datetime
    pauses: tuple[Wait, ...] = ()
    breached_at: datetime | None = None
    stopped_at: datetime | None = None


class HandlingKept(Kept):
    status: HandlingStatus
    round: int
    tier: str
    complaint: ComplaintState
    village: tuple[VillageFact, ...]
    clocks: tuple[Clock, ...] = ()
    matches: tuple[ProgrammeMatch, ...] = ()
    decisions: tuple[NeedDecision, ...] = ()
    referrals: tuple[ReferralState, ...] = ()
    proposals: tuple[ProposalState, ...] = ()
    resolution: Resolution | None = None


class Deed(Kept):
    what: str
    by: str
    about: str | None = None


class Handling(Keyed):
    handling: HandlingKept
    history: tuple[Deed, ...] = ()


class ReferralCopy(Keyed):
    """A copy for the agencies' lists; the handling holds the original."""

    case_id: str
    status: str
    referral: ReferralState


# --- notification -------------------------------------------------------------------------------------------------


class Side(Kept):
    status: str
    round: int


class Said(Kept):
    template: str


class Attempt(Kept):
    """How far a message came on one channel."""

    channel: str
    state: str


class Delivery(Kept):
    id: str
    about: str
    about_type: str
    status: str
    message: Said
    round: int
    happened_at: datetime
    planned_at: datetime
    channel: str | None = None
    tries: tuple[Attempt, ...] = ()
    skipped: str | None = None
    lost_at: datetime | None = None


class ToldCase(Keyed):
    village: Side | None = None
    district: Side | None = None
    deliveries: tuple[Delivery, ...] = ()


# --- reporting ----------------------------------------------------------------------------------------------------


class Closing(Kept):
    round: int
    by: ClosedBy


class Entry(Kept):
    event: str


class ReportedState(Kept):
    complaint: ComplaintState | None
    complaint_sequence: int
    handling: HandlingState | None
    handling_sequence: int
    closings: tuple[Closing, ...]
    delivered: int
    failed: int
    timeline: tuple[Entry, ...]


class ReportedCase(Keyed):
    """`erased`: what reporting held of it was taken away on purpose; what it hears of it since is only noted."""

    area: str
    case: ReportedState
    erased: dict[str, Any] | None = None


def _only_numbers(row: Any) -> Any:
    """A counter's counts lie beside what identifies it; both words and counts may be added to."""
    return {name: value for name, value in row.items() if isinstance(value, int)}


class Figure(Kept):
    """A counter: what it is of, and its numbers. Those of cases name no programme, those of programmes no kind."""

    area: str
    day: str
    kind: str
    sector: str
    programme: str
    outcome: str
    counts: Annotated[dict[str, int], BeforeValidator(_only_numbers)]
