"""The queues of the district office: which cases wait for whom, how many, and what of them is asked for."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chassis.area import Scope
from chassis.identity import Actor, Role
from chassis.store import Condition, Order, Page, Reader, Store, before, differs, equals, one_of
from contracts.vocabulary import ComplaintKind, ComplaintStatus, HandlingStatus, Sector
from services.referral.queries import READERS, visible_statuses
from services.referral.store import HANDLINGS, StoredHandling


class Queue(StrEnum):
    """A case in hand is in exactly one of the first six."""

    NEW = "new"
    """Nobody of the district has drafted anything yet."""
    REOPENED = "reopened"
    """Not solved after all: a later round, and nothing drafted in it yet."""
    RETURNED = "returned"
    """Its recommendation was sent back: to be drafted again."""
    REVIEW = "review"
    DECISION = "decision"
    AGENCIES = "agencies"
    """Decided; agencies have it."""
    ENDED = "ended"


TO_DRAFT = (HandlingStatus.OPENED, HandlingStatus.ASSESSED)
ENDINGS = (HandlingStatus.RESOLVED, HandlingStatus.ENDED_IN_VILLAGE, HandlingStatus.WITHDRAWN)
IN_HAND = tuple(status for status in HandlingStatus if status not in ENDINGS)
OF_QUEUE: Mapping[Queue, tuple[Condition, ...]] = {
    Queue.NEW: (
        one_of("handling.status", TO_DRAFT),
        equals("handling.recommendation", None),
        equals("handling.round", 0),
    ),
    Queue.REOPENED: (
        one_of("handling.status", TO_DRAFT),
        equals("handling.recommendation", None),
        differs("handling.round", 0),
    ),
    Queue.RETURNED: (one_of("handling.status", TO_DRAFT), differs("handling.recommendation", None)),
    Queue.REVIEW: (equals("handling.status", HandlingStatus.RECOMMENDED),),
    Queue.DECISION: (equals("handling.status", HandlingStatus.REVIEWED),),
    Queue.AGENCIES: (equals("handling.status", HandlingStatus.DECIDED),),
    Queue.ENDED: (one_of("handling.status", ENDINGS),),
}
OWN = {
    Role.BACK_OFFICE: (Queue.RETURNED, Queue.REOPENED, Queue.NEW),
    Role.SUPERVISOR: (Queue.REVIEW,),
    Role.MANAGER: (Queue.DECISION,),
}
"""What waits for a role."""
COUNTED = tuple(queue for queue in Queue if queue is not Queue.ENDED)
"""Not the ended: they grow for decades, and wait for nobody."""


def own_queues(actor: Actor) -> tuple[Queue, ...]:
    """The queues that wait for this actor; none for somebody who only reads."""
    return tuple(queue for role, queues in OWN.items() if actor.has(role) for queue in queues)


def queues_seen_by(actor: Actor) -> tuple[Queue, ...]:
    """The actor's own queues first, then those they may read. A supervisor sees what is passed on, and only that."""
    own = own_queues(actor)
    readable = tuple(Queue) if actor.has(*READERS) else ()
    return (*own, *(queue for queue in readable if queue not in own))


@dataclass(frozen=True)
class QueueFilters:
    """What of a queue is asked for; None: all. `village` is an area code."""

    village: str | None = None
    kind: ComplaintKind | None = None
    sector: Sector | None = None
    overdue_at: datetime | None = None
    """Only what was due before this moment, and is not waiting for the citizen."""

    def scope(self, scope: Scope) -> Scope:
        """Where to look. A village outside the actor's scope narrows nothing: it stays unseen by `conditions`."""
        return Scope(self.village) if self.village is not None and scope.covers(self.village) else scope

    def conditions(self) -> tuple[Condition, ...]:
        conditions: list[Condition] = []
        if self.village is not None:
            conditions.append(equals("area", self.village))
        if self.kind is not None:
            conditions.append(equals("handling.complaint.kind", self.kind))
        if self.sector is not None:
            conditions.append(equals("handling.complaint.sector", self.sector))
        if self.overdue_at is not None:
            conditions += overdue(self.overdue_at)
        return tuple(conditions)


def overdue(now: datetime) -> tuple[Condition, ...]:
    """Due before now. While the citizen is waited for, the clock stands and the case is nobody's delay."""
    waiting = ComplaintStatus.WAITING_FOR_CITIZEN
    return (before("due_at", now), differs("handling.complaint.status", waiting))


async def queue_page(
    store: Store, scope: Scope, queue: Queue, filters: QueueFilters, *, cursor: str | None, limit: int
) -> Page[StoredHandling]:
    """The cases of a queue by urgency: the one due first (or overdue longest) first; of the ended the latest first.

    Raises BadCursor.
    """
    reader = store.reading(filters.scope(scope), HANDLINGS)
    order = Order("due_at", -1 if queue is Queue.ENDED else 1)
    conditions = (*OF_QUEUE[queue], *filters.conditions())
    return await reader.page(*conditions, order=order, cursor=cursor, limit=limit)


async def queue_counts(
    store: Store, scope: Scope, queues: tuple[Queue, ...], filters: QueueFilters
) -> Mapping[Queue, int]:
    """How many cases each of these queues holds."""
    reader = store.reading(filters.scope(scope), HANDLINGS)
    counted = [queue for queue in queues if queue in COUNTED]
    counts = await asyncio.gather(*(reader.count(*OF_QUEUE[queue], *filters.conditions()) for queue in counted))
    return dict(zip(counted, counts, strict=True))


async def villages_in_hand(reader: Reader[StoredHandling], actor: Actor) -> Mapping[str, int]:
    """The villages with cases in hand that this actor sees, with how many."""
    return await reader.tally("area", in_hand(actor))


def in_hand(actor: Actor) -> Condition:
    """Of the cases that have not ended, those that this actor sees."""
    visible = visible_statuses(actor)
    return one_of("handling.status", [status for status in IN_HAND if status in visible])
