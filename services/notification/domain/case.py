"""What notification knows of a case: how far it is, by both sides' latest word, and its messages.

Less than the events carry, on purpose: no family, no need, nothing that is not needed to decide what to tell.
"""

from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from contracts.events import ComplaintState, HandlingState
from contracts.fields import UtcTime
from contracts.vocabulary import ComplaintStatus, HandlingStatus
from services.notification.domain.delivery import Delivery, DeliveryStatus, SkipReason
from services.notification.domain.message import OfDistrict

ENDED_BY_CITIZEN = frozenset({ComplaintStatus.ANSWERED, ComplaintStatus.WITHDRAWN, ComplaintStatus.CLOSED})


class VillageSide(BaseModel):
    """The latest heard from intake."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    status: ComplaintStatus
    round: int = Field(ge=0)
    fast_track: bool = False
    ended_at: UtcTime | None = None

    @classmethod
    def of(cls, state: ComplaintState) -> Self:
        return cls(status=state.status, round=state.round, fast_track=state.fast_track, ended_at=state.ended_at)


class DistrictSide(BaseModel):
    """The latest heard from referral."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    status: HandlingStatus
    round: int = Field(ge=0)

    @classmethod
    def of(cls, state: HandlingState) -> Self:
        return cls(status=state.status, round=state.round)


def reason_to_skip(
    delivery: Delivery, others: tuple[Delivery, ...], village: VillageSide | None, district: DistrictSide | None
) -> SkipReason | None:
    """Why a planned message should no longer be sent; None: send it.

    A fact heard late is still told, because a citizen told twice is better off than one told nothing, unless

    - the case was reopened since: what ended an earlier round would read as an answer to the new one;
    - the citizen was already told how the round ended, by a fact that happened later;
    - the citizen had ended the case when it happened, and the district did not know yet.

    Compared are the times of the facts, never the order of hearing, so that an outage changes no message.
    """
    current = max((side.round for side in (village, district) if side is not None), default=0)
    if delivery.round < current:
        return SkipReason.ROUND_SUPERSEDED
    if any(
        other.message.ends
        and other.status is DeliveryStatus.DELIVERED
        and other.lost_at is None
        and other.round == delivery.round
        and other.happened_at > delivery.happened_at
        for other in others
    ):
        return SkipReason.END_ALREADY_TOLD
    if (
        isinstance(delivery.message, OfDistrict)
        and village is not None
        and village.status in ENDED_BY_CITIZEN
        and village.ended_at is not None
        and village.round == delivery.round
        and delivery.happened_at > village.ended_at
    ):
        return SkipReason.CASE_ENDED
    return None


def waits_for(delivery: Delivery, others: tuple[Delivery, ...]) -> Delivery | None:
    """The earliest message of the case that has to go first: a citizen reads the story in its order."""
    return min((o for o in others if o.planned and o.place < delivery.place), key=lambda o: o.place, default=None)
