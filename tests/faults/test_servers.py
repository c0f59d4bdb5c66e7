"""Kafka and each database killed and started again under load."""

from collections.abc import Callable

import pytest

from tests.faults.expecting import expect_recovery
from tests.faults.rig.disturbance import Entry
from tests.faults.rig.servers import KAFKA, TIERS
from tests.faults.rig.standing import Standing

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(600)]


@pytest.fixture(autouse=True)
def _servers_of_ours(servers_given: bool) -> None:
    if servers_given:
        pytest.skip("capability: servers that may be killed")


async def test_a_killed_database_loses_no_deed(stand: Standing, entry: Callable[..., Entry]) -> None:
    for tier in TIERS:
        expect_recovery(await stand.disturb(entry("database-killed", tier)))


async def test_a_killed_kafka_loses_no_fact(stand: Standing, entry: Callable[..., Entry]) -> None:
    expect_recovery(await stand.disturb(entry("kafka-killed", KAFKA)))
