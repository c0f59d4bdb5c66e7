"""Kafka killed under a relay that has published before: its library alone would wait for the broker for ever."""

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from chassis.bus import producer as producer_module
from chassis.bus.topics import create_topics
from chassis.outbox.outgoing import new_id
from contracts.manifest import Manifest
from deploy.embedded.stack import ServerStack
from tests.harness.waiting import eventually
from tests.integration.chassis.conftest import OpenStore
from tests.integration.chassis.test_relay import a_relay, sequences_of, tell, tell_more, waiting_rows

STOP_BUDGET_SECONDS = 30.0


@pytest.fixture
def own_stack(tmp_path: Path) -> Iterator[ServerStack]:
    """Servers of this test's own: it kills the broker."""
    with ServerStack(tmp_path) as stack:
        yield stack


@pytest.mark.timeout(240)
async def test_the_relay_lets_go_and_goes_on_in_order_when_it_is_back(
    open_store: OpenStore, own_stack: ServerStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(producer_module, "PUBLISH_TIMEOUT_SECONDS", 3.0)
    store, bootstrap, case = await open_store(), own_stack.kafka.bootstrap_servers, new_id()
    await create_topics(bootstrap, Manifest.load(), partitions=1)
    relay = a_relay(store, bootstrap, "")
    await relay.start()
    await tell(store, case, 1)
    await eventually(lambda: waiting_rows(store), lambda rows: rows == 0)

    broker = own_stack.kafka_child
    assert broker.pid is not None
    os.kill(broker.pid, signal.SIGKILL)
    await tell_more(store, case, 9)
    assert await waiting_rows(store) == 9

    began = time.monotonic()
    await relay.stop()
    assert time.monotonic() - began < STOP_BUDGET_SECONDS

    await asyncio.to_thread(broker.start)
    await asyncio.to_thread(broker.wait_until_ready)
    successor = a_relay(store, bootstrap, "")
    await successor.start()
    await eventually(lambda: waiting_rows(store), lambda rows: rows == 0, patience=90.0)
    await successor.stop()
    assert await sequences_of(bootstrap, "", case) == list(range(1, 11))
