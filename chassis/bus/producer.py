"""The transactional producer: its id is the service's, so that a successor fences a zombie."""

import asyncio
from collections.abc import Sequence

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from chassis.outbox.publisher import Queued
from chassis.telemetry.propagation import TRACEPARENT

TRANSACTION_TIMEOUT_MS = 10_000
REQUEST_TIMEOUT_MS = 10_000


class PublishFailed(Exception):
    """Kafka did not take a chunk, or fenced us. Whether it arrived is unknown: begin again from the head."""


def _look_at(sent: "asyncio.Future[object]") -> None:
    # A failed commit fails every send of its chunk; each would be reported once more as never retrieved.
    if not sent.cancelled():
        sent.exception()


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
            await self._producer.start()
        except KafkaError as error:
            await self.discard()
            raise PublishFailed(type(error).__name__) from error

    async def publish(self, events: Sequence[Queued]) -> None:
        """Returns when Kafka has committed all of them, in order. Raises PublishFailed."""
        try:
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
                    sent.add_done_callback(_look_at)
        except (KafkaError, ValueError) as error:
            raise PublishFailed(type(error).__name__) from error

    async def discard(self) -> None:
        try:
            await self._producer.stop()
        except KafkaError:
            return  # it is thrown away because it failed
