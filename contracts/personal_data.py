"""No identity in a topic: looks through a schema for what could carry one.

Three nets, because each has holes: the mark on a field (`PersonalData`), names of fields that tell, and text
without a shape, in which anything can be written.
"""

import re
from collections.abc import Iterator

from contracts.fields import PERSONAL_DATA_KEYWORD, PersonalDataClass
from contracts.manifest import PersonalDataPolicy
from contracts.wire_schema import Schema

_ALLOWED: dict[PersonalDataPolicy, frozenset[PersonalDataClass]] = {
    PersonalDataPolicy.NONE: frozenset({PersonalDataClass.NOTHING}),
    PersonalDataPolicy.PSEUDONYMOUS: frozenset({PersonalDataClass.NOTHING, PersonalDataClass.PSEUDONYM}),
}

_TELLING_WORDS = frozenset(
    [
        "name",
        "names",
        "nama",
        "nik",
        "kk",
        "no_kk",
        "npwp",
        "passport",
        "phone",
        "telephone",
        "hp",
        "mobile",
        "whatsapp",
        "email",
        "mail",
        "address",
        "alamat",
        "street",
        "rt",
        "rw",
        "birth",
        "birthday",
        "born",
        "dob",
        "mother",
        "father",
        "ibu",
        "ayah",
        "spouse",
        "latitude",
        "longitude",
        "location",
        "photo",
        "picture",
        "signature",
        "fingerprint",
        "bank",
        "rekening",
        "text",
        "note",
        "notes",
        "remark",
        "remarks",
        "comment",
        "comments",
        "description",
        "message",
        "story",
        "narrative",
        "diagnosis",
        "disease",
        "illness",
        "religion",
        "ethnicity",
    ]
)

_A_SENTENCE = "Siti Aminah, Kp. Jambudipa RT 02/RW 05, anaknya sakit."
"""Invented. A pattern that lets this through lets anything through."""

_SHAPED_FORMATS = frozenset({"date-time", "date", "uuid"})


def personal_data_faults(schema: Schema, policy: PersonalDataPolicy) -> tuple[str, ...]:
    """What this schema could carry about a person and must not, one line a field; empty when nothing."""
    return tuple(
        f"{path}: {fault}" for path, node in _fields("data", schema, schema) for fault in _faults_of(path, node, policy)
    )


def _faults_of(path: str, node: Schema, policy: PersonalDataPolicy) -> Iterator[str]:
    mark = node.get(PERSONAL_DATA_KEYWORD)
    if mark is not None and PersonalDataClass(mark) not in _ALLOWED[policy]:
        yield f"is marked {mark}, and the topic's personal_data is {policy}; leave it with its owner"
    field = path.rpartition(".")[2].removesuffix("[]")
    telling = {field, *field.split("_")} & _TELLING_WORDS
    if telling and mark is None and not _only_listed_values(node):
        yield (
            f"the name tells of a person ({', '.join(sorted(telling))}); rename it, or mark it"
            " PersonalData(PersonalDataClass.NOTHING) and say why"
        )
    if _lets_a_sentence_through(node):
        yield "text without a shape: give it a pattern, a format or an enumeration"


def _only_listed_values(node: Schema) -> bool:
    return "enum" in node or "const" in node or node.get("type") == "boolean"


def _lets_a_sentence_through(node: Schema) -> bool:
    types = node.get("type", [])
    if "string" not in ([types] if isinstance(types, str) else types) or _only_listed_values(node):
        return False
    if node.get("format") in _SHAPED_FORMATS:
        return False
    return "pattern" not in node or re.search(node["pattern"], _A_SENTENCE) is not None


def _fields(path: str, node: Schema, root: Schema) -> Iterator[tuple[str, Schema]]:
    """Every field and every alternative of it, with references followed."""
    if "$ref" in node:
        marks = {key: value for key, value in node.items() if key != "$ref"}
        node = {**root["$defs"][node["$ref"].removeprefix("#/$defs/")], **marks}
    yield path, node
    for name, inner in node.get("properties", {}).items():
        yield from _fields(f"{path}.{name}", inner, root)
    for alternative in [*node.get("anyOf", []), *node.get("oneOf", []), *node.get("allOf", [])]:
        yield from _fields(path, alternative, root)
    for inner in (node.get("items"), node.get("additionalProperties")):
        if isinstance(inner, dict):
            yield from _fields(f"{path}[]", inner, root)
