"""Conditions of a query, without the database's query language leaving this package."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from chassis.area import Scope
from chassis.store.documents import WITHIN, to_stored

Value = str | int | bool | datetime | None


@dataclass(frozen=True)
class Condition:
    """One field compared with a value; all conditions of a query must hold."""

    field: str
    operator: Literal["$eq", "$ne", "$in", "$lt", "$lte", "$gt", "$gte"]
    value: Value | tuple[Value, ...]


def equals(field: str, value: Value) -> Condition:
    return Condition(field, "$eq", value)


def differs(field: str, value: Value) -> Condition:
    return Condition(field, "$ne", value)


def one_of(field: str, values: Sequence[Value]) -> Condition:
    return Condition(field, "$in", tuple(values))


def before(field: str, moment: datetime) -> Condition:
    return Condition(field, "$lt", moment)


def scope_filter(scope: Scope) -> dict[str, Any]:
    """The area and everything below it.

    An equality on the stored chain of areas, so that one index both scopes and sorts.
    """
    return {WITHIN: scope.area}


def query_filter(scope: Scope, conditions: Sequence[Condition]) -> dict[str, Any]:
    """Scope and conditions as the database's filter; several conditions on one field all count."""
    terms = [{c.field: {c.operator: to_stored(c.value)}} for c in conditions]
    scoped = scope_filter(scope)
    if not terms:
        return scoped
    return {**scoped, "$and": terms}
