"""Does a change of a contract break anybody?

Two promises, judged by jsoncompat:

* *forward*: what a new writer writes is read by every released reader (the writer closed, the reader open).
* *backward*: what released writers wrote is read by a new reader. Facts are kept for ever and are replayed.

A change that keeps both is a new minor. A change that breaks one needs a new major on a new topic.
"""

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import jsoncompat

from contracts.wire_schema import Schema, contract_of, opened


class Verdict(StrEnum):
    UNCHANGED = "unchanged"
    COMPATIBLE = "compatible"
    BREAKS_READERS = "breaks_readers"
    BREAKS_KEPT_FACTS = "breaks_kept_facts"
    BREAKS_BOTH = "breaks_both"


_NEW_MAJOR = "Make it a new major on a new topic"

ROLL_OUT: dict[Verdict, str] = {
    Verdict.UNCHANGED: "nothing to roll out",
    Verdict.COMPATIBLE: "any order: readers that know the new minor see more, the others go on",
    Verdict.BREAKS_READERS: (
        "readers first: released readers refuse what the new writer writes."
        f" {_NEW_MAJOR}: readers of both majors, then the writer publishes both, then the old topic is left"
    ),
    Verdict.BREAKS_KEPT_FACTS: (
        "writers first: new readers refuse facts that are already kept. Give the field a default, or:"
        f" {_NEW_MAJOR}: the writer publishes both, then readers move and still read the old one"
    ),
    Verdict.BREAKS_BOTH: (
        "neither order works."
        f" {_NEW_MAJOR}: readers of both majors, then the writer publishes both until the old has none"
    ),
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """`changes` are the differences in words, the breaking ones among them."""

    verdict: Verdict
    changes: tuple[str, ...]

    @property
    def breaks(self) -> bool:
        return self.verdict not in {Verdict.UNCHANGED, Verdict.COMPATIBLE}

    @property
    def roll_out(self) -> str:
        return ROLL_OUT[self.verdict]


def compare(released: Schema, writer: Schema, reader: Schema) -> Comparison:
    """A released schema against today's writer and today's reader of the same major."""
    old, new, new_reader = contract_of(released), contract_of(writer), contract_of(opened(reader))
    forward = _judge(opened(old), new, "serializer")
    backward = _judge(old, new_reader, "deserializer")
    changes = tuple(_changes("data", old, new, old, new))
    if forward and backward:
        return Comparison(Verdict.UNCHANGED if old == new else Verdict.COMPATIBLE, changes)
    if forward:
        return Comparison(Verdict.BREAKS_KEPT_FACTS, changes)
    return Comparison(Verdict.BREAKS_READERS if backward else Verdict.BREAKS_BOTH, changes)


def _judge(old: Schema, new: Schema, role: Literal["serializer", "deserializer"]) -> bool:
    return jsoncompat.check_compat(json.dumps(old), json.dumps(new), role)


def _changes(path: str, old: Schema, new: Schema, old_root: Schema, new_root: Schema) -> list[str]:
    """The differences between two schemas in words, for whoever has to mend them."""
    old, new = _resolved(old, old_root), _resolved(new, new_root)
    found = _fields_changed(path, old, new)
    for value in (v for v in old.get("enum", []) if v not in new.get("enum", [])):
        found.append(f"{path}: value {value!r} is gone")
    for value in (v for v in new.get("enum", []) if v not in old.get("enum", [])):
        found.append(f"{path}: value {value!r} is new")
    for keyword in sorted((old.keys() | new.keys()) - _DESCENDED):
        if old.get(keyword) != new.get(keyword):
            found.append(f"{path}: {keyword} was {_shown(old, keyword)}, is {_shown(new, keyword)}")
    for name in old.get("properties", {}).keys() & new.get("properties", {}).keys():
        inner = old["properties"][name], new["properties"][name]
        found += _changes(f"{path}.{name}", *inner, old_root, new_root)
    if isinstance(old.get("items"), dict) and isinstance(new.get("items"), dict):
        found += _changes(f"{path}[]", old["items"], new["items"], old_root, new_root)
    if len(old.get("anyOf", [])) != len(new.get("anyOf", [])):
        found.append(f"{path}: has {len(new.get('anyOf', []))} shapes, had {len(old.get('anyOf', []))}")
    for before, after in zip(old.get("anyOf", []), new.get("anyOf", []), strict=False):
        found += _changes(path, before, after, old_root, new_root)
    return sorted(found)


_DESCENDED = frozenset({"$defs", "$ref", "properties", "required", "enum", "items", "anyOf"})


def _fields_changed(path: str, old: Schema, new: Schema) -> list[str]:
    before, after = old.get("properties", {}).keys(), new.get("properties", {}).keys()
    owed_before, owed_after = set(old.get("required", [])), set(new.get("required", []))
    return [
        *(f"{path}.{name}: the field is gone" for name in before - after),
        *(f"{path}.{name}: the field is new" for name in after - before),
        *(f"{path}.{name}: was required, is optional" for name in (owed_before - owed_after) & after),
        *(f"{path}.{name}: was optional, is required" for name in (owed_after - owed_before) & before),
    ]


def _resolved(node: Schema, root: Schema) -> Schema:
    while "$ref" in node:
        target: Schema = root["$defs"][node["$ref"].removeprefix("#/$defs/")]
        node = target
    return node


def _shown(node: Schema, keyword: str) -> str:
    return json.dumps(node[keyword]) if keyword in node else "not said"
