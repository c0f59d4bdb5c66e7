"""Cursor pages: stable while others write, and as quick on the last page as on the first."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from motor.core import AgnosticClientSession, AgnosticCollection

from chassis.store.documents import Direction

PAGE_LIMIT = 200


@dataclass(frozen=True)
class Order:
    """Sort by one field, ties by id."""

    field: str
    direction: Direction = 1


class BadCursor(ValueError):
    """A cursor that this server did not make."""


@dataclass(frozen=True)
class PageOfRows:
    """One page as it is stored; `next_cursor` asks for the following one, None at the end."""

    rows: tuple[Mapping[str, Any], ...]
    next_cursor: str | None


async def page_of_rows(
    raw: "AgnosticCollection[Any]",
    wanted: Mapping[str, Any],
    order: Order,
    *,
    cursor: str | None = None,
    limit: int = 50,
    without: Sequence[str] = (),
    session: "AgnosticClientSession | None" = None,
) -> PageOfRows:
    """The rows that `wanted` finds, in `order`, without some of their fields.

    Raises BadCursor for a cursor that was not made here.
    """
    limit = max(1, min(limit, PAGE_LIMIT))
    filter_ = dict(wanted)
    if cursor is not None:
        value, key = _decode_cursor(cursor)
        beyond = "$gt" if order.direction == 1 else "$lt"
        after = {"$or": [{order.field: {beyond: value}}, {order.field: value, "_id": {beyond: key}}]}
        filter_ = {**filter_, "$and": [*filter_.get("$and", []), after]}
    found = (
        raw.find(filter_, dict.fromkeys(without, 0) or None, session=session)
        .sort([(order.field, order.direction), ("_id", order.direction)])
        .limit(limit + 1)
    )
    stored = [row async for row in found]
    last = stored[limit - 1] if len(stored) > limit else None
    following = None if last is None else _encode_cursor(_dotted(last, order.field), str(last["_id"]))
    return PageOfRows(tuple(stored[:limit]), following)


def _encode_cursor(value: object, key: str) -> str:
    text = {"t": value.isoformat()} if isinstance(value, datetime) else {"v": value}
    return base64.urlsafe_b64encode(json.dumps([text, key]).encode()).decode().rstrip("=")


def _decode_cursor(cursor: str) -> tuple[Any, str]:
    try:
        packed, key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        value = datetime.fromisoformat(packed["t"]) if "t" in packed else packed["v"]
        if not isinstance(key, str) or isinstance(value, dict | list):
            raise BadCursor
        key.encode()
        if isinstance(value, int) and value.bit_length() > 63:
            raise BadCursor
    except (ValueError, KeyError, TypeError, RecursionError) as broken:
        raise BadCursor("This page address is not one of ours. Start again from the first page.") from broken
    return value, key


def _dotted(stored: Any, field: str) -> Any:
    for part in field.split("."):
        stored = stored[part]
    return stored
