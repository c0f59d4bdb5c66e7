"""Outboxes empty at rest, and a trace on every event: broken on purpose, and seen."""

from tests.unit.audit.world import a_house_at_rest


def test_a_row_left_in_an_outbox_is_seen() -> None:
    house = a_house_at_rest()
    house.stored["referral"]["outbox"].append({"_id": "left"})
    assert house.findings()["outboxes"].breaches == ["referral: 1 rows wait in the outbox"]


def test_an_event_without_trace_context_is_seen() -> None:
    house = a_house_at_rest()
    decided = house.event("case.decided")
    decided.value = decided.value.replace(b'"traceparent":"00-4b', b'"traceparent":"no-4b')
    decided.traceparent = None
    (breach,) = house.findings()["traces"].breaches
    assert breach.endswith("no trace context in the envelope")


def test_a_header_that_lost_the_trace_is_seen() -> None:
    house = a_house_at_rest()
    house.event("case.decided").traceparent = None
    (breach,) = house.findings()["traces"].breaches
    assert breach.endswith("the header's trace context is not the envelope's")
