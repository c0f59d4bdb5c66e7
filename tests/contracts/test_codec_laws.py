"""Whatever is written is read as it was meant, or refused by name: for every event there is."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import Event, EventData, Undecodable, decode, encode
from contracts.events import EVENTS
from tests.contracts.strategies import events
from tests.strategies.effort import examples

each_event = pytest.mark.parametrize("model", EVENTS, ids=lambda model: model.topic)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
UNKNOWN_NAMES = st.text(min_size=1, max_size=12).map(lambda name: f"zz_{name}")
"""No field of ours begins so."""


def read(value: bytes) -> Event[EventData] | None:
    """The event, None when it is refused. Anything else that is raised is a fault of the reader."""
    try:
        return decode(value)
    except Undecodable as refused:
        assert refused.reason in ("malformed_event", "unknown_event_type", "unsupported_major")
        return None


def places(node: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Where something stands in a message."""
    found = [path]
    if isinstance(node, dict):
        for name, inner in node.items():
            found += places(inner, (*path, name))
    elif isinstance(node, list):
        for number, inner in enumerate(node):
            found += places(inner, (*path, number))
    return found


def changed(node: Any, path: tuple[str | int, ...], change: Callable[[Any], Any]) -> Any:
    """The message with what stands at a place changed."""
    if not path:
        return change(node)
    copy: Any = dict(node) if isinstance(node, dict) else list(node)
    copy[path[0]] = changed(node[path[0]], path[1:], change)
    return copy


@each_event
@examples(6)
@given(data=st.data())
def test_what_is_written_is_read_and_written_the_same_again(model: type[EventData], data: st.DataObject) -> None:
    event = data.draw(events(model))
    value = encode(event)
    assert decode(value) == event
    assert encode(decode(value)) == value


@each_event
@examples(5)
@given(data=st.data())
def test_what_a_newer_minor_adds_anywhere_is_read_over(model: type[EventData], data: st.DataObject) -> None:
    event = data.draw(events(model))
    wire = json.loads(encode(event))
    objects = [place for place in places(wire) if isinstance(at(wire, place), dict)]
    for place in data.draw(st.lists(st.sampled_from(objects), min_size=1, max_size=4)):
        added = data.draw(st.dictionaries(UNKNOWN_NAMES, JSON, min_size=1, max_size=2), label="added")
        wire = changed(wire, place, partial(dict, **added))
    assert read(json.dumps(wire).encode()) == event


@each_event
@examples(8)
@given(data=st.data())
def test_one_value_changed_is_refused_or_read_as_a_whole_event(model: type[EventData], data: st.DataObject) -> None:
    event = data.draw(events(model))
    wire = json.loads(encode(event))
    place = data.draw(st.sampled_from(places(wire)), label="place")
    value = data.draw(JSON | st.sampled_from(["", "x" * 200, -1, 2**63, "2026-13-01T00:00:00Z"]), label="instead")
    heard = read(json.dumps(changed(wire, place, lambda _: value)).encode())
    assert heard is None or decode(encode(heard)) == heard


@each_event
@examples(6)
@given(data=st.data())
def test_a_field_left_out_is_refused_or_read_as_nothing_said(model: type[EventData], data: st.DataObject) -> None:
    event = data.draw(events(model))
    wire = json.loads(encode(event))
    inside = [place for place in places(wire) if place and isinstance(at(wire, place[:-1]), dict)]
    *way, name = data.draw(st.sampled_from(inside), label="left out")
    heard = read(
        json.dumps(changed(wire, tuple(way), lambda node: {k: v for k, v in node.items() if k != name})).encode()
    )
    assert heard is None or decode(encode(heard)) == heard
    if heard is not None and at(wire, (*way, name)) is None:
        assert heard == event


@each_event
@examples(12)
@given(data=st.data())
def test_damaged_bytes_are_refused_or_read_as_a_whole_event(model: type[EventData], data: st.DataObject) -> None:
    value = bytearray(encode(data.draw(events(model))))
    for _ in range(data.draw(st.integers(1, 4), label="damages")):
        start = data.draw(st.integers(0, len(value)), label="at")
        length = data.draw(st.integers(0, 5), label="over")
        value[start : start + length] = data.draw(st.binary(max_size=5), label="instead")
    heard = read(bytes(value))
    assert heard is None or decode(encode(heard)) == heard


@examples(20)
@given(data=st.data())
def test_a_message_cut_short_is_refused(data: st.DataObject) -> None:
    value = encode(data.draw(events()))
    assert read(value[: data.draw(st.integers(0, len(value) - 1))]) is None


def at(node: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        node = node[step]
    return node
