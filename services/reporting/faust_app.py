"""What this service asks of Faust: one consumer over all its topics, no tables, no web, nothing on disk.

Faust's own acknowledging is off (`acks=False`), because it can commit what was never handled:

* `take_events()` acknowledges in a `finally`, and `Stream.on_stop` closes that generator while a batch is in hand;
* a message left over from before a rebalance is skipped and acknowledged.

The source commits the offsets of a batch itself, after the batch (ADR: Faust as a source in reporting).
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import faust
from faust.types import TP, EventT

from chassis.bus import Message
from chassis.telemetry.propagation import TRACEPARENT
from contracts.manifest import ManifestError, Topic

SESSION_TIMEOUT_SECONDS = 10.0  # Faust's 60 s would leave a killed instance's partitions unread for a minute
HEARTBEAT_SECONDS = 2.0
REBALANCE_TIMEOUT_SECONDS = 30.0
METADATA_AGE_MS = 10_000


class FaustApp(faust.App):
    """A Faust application that keeps nothing on disk: a service's state is in its database and topics."""

    logger = logging.getLogger("faust.app")  # else it logs under our name, at our level

    def _create_directories(self) -> None:
        return


def make_app(bootstrap_servers: str, group: str) -> FaustApp:
    """An application not yet started. One serves one connection: after a crash a new one is made."""
    return FaustApp(
        group,
        broker=[f"kafka://{server.strip()}" for server in bootstrap_servers.split(",")],
        store="memory://",
        autodiscover=False,
        web_enabled=False,
        topic_disable_leader=True,
        topic_allow_declare=False,
        stream_wait_empty=False,
        broker_session_timeout=SESSION_TIMEOUT_SECONDS,
        broker_heartbeat_interval=HEARTBEAT_SECONDS,
        broker_rebalance_timeout=REBALANCE_TIMEOUT_SECONDS,
        consumer_metadata_max_age_ms=METADATA_AGE_MS,
        consumer_auto_offset_reset="earliest",
    )


def topic_names(topics: Sequence[Topic], prefix: str) -> list[str]:
    """The concrete topics. Faust cannot subscribe by pattern, so an agency's own feed cannot be read here."""
    templates = [topic.name for topic in topics if topic.is_template]
    if templates:
        raise ManifestError(f"Faust subscribes by name only, so reporting cannot read {', '.join(templates)}")
    return [prefix + topic.name for topic in topics]


def raw_topics(app: FaustApp, names: Sequence[str]) -> faust.TopicT:
    """One channel over all topics, bytes as they came: decoding belongs to the batch processor."""
    return app.topic(*names, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw", acks=False)


def to_message(event: EventT[Any], prefix: str) -> Message:
    record = event.message
    header = dict(record.headers or ()).get(TRACEPARENT)
    return Message(
        record.topic.removeprefix(prefix),
        record.partition,
        record.offset,
        record.key,
        record.value or b"",
        header.decode("ascii", "replace") if header else None,
    )


def offsets_after(events: Iterable[EventT[Any]]) -> Mapping[TP, int]:
    """Where each partition is to be read on from once these events are handled."""
    after: dict[TP, int] = {}
    for event in events:
        partition = event.message.tp
        after[partition] = max(after.get(partition, 0), event.message.offset + 1)
    return after
