"""What differs between a case or a counter of the live generation and the same one rebuilt."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from chassis.store.side_by_side import Pair, Row

_COUNTED_BY_WRITING = frozenset({"revision", "edition", "heard"})
"""How often a document was written depends on the batches; what was heard is compared by itself."""


class Kind(StrEnum):
    """What may be wrong, in words for a person."""

    MISSING = "cases that are not in the live generation"
    SURPLUS = "cases that no topic tells of"
    HEARD = "cases of which the two have heard different events"
    CONTENT = "cases that show something else, having heard the same"
    FIGURES = "figures that count something else"
    DEAD = "events that died only in the rebuild"


@dataclass(frozen=True)
class Difference:
    """One case, counter or event, by its id; `says` what differs, in codes and numbers."""

    kind: Kind
    key: str
    says: str = ""


def of_case(pair: Pair) -> Difference | None:
    """Left is live, right is rebuilt."""
    if pair.left is None:
        return Difference(Kind.MISSING, pair.key)
    if pair.right is None:
        return Difference(Kind.SURPLUS, pair.key)
    live, rebuilt = _heard(pair.left), _heard(pair.right)
    if live != rebuilt:
        return Difference(
            Kind.HEARD, pair.key, f"the live one lacks {len(rebuilt - live)}, the rebuilt one {len(live - rebuilt)}"
        )
    fields = sorted(set(_differing(pair.left, pair.right)))
    return Difference(Kind.CONTENT, pair.key, ", ".join(fields)) if fields else None


def of_counter(pair: Pair) -> Difference | None:
    """A counter that has come to nothing is as good as none."""
    live, rebuilt = _counts(pair.left), _counts(pair.right)
    moved = [
        f"{name} {live.get(name, 0)} -> {rebuilt.get(name, 0)}"
        for name in sorted({*live, *rebuilt})
        if live.get(name, 0) != rebuilt.get(name, 0)
    ]
    if not moved and live and rebuilt and _identity(pair.left) != _identity(pair.right):
        moved = ["what it is a counter of"]
    return Difference(Kind.FIGURES, pair.key, ", ".join(moved)) if moved else None


def _heard(row: Row) -> set[tuple[str, str, int]]:
    return {
        (entry["source"], entry["subject"], sequence)
        for entry in row.get("heard", {}).get("entries", ())
        for first, last in entry["ranges"]
        for sequence in range(first, last + 1)
    }


def _differing(live: Row, rebuilt: Row) -> Iterator[str]:
    for name in {*live, *rebuilt} - _COUNTED_BY_WRITING:
        one, other = live.get(name), rebuilt.get(name)
        if one == other:
            continue
        if name == "case" and isinstance(one, Mapping) and isinstance(other, Mapping):
            yield from (f"case.{field}" for field in {*one, *other} if one.get(field) != other.get(field))
        else:
            yield name


def _counts(row: Row | None) -> dict[str, int]:
    return {name: value for name, value in (row or {}).items() if isinstance(value, int) and value}


def _identity(row: Row | None) -> dict[str, Any]:
    return {name: value for name, value in (row or {}).items() if not isinstance(value, int)}
