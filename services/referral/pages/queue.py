"""/district: the queues by urgency, with counts and filters."""

import re
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from chassis.area import AREA_PATTERN
from chassis.http.access import scope_of
from contracts.vocabulary import ComplaintKind, Sector
from services.referral.pages import PAGES
from services.referral.pages.office import Office, Reading
from services.referral.pages.words import word
from services.referral.queues import (
    Queue,
    QueueFilters,
    own_queues,
    queue_counts,
    queue_page,
    queues_seen_by,
    villages_in_hand,
)
from services.referral.store import HANDLINGS

ROWS = 25
KINDS = tuple(kind for kind in ComplaintKind if kind is not ComplaintKind.CONDUCT)
"""Conduct is the inspectorate's, and never here."""

Text = Annotated[str | None, Query(max_length=40)]


def queue_routes(office: Office) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/district")
    async def browse(
        *,
        request: Request,
        actor: Reading,
        queue: Text = None,
        village: Text = None,
        kind: Text = None,
        sector: Text = None,
        overdue: Text = None,
        cursor: str | None = None,
    ) -> Response:
        """An unknown filter counts as none: an old bookmark still shows the queue."""
        scope, now = scope_of(actor), office.clock.now()
        filters = QueueFilters(
            village=village if village and re.fullmatch(AREA_PATTERN, village) else None,
            kind=ComplaintKind(kind) if kind in set(KINDS) else None,
            sector=Sector(sector) if sector in set(Sector) else None,
            overdue_at=now if overdue else None,
        )
        seen = queues_seen_by(actor)
        counts = await queue_counts(office.store, scope, seen, filters)
        shown = Queue(queue) if queue in set(seen) else next((one for one in seen if counts.get(one)), seen[0])
        page = await queue_page(office.store, scope, shown, filters, cursor=cursor, limit=ROWS)
        villages = await villages_in_hand(office.store.reading(scope, HANDLINGS), actor)
        return PAGES.show(
            request,
            "district_queue.html",
            queue=shown,
            queues=seen,
            own=own_queues(actor),
            counts=counts,
            filters=filters,
            filtered=filters != QueueFilters(),
            villages=[(code, office.names.village(code)) for code in villages],
            kinds=KINDS,
            sectors=tuple(Sector),
            rows=[(stored, office.standing(stored)) for stored in page.items],
            names=office.names,
            word=word,
            next_cursor=page.next_cursor,
            cursor=cursor,
        )

    return router
