"""Two generations of one collection, row beside row."""

from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from chassis.store.batch import KEYS_A_FIND
from chassis.store.client import Store
from chassis.store.generation import Generation

ROWS_A_FIND = 500

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Pair:
    """What both generations hold under one id, as it is stored."""

    key: str
    left: Row | None
    right: Row | None


async def side_by_side(store: Store, collection: str, left: Generation, right: Generation) -> AsyncIterator[Pair]:
    """Every row of either generation, in the order of their ids."""
    after = ""
    while True:
        lefts = await _rows_after(store, left.name(collection), after)
        rights = await _rows_after(store, right.name(collection), after)
        full = [max(rows) for rows in (lefts, rights) if len(rows) == ROWS_A_FIND]
        upto = min(full, default=None)
        for key in sorted({*lefts, *rights}):
            if upto is None or key <= upto:
                yield Pair(key, lefts.get(key), rights.get(key))
        if upto is None:
            return
        after = upto


async def pairs_of(
    store: Store, collection: str, left: Generation, right: Generation, keys: Iterable[str]
) -> AsyncIterator[Pair]:
    """The rows under these ids."""
    wanted = sorted(keys)
    for start in range(0, len(wanted), KEYS_A_FIND):
        chunk = wanted[start : start + KEYS_A_FIND]
        lefts = await _rows(store, left.name(collection), {"_id": {"$in": chunk}})
        rights = await _rows(store, right.name(collection), {"_id": {"$in": chunk}})
        for key in chunk:
            yield Pair(key, lefts.get(key), rights.get(key))


async def _rows_after(store: Store, name: str, after: str) -> dict[str, Row]:
    return await _rows(store, name, {"_id": {"$gt": after}})


async def _rows(store: Store, name: str, chosen: Mapping[str, Any]) -> dict[str, Row]:
    found = store.database[name].find(chosen).sort("_id", 1).limit(ROWS_A_FIND)
    return {str(row["_id"]): row async for row in found}
