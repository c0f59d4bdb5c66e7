"""Idempotency-Key: a creating request repeated after a lost answer creates nothing twice.

Kept in the deed's own transaction: (actor, route, key) with the body's hash and the created resource, for 90 days.
"""

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import Depends, Header, Request

from chassis.area import Scope
from chassis.http.access import AnyActor
from chassis.http.problems import Problem
from chassis.identity import Actor
from chassis.outbox.outgoing import new_id
from chassis.store import AlreadyExists, Collection, Document, Index, Store, UnitOfWork

KEPT = timedelta(days=90)
FIELD = "idempotency_key"
"""The hidden field of a page's form."""


class UsedKey(Document):
    """One key that was used. `made_at` by the real clock: the database forgets by it."""

    body_hash: str
    resource: str
    made_at: datetime


USED_KEYS: Collection[UsedKey] = Collection("idempotency_keys", UsedKey, (Index.on("made_at", expire_after=KEPT),))


@dataclass(frozen=True)
class IdempotencyKey:
    """The key of one request, bound to who sent it, where to and with what body."""

    id: str
    body_hash: str


async def _key(
    request: Request,
    actor: AnyActor,
    idempotency_key: Annotated[
        str | None,
        Header(max_length=200, description="Any text unique to this wish; repeat it when you repeat the request"),
    ] = None,
) -> IdempotencyKey:
    if not idempotency_key:
        raise Problem(
            400,
            "idempotency-key-needed",
            "Send an Idempotency-Key, so that repeating the request creates nothing twice.",
        )
    return _bound(request, actor, idempotency_key, await request.body())


OnceKey = Annotated[IdempotencyKey, Depends(_key)]


def key_of_form(request: Request, actor: Actor, values: Mapping[str, Sequence[str]]) -> IdempotencyKey:
    """The key of a posted form: its field `idempotency_key`, bound to all else that was typed.

    A form without one, such as a page kept open over an upgrade, gets a key of its own.
    """
    key = next(iter(values.get(FIELD, ())), "") or new_id()
    typed = {name: list(texts) for name, texts in sorted(values.items()) if name != FIELD}
    return _bound(request, actor, key, json.dumps(typed).encode())


def _bound(request: Request, actor: Actor, key: str, body: bytes) -> IdempotencyKey:
    identity = "\n".join((actor.id, f"{request.method} {request.url.path}", key))
    return IdempotencyKey(hashlib.sha256(identity.encode()).hexdigest(), hashlib.sha256(body).hexdigest())


async def create_once(
    store: Store,
    scope: Scope,
    key: IdempotencyKey,
    area: str,
    deed: Callable[[UnitOfWork], Awaitable[str]],
) -> tuple[str, bool]:
    """Run a creating deed unless `key` was used; returns the resource's id and whether it was created now.

    `deed` returns the id of what it created. Raises Problem 422 when the key was used with another body.
    """

    async def once(unit: UnitOfWork) -> tuple[str, bool]:
        used = await unit.of(USED_KEYS).find(key.id)
        if used is not None:
            return _resource(used, key), False
        resource = await deed(unit)
        await unit.of(USED_KEYS).add(
            UsedKey(id=key.id, area=area, body_hash=key.body_hash, resource=resource, made_at=datetime.now(UTC))
        )
        return resource, True

    try:
        return await store.transact(scope, once)
    except AlreadyExists:
        # The same request arrived twice at once: whoever was second reads what the first created.
        used = await store.reading(scope, USED_KEYS).find(key.id)
        if used is None:
            raise
        return _resource(used, key), False


def _resource(used: UsedKey, key: IdempotencyKey) -> str:
    if used.body_hash != key.body_hash:
        raise Problem(
            422,
            "idempotency-key-reused",
            "This Idempotency-Key was used with another request. Use a new key for a new wish.",
        )
    return used.resource
