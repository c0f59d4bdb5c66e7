import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from contracts import (
    Event,
    MalformedEvent,
    Undecodable,
    UnknownEventType,
    UnsupportedMajor,
    decode,
    encode,
)
from contracts.events import ComplaintCreated, ComplaintState
from tests.contracts.builders import CASE, a_complaint, a_recorded_complaint, as_bytes, on_the_wire

A_MARKED_NAME = "Siti Zubaidah Penanda"


def test_the_subject_and_type_of_a_written_event_are_those_of_cloudevents() -> None:
    wire = on_the_wire(a_recorded_complaint())

    assert wire["specversion"] == "1.0"
    assert wire["type"] == "puskesos.complaint.created.v1"
    assert wire["subject"] == CASE
    assert wire["dataschema"] == "urn:puskesos:schema:complaint.created:1.0"
    assert wire["time"] == "2026-11-16T02:12:40Z"


def test_sequences_sort_as_text_on_the_wire() -> None:
    written = [on_the_wire(a_recorded_complaint(sequence=n))["sequence"] for n in (2, 10, 2**31 - 1)]

    assert written == sorted(written) == ["0000000002", "0000000010", "2147483647"]


@pytest.mark.parametrize("sequence", ["0000000007", "7", 7])
def test_a_reader_takes_a_sequence_as_text_or_number(sequence: object) -> None:
    assert decode(as_bytes({**on_the_wire(a_recorded_complaint()), "sequence": sequence})).sequence == 7


def test_a_time_of_another_zone_is_written_in_utc_to_the_millisecond() -> None:
    in_java = datetime(2026, 11, 16, 9, 0, 0, 123_999, tzinfo=timezone(timedelta(hours=7)))

    event = a_recorded_complaint(time=in_java)

    assert event.time == datetime(2026, 11, 16, 2, 0, 0, 123_000, tzinfo=UTC)
    assert decode(encode(event)).time == event.time


def test_an_event_made_without_naming_its_data_is_written_whole() -> None:
    event = a_recorded_complaint()

    unnamed: Event[Any] = Event(**dict(event))

    assert encode(unnamed) == encode(event)


def test_a_writer_cannot_say_what_is_not_in_the_contract() -> None:
    with pytest.raises(ValidationError, match="extra_forbidden"):
        ComplaintState.model_validate({**a_complaint().model_dump(), "mother": "somebody"})


def test_a_writer_cannot_put_one_type_over_the_data_of_another() -> None:
    attributes = dict(a_recorded_complaint()) | {"type": "puskesos.case.closed.v1"}

    with pytest.raises(ValidationError, match=r"Event\.of"):
        Event[ComplaintCreated](**attributes)


def test_a_reader_ignores_what_a_newer_minor_added_at_every_depth() -> None:
    event = a_recorded_complaint()
    wire = on_the_wire(event)
    wire["partitionhint"] = "x"
    wire["data"]["weather"] = "rain"
    wire["data"]["complaint"]["weather"] = {"deep": [1]}
    wire["data"]["complaint"]["family"]["weather"] = None

    assert decode(as_bytes(wire)) == event


def test_a_reader_accepts_a_newer_minor_in_dataschema() -> None:
    wire = on_the_wire(a_recorded_complaint()) | {"dataschema": "urn:puskesos:schema:complaint.created:1.7"}

    assert isinstance(decode(as_bytes(wire)).data, ComplaintCreated)


def test_null_and_absent_are_the_same() -> None:
    event = a_recorded_complaint()
    wire = on_the_wire(event)
    del wire["causationid"], wire["traceparent"], wire["data"]["complaint"]["waiting_since"]

    assert decode(as_bytes(wire)) == event


def test_a_code_nobody_knows_yet_is_read() -> None:
    wire = on_the_wire(a_recorded_complaint())
    wire["data"]["complaint"]["needs"] = ["a_programme_of_2031"]

    data = decode(as_bytes(wire)).data

    assert isinstance(data, ComplaintCreated)
    assert data.complaint.needs == ("a_programme_of_2031",)


def test_a_value_outside_a_closed_enumeration_is_refused() -> None:
    wire = on_the_wire(a_recorded_complaint())
    wire["data"]["complaint"]["status"] = "lost"

    with pytest.raises(MalformedEvent, match=r"data\.complaint\.status: enum"):
        decode(as_bytes(wire))


