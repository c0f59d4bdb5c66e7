"""What the district stores: a handling a case, and a copy of every referral for the agencies' lists."""

from datetime import datetime
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict

from chassis.store import Collection, Document, Index
from contracts.events import FamilyProfile
from contracts.vocabulary import ReferralStatus
from services.referral.domain.clocks import Clock
from services.referral.domain.handling import Handling
from services.referral.domain.referral import Referral


class DeedKind(StrEnum):
    """What a person, an agency or time did to a handling."""

    RECOMMENDED = "recommended"
    REVIEW_APPROVED = "review_approved"
    REVIEW_RETURNED = "review_returned"
    DECISION_APPROVED = "decision_approved"
    DECISION_RETURNED = "decision_returned"
    REFERRAL_ACCEPTED = "referral_accepted"
    REFERRAL_REJECTED = "referral_rejected"
    REFERRAL_COMPLETED = "referral_completed"
    REFERRAL_EXPIRED = "referral_expired"
    CLOCK_BREACHED = "clock_breached"


class Deed(BaseModel):
    """One line of a handling's history. Kept for auditors, never published."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    at: datetime
    what: DeedKind
    by: str
    """An actor's id (the issuer's subject, never a name), an agency's source, or "time"."""
    about: str | None = None
    """The referral or clock concerned."""
    code: str | None = None
    """A reason or an outcome."""


class StoredHandling(Document):
    """The handling of one case; the document's id is the case's."""

    handling: Handling
    history: tuple[Deed, ...] = ()
    due_at: datetime
    """What the queue is ordered by: see `queue_clock`."""

    @classmethod
    def opened(cls, handling: Handling) -> Self:
        return cls(
            id=handling.case_id,
            area=handling.area,
            handling=handling,
            due_at=queue_clock(handling).due_at,
        )

    def moved(self, handling: Handling, *deeds: Deed) -> Self:
        """The document after a move: what is stored for queries follows from the handling."""
        return self.model_copy(
            update={
                "handling": handling,
                "history": (*self.history, *deeds),
                "due_at": queue_clock(handling).due_at,
            }
        )


def queue_clock(handling: Handling) -> Clock:
    """The clock by which a case is urgent: of those that run, the one due first; of a case in which none runs any
    more, the last one due.
    """
    clocks = handling.clocks_of_round
    running = [clock for clock in clocks if clock.stopped_at is None]
    if running:
        return min(running, key=lambda clock: clock.due_at)
    return max(clocks, key=lambda clock: clock.due_at)


class StoredReferral(Document):
    """A copy of one referral; the document's id is the referral's. The handling holds the original."""

    case_id: str
    case_number: str
    agency: str
    status: ReferralStatus
    issued_at: datetime
    open: bool
    """Whether an answer would still count: the referral is open and the case has not ended."""
    referral: Referral
    family: FamilyProfile | None


HANDLINGS = Collection(
    "handlings",
    StoredHandling,
    (
        Index.on("within", "handling.status", "due_at"),
        Index.on("within", "handling.tier", "due_at"),
        Index.on("within", "due_at"),
    ),
)
REFERRALS = Collection(
    "referrals",
    StoredReferral,
    (
        Index.on("within", "agency", "status", "issued_at"),
        Index.on("within", "agency", "open", "status", "referral.due_at"),
        Index.on("within", "agency", "open", "-issued_at"),
        Index.on("within", "agency", "issued_at"),
        Index.on("within", "status", "issued_at"),
        Index.on("within", "status", "referral.due_at"),
        Index.on("within", "issued_at"),
    ),
)
COLLECTIONS = (HANDLINGS, REFERRALS)
