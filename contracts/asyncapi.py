"""The topics as an AsyncAPI 3.0 document: for portals, code generators and people who do not read Python."""

from typing import Any

from contracts.envelope import ENVELOPE_VERSION, EventData
from contracts.manifest import Manifest, Party, Topic
from contracts.wire_schema import (
    Schema,
    envelope_frozen_form,
    envelope_reader_form,
    frozen_form,
    map_schemas,
    opened,
)

_KAFKA_BINDING = "0.5.0"
_SCHEMAS = "#/components/schemas/"


def asyncapi_document(manifest: Manifest) -> dict[str, Any]:
    """Every topic in use, with who sends, who receives, the key, and the schema of the whole event."""
    topics = [(topic, topic.model) for topic in manifest.topics]
    used = [(topic, model) for topic, model in topics if model is not None]
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Puskesos events",
            "version": ENVELOPE_VERSION,
            "description": (
                "Facts of the village welfare window and of the district's referral system, as CloudEvents"
                " 1.0 in structured JSON. The Kafka key is the event's subject. Read openly: ignore what you"
                " do not know. No event carries a name, a national identity number, a contact, an address or"
                " free text."
            ),
        },
        "defaultContentType": "application/cloudevents+json",
        "channels": {_channel_id(topic): _channel(topic, model) for topic, model in used},
        "operations": {
            f"{party}.{action}.{_channel_id(topic)}": _operation(topic, model, action, party)
            for topic, model in used
            for action, parties in (("send", (topic.owner,)), ("receive", topic.readers))
            for party in parties
        },
        "components": {
            "messages": {model.__name__: _message(topic, model) for topic, model in used},
            "schemas": _schemas(used),
        },
    }


def _channel_id(topic: Topic) -> str:
    return topic.family


def _channel(topic: Topic, model: type[EventData]) -> dict[str, Any]:
    channel: dict[str, Any] = {
        "address": topic.name.replace("<agency>", "{agency}"),
        "description": topic.says,
        "messages": {model.__name__: {"$ref": f"#/components/messages/{model.__name__}"}},
        "bindings": {
            "kafka": {
                "partitions": topic.partitions.production,
                "topicConfiguration": {"cleanup.policy": ["delete"], "retention.ms": topic.retention_ms},
                "bindingVersion": _KAFKA_BINDING,
            }
        },
        "x-owner": topic.owner.value,
        "x-readers": [reader.value for reader in topic.readers],
        "x-personal-data": topic.personal_data.value,
        "x-compatibility": topic.compatibility,
    }
    if topic.is_template:
        channel["parameters"] = {"agency": {"description": "The agency's code in the district's directory."}}
    return channel


def _operation(topic: Topic, model: type[EventData], action: str, party: Party) -> dict[str, Any]:
    channel = f"#/channels/{_channel_id(topic)}"
    return {
        "action": action,
        "title": f"{party} {'publishes' if action == 'send' else 'hears'} {topic.name}",
        "channel": {"$ref": channel},
        "messages": [{"$ref": f"{channel}/messages/{model.__name__}"}],
    }


def _message(topic: Topic, model: type[EventData]) -> dict[str, Any]:
    envelope = envelope_reader_form() if topic.owner is Party.AGENCY else opened(envelope_frozen_form(ENVELOPE_VERSION))
    attributes = {
        **envelope["properties"],
        "type": {"const": model.event_type()},
        "data": {"$ref": f"{_SCHEMAS}{model.__name__}"},
    }
    return {
        "name": model.event_type(),
        "title": model.__name__,
        "summary": topic.says,
        "contentType": "application/cloudevents+json",
        "payload": {"type": "object", "properties": attributes, "required": envelope["required"]},
        "bindings": {
            "kafka": {
                "key": {**envelope["properties"]["subject"], "description": f"id of the {topic.subject}"},
                "bindingVersion": _KAFKA_BINDING,
            }
        },
    }


def _schemas(used: list[tuple[Topic, type[EventData]]]) -> dict[str, Schema]:
    """The parts once each, however many events share them; open, because readers read this document."""
    parts: dict[str, Schema] = {}
    for topic, model in used:
        schema = opened(frozen_form(topic, model))
        parts.update(schema.pop("$defs", {}))
        parts[model.__name__] = {key: schema[key] for key in schema.keys() - {"$schema", "$id"}}
    return {name: _pointing_at_components(schema) for name, schema in sorted(parts.items())}


def _pointing_at_components(schema: Schema) -> Schema:
    """AsyncAPI keeps parts under components, JSON Schema under $defs of each schema."""
    return map_schemas(
        schema,
        lambda node: {**node, "$ref": _SCHEMAS + node["$ref"].removeprefix("#/$defs/")} if "$ref" in node else node,
    )
