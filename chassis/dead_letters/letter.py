"""A dead letter: one event that could not be handled, kept whole, with the reason, until a person decides."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from contracts import Event, EventData

if TYPE_CHECKING:
    from chassis.bus.message import Message  # the bus sets letters aside; a letter must not need the bus

COLLECTION = "dead_letters"


class LetterHead(BaseModel):
    """What may be shown of a letter in any list: where it stood, why it died, and who tried it again; no content.

    `attempts` counts the replays that it died of again; `reason` and `detail` are of the latest.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    topic: str
    partition: int
    offset: int
    traceparent: str | None
    reason: str
    detail: str
    dead_at: datetime
    event_id: str | None = None
    event_type: str | None = None
    case: str | None = None
    attempts: int = 0
    tried_at: datetime | None = None
    tried_by: str | None = None

    def to_row(self) -> dict[str, Any]:
        fields = self.model_dump()
        return {"_id": fields.pop("id"), **fields}


class DeadLetter(LetterHead):
    """`_id` is topic-partition-offset, upserted: a redelivered batch writes the same row again.

    The bytes may hold what an event must not; the collection is for operators only, and lists never show them.
    """

    key: bytes | None
    value: bytes

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

    @staticmethod
    def from_row(row: Mapping[str, Any]) -> "DeadLetter":
        return DeadLetter.model_validate({"id": row["_id"], **row})

    def replayed(self, by: str, at: datetime, run: str | None) -> "SettledLetter":
        """What is kept of it once a replay had its effect."""
        return SettledLetter(**self._head(), replayed_by=by, replayed_at=at, run=run)

    def discarded(self, by: str, at: datetime, because: str) -> "SettledLetter":
        """What is kept of it once somebody took it away."""
        return SettledLetter(**self._head(), discarded_by=by, discarded_at=at, discarded_because=because)

    def _head(self) -> dict[str, Any]:
        return self.model_dump(include=set(LetterHead.model_fields))


class SettledLetter(LetterHead):
    """A letter that lies here no more: replayed with effect, or discarded; who decided it and when. No content.

    `run` is the replay of many letters in which it was handled, if it was one.
    """

    replayed_by: str | None = None
    replayed_at: datetime | None = None
    run: str | None = None
    discarded_by: str | None = None
    discarded_at: datetime | None = None
    discarded_because: str | None = None

    @staticmethod
    def from_row(row: Mapping[str, Any]) -> "SettledLetter":
        return SettledLetter.model_validate({"id": row["_id"], **row})
