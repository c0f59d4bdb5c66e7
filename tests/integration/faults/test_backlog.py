"""A thousand events waiting, for every service and in an outbox: drained whole. The full size: make backlog."""

import pytest

from tests.faults.backlog.draining import Place, drain_outbox, drain_topics, make_topics
from tests.faults.backlog.facts import SERVICES
from tests.harness.kafka import read_topics

EVENTS = 1_000


@pytest.fixture
def place(kafka_bootstrap: str, mongodb_uri: str, unique: str) -> Place:
    return Place(kafka_bootstrap, mongodb_uri, unique)


def say_nothing(_line: str) -> None:
    return


@pytest.mark.parametrize("service", SERVICES)
async def test_what_waits_for_a_service_is_drained_whole(place: Place, service: str) -> None:
    await make_topics(place)
    figures = await drain_topics(place, service, EVENTS, say_nothing)
    assert figures.dead_letters == 0
    assert figures.events == EVENTS


async def test_what_waits_in_an_outbox_is_told_whole_when_kafka_is_back(place: Place) -> None:
    await make_topics(place)
    await drain_outbox(place, EVENTS, say_nothing)
    told = await read_topics(place.kafka, [f"{place.prefix}complaint.created"])
    assert len(told) == EVENTS
    assert len({record.key for record in told}) == EVENTS
