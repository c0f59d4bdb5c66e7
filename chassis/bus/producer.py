"""The transactional producer: its id is the service's, so that a successor fences a zombie."""

import contextlib
from collections.abc import Sequence

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from chassis.bus.within import look_at, within
from chassis.outbox.publisher import Queued
from chassis.telemetry.propagation import TRACEPARENT

TRANSACTION_TIMEOUT_MS = 10_000
REQUEST_TIMEOUT_MS = 10_000
OPEN_TIMEOUT_SECONDS = 15.0
PUBLISH_TIMEOUT_SECONDS = 8.0
"""Shorter than the relay's lease: who cannot publish must let go before another begins."""
DISCARD_TIMEOUT_SECONDS = 2.0


class PublishFailed(Exception):
    """Kafka did not take a chunk, or fenced us. Whether it arrived is unknown: begin again from the head."""


class TransactionalProducer:
    """Publishes chunks whole or not at all. After any failure it must be discarded and a new one opened."""

    def __init__(self, bootstrap_servers: str, transactional_id: str, topic_prefix: str) -> None:
        self._prefix = topic_prefix
        self._producer = AIOKafkaProducer(
            bootstrap_servers=bootstrap_servers,
            transactional_id=transactional_id,
            transaction_timeout_ms=TRANSACTION_TIMEOUT_MS,
            request_timeout_ms=REQUEST_TIMEOUT_MS,
            compression_type="zstd",
        )

    async def open(self) -> None:
        """Connect and fence whoever published under this id before. Raises PublishFailed."""
        try:
            await within(OPEN_TIMEOUT_SECONDS, self._producer.start())
        except (KafkaError, TimeoutError) as error:
            await self.discard()
            raise PublishFailed(type(error).__name__) from error

    async def publish(self, events: Sequence[Queued]) -> None:
        """Returns when Kafka has committed all of them, in order. Raises PublishFailed."""
        try:
            await within(PUBLISH_TIMEOUT_SECONDS, self._publish(events))
        except (KafkaError, ValueError, TimeoutError) as error:
            raise PublishFailed(type(error).__name__) from error

    async def _publish(self, events: Sequence[Queued]) -> None:
        async with self._producer.transaction():
            for event in events:
                headers = [
                    ("content-type", b"application/cloudevents+json; charset=UTF-8"),
                    (TRACEPARENT, event.traceparent.encode()),
                ]
                sent = await self._producer.send(
                    self._prefix + event.topic,
                    key=event.key.encode(),
                    value=event.value,
                    headers=headers if event.traceparent else headers[:1],
                )
                sent.add_done_callback(look_at)

    async def topics(self) -> frozenset[str]:
        """The topics there are, without the prefix. Raises PublishFailed."""
        try:
            cluster = await within(PUBLISH_TIMEOUT_SECONDS, self._producer.client.fetch_all_metadata())
        except (KafkaError, TimeoutError) as error:
            raise PublishFailed(type(error).__name__) from error
        names = (str(name) for name in cluster.topics())
        return frozenset(name.removeprefix(self._prefix) for name in names if name.startswith(self._prefix))

    async def discard(self) -> None:
        """Let go of a producer, also of one whose broker is away: its orderly stop would wait for the broker."""
        with contextlib.suppress(KafkaError, TimeoutError):
            await within(DISCARD_TIMEOUT_SECONDS, self._producer.stop())
            return
        if self._producer._sender.sender_task is not None:
            self._producer._sender.sender_task.cancel()
        with contextlib.suppress(KafkaError, OSError, TimeoutError):
            await within(DISCARD_TIMEOUT_SECONDS, self._producer.client.close())
