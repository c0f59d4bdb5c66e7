"""The frozen files as somebody without our models uses them: an independent validator, no pydantic."""

import json
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts import EventData, encode
from contracts.events import EVENTS
from contracts.frozen import ENVELOPE, Shelf, Version
from tests.contracts.strategies import events

FIRST = Version(1, 0)
SHELF = Shelf.of_package()


def validator(name: str) -> Any:
    return jsonschema_rs.validator_for(SHELF.schema(name, FIRST), validate_formats=True)


@pytest.mark.parametrize("model", EVENTS, ids=lambda model: model.topic)
def test_an_example_is_valid_by_its_frozen_schemas(model: type[EventData]) -> None:
    event = json.loads(SHELF.example(model.topic, FIRST) or b"null")

    validator(ENVELOPE).validate(event)
    validator(model.topic).validate(event["data"])


@pytest.mark.parametrize("model", EVENTS, ids=lambda model: model.topic)
@given(data=st.data())
@settings(max_examples=10, deadline=None)
def test_whatever_a_writer_writes_is_valid_by_the_frozen_schemas(model: type[EventData], data: st.DataObject) -> None:
    event = json.loads(encode(data.draw(events(model))))

    validator(ENVELOPE).validate(event)
    validator(model.topic).validate(event["data"])


@pytest.mark.parametrize("model", EVENTS, ids=lambda model: model.topic)
def test_a_frozen_schema_refuses_what_is_not_in_the_contract(model: type[EventData]) -> None:
    event = json.loads(SHELF.example(model.topic, FIRST) or b"null")

    assert not validator(model.topic).is_valid({**event["data"], "mother": "somebody"})
    assert not validator(ENVELOPE).is_valid({**event, "mother": "somebody"})


@pytest.mark.parametrize("model", EVENTS, ids=lambda model: model.topic)
def test_dataschema_leads_to_the_frozen_schema(model: type[EventData]) -> None:
    event = json.loads(SHELF.example(model.topic, FIRST) or b"null")

    assert SHELF.schema(model.topic, FIRST)["$id"] == event["dataschema"]
