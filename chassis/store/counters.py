"""Sums over counter documents: what `Increment`s have counted, within one scope, grouped by what identifies them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chassis.area import Scope
from chassis.store.client import Store
from chassis.store.conditions import Condition, query_filter
from chassis.store.documents import Collection, D


@dataclass(frozen=True)
class Sum:
    """The counters that agree in `group` (values in the order asked for), added up."""

    group: tuple[str, ...]
    counts: Mapping[str, int]


async def sums(
    store: Store,
    scope: Scope,
    collection: Collection[D],
    *conditions: Condition,
    by: Sequence[str],
    counts: Sequence[str],
) -> tuple[Sum, ...]:
    """Add up `counts` over the scope's counters, one sum for each combination of the fields in `by`, in their order.

    The database does it; a counter that never counted something counts 0 of it.
    """
    grouping = {
        "_id": {f"g{place}": f"${field}" for place, field in enumerate(by)},
        **{f"c{place}": {"$sum": f"${count}"} for place, count in enumerate(counts)},
    }
    pipeline = [{"$match": query_filter(scope, conditions)}, {"$group": grouping}]
    found = [
        Sum(
            tuple(str(row["_id"][f"g{place}"]) for place in range(len(by))),
            {count: int(row[f"c{place}"]) for place, count in enumerate(counts)},
        )
        async for row in store.database[collection.name].aggregate(pipeline)
    ]
    return tuple(sorted(found, key=lambda item: item.group))
