"""What notification does on hearing a fact: it remembers how far the case is, and plans the message about it."""

from datetime import datetime, timedelta
from typing import Any

from chassis.bus import Handlers, Reaction
from chassis.outbox.outgoing import Outgoing
from chassis.store import Work
from contracts import Event
from contracts.events import (
    CaseClosed,
    CaseDecided,
    CaseEscalated,
    CaseReopened,
    CaseResolved,
    ComplaintAmended,
    ComplaintAnswered,
    ComplaintCreated,
    ComplaintWithdrawn,
    ReferralAnswered,
    ReferralExpired,
    ReferralIssued,
)
from contracts.vocabulary import DeliveryFailure
from services.notification.domain.case import DistrictSide, VillageSide
from services.notification.domain.delivery import Delivery, delivery_id, failure_of, stale
from services.notification.domain.telling import message_about
from services.notification.store import CASES, StoredCase

SEND_MESSAGE = "send-message"


def build_handlers(settle: timedelta) -> Handlers[StoredCase]:
    """Handlers that plan each message `settle` after its fact was heard."""
    handlers = Handlers(CASES)

    @handlers.on(ComplaintCreated, ComplaintAmended, ComplaintAnswered, ComplaintWithdrawn, CaseReopened, CaseClosed)
    def hear_village(stored: StoredCase | None, event: Event[Any], now: datetime) -> Reaction[StoredCase]:
        case = stored or StoredCase(id=event.correlationid, area=event.area)
        if _newest(case, event):
            case = case.model_copy(update={"village": VillageSide.of(event.data.complaint)})
        return _tell(case, event, event.data.complaint.round, now, settle)

    @handlers.on(CaseDecided, CaseEscalated, ReferralIssued, ReferralAnswered, ReferralExpired, CaseResolved)
    def hear_district(stored: StoredCase | None, event: Event[Any], now: datetime) -> Reaction[StoredCase]:
        case = stored or StoredCase(id=event.correlationid, area=event.area)
        if _newest(case, event):
            case = case.model_copy(update={"district": DistrictSide.of(event.data.handling)})
        return _tell(case, event, event.data.handling.round, now, settle)

    return handlers


def _newest(case: StoredCase, event: Event[Any]) -> bool:
    return event.sequence > case.heard.latest(event.source, event.subject)


def _tell(
    case: StoredCase, event: Event[Any], case_round: int, now: datetime, settle: timedelta
) -> Reaction[StoredCase]:
    """The case with a message planned, if the fact is one for the citizen; of a stale one the failure to tell it."""
    message = message_about(event.data)
    key = delivery_id(event.id)
    if message is None or case.delivery(key) is not None:
        return Reaction(case)
    planned = Delivery(
        id=key,
        about=event.id,
        about_type=event.type,
        message=message,
        round=case_round,
        happened_at=event.time,
        sequence=event.sequence,
        planned_at=now,
    )
    if stale(event.time, now):
        untold = planned.too_old(now)
        failure = failure_of(untold, DeliveryFailure.GAVE_UP, now)
        return Reaction(case.with_delivery(untold), events=(Outgoing(failure, subject=untold.id),))
    send = Work(kind=SEND_MESSAGE, key=key, area=case.area, due_at=now + settle, subject=case.id)
    return Reaction(case.with_delivery(planned), work=(send,))
