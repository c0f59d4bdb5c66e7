"""What the audit keeps of what it read: lines, small enough for a campaign of 200,000 events."""

import tracemalloc
import uuid
from collections.abc import Iterator

from audit.addresses import SERVICES
from audit.documents import Keyed
from audit.facts import Facts, Place, Record
from audit.holdings import Holdings, holdings_of
from audit.lines import Bundles, Lines
from tests.unit.audit import rows, story
from tests.unit.audit.world import MANIFEST, a_house_at_rest

CASES = 200
BYTES_AN_EVENT = 2500
"""Measured: some 1,500 of facts and 400 of holdings."""


def keys() -> Iterator[str]:
    return (str(uuid.uuid5(uuid.NAMESPACE_OID, str(number))) for number in range(CASES))


def facts_of_many_cases() -> Facts:
    """The small house's events, told of many cases."""
    facts, house = Facts(), a_house_at_rest()
    for number, key in enumerate(keys()):
        for offset, record in enumerate(house.records):
            value = record.value.replace(story.CASE.encode(), key.encode()).replace(b"019a8c5e-", key[:9].encode())
            place = Place(record.topic, 0, number * len(house.records) + offset)
            facts.add(Record(MANIFEST.topic(record.topic), place, record.key, value, record.traceparent))
    return facts


def holdings_of_many_cases() -> Holdings:
    house = a_house_at_rest()
    for collections in house.stored.values():
        for kept in collections.values():
            kept[:] = [{**row, "_id": key} for row in kept for key in keys()]
    return holdings_of({service: rows.InMemory(house.stored[service]) for service in SERVICES})


def test_an_event_and_what_follows_from_it_take_some_two_kilobytes() -> None:
    holdings_of_many_cases()  # what is made once, such as validators, is no line
    tracemalloc.start()
    try:
        facts = facts_of_many_cases()
        of_facts, _ = tracemalloc.get_traced_memory()
        holdings = holdings_of_many_cases()
        of_both, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    events = len(facts.by_key)
    assert events == CASES * len(story.events())
    assert len(holdings.complaints) == CASES
    assert of_both / events < BYTES_AN_EVENT, (
        f"facts {of_facts / events:.0f}, both {of_both / events:.0f} bytes an event"
    )


def test_what_is_kept_as_lines_is_read_again_as_it_was() -> None:
    row = [Keyed(_id=f"case {number}") for number in range(250)]
    lines, bundles = Lines(Keyed, row), Bundles(Keyed, row)
    assert list(lines.values()) == row
    assert (lines["case 7"], lines.get("case 251")) == (row[7], None)
    assert list(bundles) == row
