"""Reading what became of messages, within the reader's area."""

from dataclasses import dataclass

from chassis.area import Scope
from chassis.store import BadCursor, NotFound, Store, equals
from services.notification.domain.delivery import Delivery
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
