"""What a source feeds the batch processor."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Message:
    """One Kafka record as it arrived. `topic` is without the installation's prefix."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes
    traceparent: str | None

    @property
    def position(self) -> str:
        """Unique within the installation; the id of its dead letter."""
        return f"{self.topic}-{self.partition}-{self.offset}"


class Source(Protocol):
    """Feeds batches to a processor and acknowledges them only after they were committed."""

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    @property
    def stopped_by_poison(self) -> bool:
        """Whether too many dead letters in a row stopped it."""
        ...
