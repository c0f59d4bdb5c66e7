"""Work with the outside world: rows that a worker leases (a message to send, a clock to fire)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from chassis.area import AreaCode

COLLECTION = "work"


class Work(BaseModel):
    """One thing to do at or after `due_at`. Scheduling the same kind and key again moves the row."""

    model_config = ConfigDict(frozen=True)

    kind: str
    key: str
    area: AreaCode
    due_at: datetime
    subject: str
    """The document the work is about."""

    detail: str = ""
    """What the worker needs beside the document, as a code."""

    @property
    def row_id(self) -> str:
        return f"{self.kind}:{self.key}"

    def to_row(self, traceparent: str) -> dict[str, Any]:
        return {
            "_id": self.row_id,
            **self.model_dump(),
            "traceparent": traceparent,
            "attempts": 0,
            "not_before": self.due_at,
            "leased_until": None,
            "lease": None,
        }


@dataclass(frozen=True)
class Task:
    """A work row this process holds until its lease ends; `attempts` counts this one."""

    work: Work
    lease: str
    attempts: int
    traceparent: str

    @staticmethod
    def from_row(row: Mapping[str, Any]) -> "Task":
        fields = {name: row[name] for name in Work.model_fields}
        return Task(Work.model_validate(fields), row["lease"], row["attempts"], row["traceparent"])
