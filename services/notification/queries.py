"""Reading what became of messages, within the reader's area."""

from dataclasses import dataclass

from chassis.area import Scope
from chassis.store import BadCursor, NotFound, Order, Store, equals
from contracts.vocabulary import MessageChannel
from services.notification.domain.delivery import Delivery, DeliveryStatus
from services.notification.store import CASES, StoredCase


@dataclass(frozen=True)
class DeliveryOfCase:
    """A delivery and the case it belongs to."""

    case: StoredCase
    delivery: Delivery


@dataclass(frozen=True)
class DeliveryPage:
    items: tuple[DeliveryOfCase, ...]
    next_cursor: str | None


async def delivery(store: Store, scope: Scope, key: str) -> DeliveryOfCase:
    """Raises NotFound, also for a delivery outside the scope."""
    case = await store.reading(scope, CASES).first(equals("deliveries.id", key))
    found = case.delivery(key) if case is not None else None
    if case is None or found is None:
        raise NotFound("deliveries", key)
    return DeliveryOfCase(case, found)


async def deliveries_of_case(store: Store, scope: Scope, case_id: str, cursor: str | None, limit: int) -> DeliveryPage:
    """A case's messages in the order in which things happened. The cursor is the last delivery shown.

    Raises NotFound, BadCursor.
    """
    case = await store.reading(scope, CASES).get(case_id)
    start = 0
    if cursor is not None:
        shown = case.delivery(cursor)
        if shown is None:
            raise BadCursor("This page address is not one of ours. Start again from the first page.")
        start = case.deliveries.index(shown) + 1
    page = case.deliveries[start : start + limit]
    more = start + limit < len(case.deliveries)
    return DeliveryPage(tuple(DeliveryOfCase(case, item) for item in page), page[-1].id if more else None)


CASES_ON_A_PAGE = 20


@dataclass(frozen=True)
class Wanted:
    """Which messages a reader of the log wants to see; None: all."""

    case_id: str | None = None
    channel: MessageChannel | None = None
    state: DeliveryStatus | None = None

    def wants(self, delivery: Delivery) -> bool:
        return self.state in (None, delivery.status) and self.channel in (None, delivery.channel)


@dataclass(frozen=True)
class CaseLog:
    """A case and those of its messages that are wanted, the latest first."""

    case: StoredCase
    deliveries: tuple[Delivery, ...]


@dataclass(frozen=True)
class LogPage:
    items: tuple[CaseLog, ...]
    next_cursor: str | None


async def log_of_messages(store: Store, scope: Scope, wanted: Wanted, cursor: str | None) -> LogPage:
    """Cases by their latest message, the latest first, at most CASES_ON_A_PAGE. Raises BadCursor."""
    conditions = [
        equals(field, value)
        for field, value in (
            ("_id", wanted.case_id),
            ("deliveries.channel", wanted.channel),
            ("deliveries.status", wanted.state),
        )
        if value is not None
    ]
    page = await store.reading(scope, CASES).page(
        *conditions, order=Order("latest_at", -1), cursor=cursor, limit=CASES_ON_A_PAGE
    )
    logs = (CaseLog(case, tuple(d for d in reversed(case.deliveries) if wanted.wants(d))) for case in page.items)
    # A case may have one message of the channel and another of the state, and none of both.
    return LogPage(tuple(log for log in logs if log.deliveries), page.next_cursor)
