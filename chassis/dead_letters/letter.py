"""A dead letter: one event that could not be handled, kept whole, with the reason, until a person decides."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from contracts import Event, EventData

if TYPE_CHECKING:
    from chassis.bus.message import Message  # the bus sets letters aside; a letter must not need the bus

COLLECTION = "dead_letters"


class DeadLetter(BaseModel):
    """`_id` is topic-partition-offset, upserted: a redelivered batch writes the same row again.

    The bytes may hold what an event must not; the collection is for operators only, and lists never show them.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes
    traceparent: str | None
    reason: str
    detail: str
    dead_at: datetime
    event_id: str | None = None
    event_type: str | None = None
    case: str | None = None

    @staticmethod
    def of(
        message: "Message", reason: str, detail: str, now: datetime, event: Event[EventData] | None = None
    ) -> "DeadLetter":
        return DeadLetter(
            id=message.position,
            topic=message.topic,
            partition=message.partition,
            offset=message.offset,
            key=message.key,
            value=message.value,
            traceparent=message.traceparent,
            reason=reason,
            detail=detail,
            dead_at=now,
            event_id=event.id if event else None,
            event_type=event.type if event else None,
            case=event.correlationid if event else None,
        )

    def to_row(self) -> dict[str, Any]:
        fields = self.model_dump()
        return {"_id": fields.pop("id"), **fields}

    @staticmethod
    def from_row(row: Any) -> "DeadLetter":
        return DeadLetter.model_validate({"id": row["_id"], **row})
