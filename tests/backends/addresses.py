"""The addresses a run of tests uses, and how they travel from the main process to its workers."""

import os
from dataclasses import dataclass

KAFKA = "PUSKESOS_TEST_KAFKA"
MONGODB = "PUSKESOS_TEST_MONGODB"
ZIPKIN = "PUSKESOS_TEST_ZIPKIN"


@dataclass(frozen=True)
class Addresses:
    """Kafka's bootstrap servers, a MongoDB URI without a database, Zipkin's base URL or None."""

    kafka: str
    mongodb: str
    zipkin: str | None = None

    def publish(self) -> None:
        os.environ[KAFKA] = self.kafka
        os.environ[MONGODB] = self.mongodb
        if self.zipkin:
            os.environ[ZIPKIN] = self.zipkin


def addresses_of_environment() -> Addresses | None:
    """None unless both Kafka and MongoDB are named."""
    kafka, mongodb = os.environ.get(KAFKA), os.environ.get(MONGODB)
    if not kafka or not mongodb:
        return None
    return Addresses(kafka, mongodb, os.environ.get(ZIPKIN) or None)
