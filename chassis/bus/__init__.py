"""Kafka: topics, the transactional producer, and the batch processor with its source."""

from chassis.bus.batch import BatchProcessor, Stopping, TooManyDeadLetters
from chassis.bus.handlers import CounterValue, Handlers, Increment, Reaction
from chassis.bus.message import Message, Source

__all__ = [
    "BatchProcessor",
    "CounterValue",
    "Handlers",
    "Increment",
    "Message",
    "Reaction",
    "Source",
    "Stopping",
    "TooManyDeadLetters",
]
