"""JSON Schema of what is on the wire: the data of each event, and the envelope around it.

A schema is seen from two sides. The *writer's* is closed and names every field as required, because a writer
writes every field. The *reader's* is open and asks only for what has no default. Agencies write with programs
that are not ours, so of them we ask only what a reader needs.
"""

import copy
import json
from collections.abc import Callable
from typing import Any, Literal

from pydantic import BaseModel

from contracts.envelope import Event, EventData
from contracts.manifest import Party, Topic

Schema = dict[str, Any]
"""A JSON Schema, draft 2020-12: the one shape here that has no model, because it describes models."""

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_NOT_CONTRACT = frozenset({"title", "description", "default", "$id", "$schema", "x-personal-data"})


def frozen_form(topic: Topic, model: type[EventData]) -> Schema:
    """The schema of `data` as it is released: what the owner of the topic writes at least."""
    mode: Literal["validation", "serialization"] = "validation" if topic.owner is Party.AGENCY else "serialization"
    return _titled(model, mode, model.data_schema())


def envelope_frozen_form(version: str) -> Schema:
    """The schema of the attributes around `data` as our writers write them."""
    return _without_data(_titled(Event[EventData], "serialization", f"urn:puskesos:schema:envelope:{version}"))


def envelope_reader_form() -> Schema:
    """What a reader asks of the attributes around `data`; also what an agency has to write."""
    return opened(_without_data(_titled(Event[EventData], "validation", "urn:puskesos:schema:envelope")))


def reader_form(model: type[EventData]) -> Schema:
    """What a reader of today's release asks of `data`."""
    return opened(_titled(model, "validation", model.data_schema()))


def opened(schema: Schema) -> Schema:
    """The same schema with unknown fields allowed everywhere, as `decode` reads."""
    return map_schemas(schema, lambda node: _without(node, {"additionalProperties"}))


def contract_of(schema: Schema) -> Schema:
    """Only what binds writers and readers: titles, descriptions, defaults and marks may be reworded."""
    return map_schemas(schema, lambda node: _without(node, _NOT_CONTRACT))


def as_text(schema: Schema) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _titled(model: type[BaseModel], mode: Literal["validation", "serialization"], urn: str) -> Schema:
    schema = map_schemas(model.model_json_schema(mode=mode), _without_generated_title)
    return {"$schema": _DIALECT, "$id": urn, "title": model.__name__, **schema}


def _without_generated_title(node: Schema) -> Schema:
    return _without(node, {"title"})


def _without_data(envelope: Schema) -> Schema:
    """`data` has its own schema; the envelope only says that there is some."""
    schema = copy.deepcopy(envelope)
    schema["title"] = "Event"
    schema["properties"]["data"] = {"type": "object"}
    schema.pop("$defs", None)
    return schema


def _without(node: Schema, keywords: set[str] | frozenset[str]) -> Schema:
    return {keyword: value for keyword, value in node.items() if keyword not in keywords}


def map_schemas(node: Schema, change: Callable[[Schema], Schema]) -> Schema:
    """Applies `change` to this schema and each one inside it; names of fields are not keywords."""
    changed: Schema = {}
    for keyword, value in node.items():
        if keyword in {"properties", "$defs"}:
            changed[keyword] = {name: map_schemas(inner, change) for name, inner in value.items()}
        elif keyword in {"anyOf", "allOf", "oneOf", "prefixItems"}:
            changed[keyword] = [map_schemas(inner, change) for inner in value]
        elif keyword in {"items", "additionalProperties"} and isinstance(value, dict):
            changed[keyword] = map_schemas(value, change)
        else:
            changed[keyword] = value
    return change(changed)
