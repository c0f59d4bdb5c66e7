"""Changing a case: the deed, then the case as it is after it."""

from collections.abc import Awaitable, Callable

from fastapi import Response

from chassis.http.access import scope_of
from chassis.http.editing import tag
from chassis.identity import Actor
from chassis.store import Store, UnitOfWork
from services.intake.api.views import ComplaintView, view_of
from services.intake.queries import with_people
from services.intake.store import StoredComplaint


async def changed_case(
    store: Store, actor: Actor, deed: Callable[[UnitOfWork], Awaitable[StoredComplaint]], response: Response
) -> ComplaintView:
    """Do the deed and show the case after it, with its new ETag."""
    stored = await store.transact(scope_of(actor), deed)
    tag(response, stored)
    return view_of(await with_people(store, scope_of(actor), stored))