@pytest.mark.parametrize("traceparent", ["", "garbage", "00-XYZ-1-01", f"00-{'1' * 32}-{'2' * 16}-01\n", 7, None])
def test_a_broken_trace_header_costs_the_trace_and_not_the_fact(traceparent: object) -> None:
    event = a_recorded_complaint()

    assert decode(as_bytes({**on_the_wire(event), "traceparent": traceparent})) == event


@pytest.mark.parametrize(
    "value",
    [b"", b"\xff\xfe", b"not json", b"null", b"[]", b"{}", b'{"type": 7}', b'{"type":"puskesos.case.closed.v1"}'],
)
def test_bytes_that_are_no_event_are_malformed(value: bytes) -> None:
    with pytest.raises(MalformedEvent) as refusal:
        decode(value)

    assert refusal.value.reason == "malformed_event"


@pytest.mark.parametrize(
    ("attribute", "wrong"),
    [
        ("specversion", "0.3"),
        ("id", "7"),
        ("subject", ""),
        ("time", "2026-11-16T09:00:00"),
        ("sequence", 0),
        ("sequence", 2**31),
        ("area", "32.3"),
        ("source", "intake"),
        ("correlationid", None),
        ("datacontenttype", "text/plain"),
        ("data", None),
    ],
)
def test_a_wrong_attribute_is_named(attribute: str, wrong: object) -> None:
    with pytest.raises(MalformedEvent, match=attribute):
        decode(as_bytes({**on_the_wire(a_recorded_complaint()), attribute: wrong}))


@pytest.mark.parametrize("name", ["complaint.created.v1", "puskesos.weather.seen.v1", "x", "puskesos.case.v0", ""])
def test_a_type_of_nobody_is_unknown(name: str) -> None:
    with pytest.raises(UnknownEventType) as refusal:
        decode(as_bytes({**on_the_wire(a_recorded_complaint()), "type": name}))

    assert refusal.value.reason == "unknown_event_type"


def test_a_future_major_of_a_known_type_is_told_apart_from_an_unknown_type() -> None:
    wire = on_the_wire(a_recorded_complaint()) | {"type": "puskesos.complaint.created.v2", "data": {"new": 1}}

    with pytest.raises(UnsupportedMajor, match="read in major 1") as refusal:
        decode(as_bytes(wire))

    assert refusal.value.reason == "unsupported_major"


@pytest.mark.parametrize(
    "place",
    [("type",), ("id",), ("source",), ("sequence",), ("data",), ("data", "complaint", "kind"),
     ("data", "complaint", "case_number"), ("data", "complaint", "needs"), ("data", "complaint", "family")],
    ids=".".join,
)  # fmt: skip
def test_what_was_in_an_event_is_not_in_the_message_about_it(place: tuple[str, ...]) -> None:
    wire = on_the_wire(a_recorded_complaint())
    holder = wire
    for key in place[:-1]:
        holder = holder[key]
    holder[place[-1]] = A_MARKED_NAME

    with pytest.raises(Undecodable) as refusal:
        decode(as_bytes(wire))

    told = f"{refusal.value!r} {refusal.value.__cause__!r}"
    assert A_MARKED_NAME not in told
    shown_by_a_traceback = None if refusal.value.__suppress_context__ else refusal.value.__context__
    assert shown_by_a_traceback is None, "a logged traceback would show the payload of the cause"


def test_a_name_of_an_unknown_field_is_not_repeated_either() -> None:
    wire = on_the_wire(a_recorded_complaint())
    wire["data"]["complaint"][A_MARKED_NAME] = 1
    wire["data"]["complaint"]["status"] = None

    with pytest.raises(MalformedEvent) as refusal:
        decode(as_bytes(wire))

    assert A_MARKED_NAME not in str(refusal.value)


@given(st.binary(max_size=200) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["type", "data", "id"]), inner),
).map(lambda value: json.dumps(value).encode()))  # fmt: skip
@settings(max_examples=200, deadline=None)
def test_no_bytes_raise_anything_but_undecodable(value: bytes) -> None:
    with pytest.raises(Undecodable):
        decode(value)
