"""The replay of many letters: what it is to take, how far it is, and what came of it. One at a time in a service."""

from collections.abc import Iterable
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from chassis.dead_letters.box import Choice, Place
from chassis.store.documents import Collection, Document

CURRENT = "current"
REFUSALS_TOLD = 50


class Refusal(BaseModel):
    """Letters that died again, or would, of the same; `example` is the first of them."""

    model_config = ConfigDict(frozen=True)

    reason: str
    detail: str
    count: int
    example: str


class ReplayRun(Document):
    """The latest replay that was begun on a page; its id is always the same, so that two never run at once.

    `run` names it. A `rehearsing` one changes nothing and can be confirmed once it has ended. `waiting` is how many
    letters there were at its beginning; `gone` those that somebody else had decided on before they were taken; `taken`
    is the place of the last one it took.
    """

    run: str
    letter: str | None = None
    reason: str | None = None
    topic: str | None = None
    rehearsing: bool
    by: str
    began_at: datetime
    ended_at: datetime | None = None
    waiting: int
    taken: Place | None = None
    handled: int = 0
    gone: int = 0
    refused: int = 0
    refusals: tuple[Refusal, ...] = ()

    @property
    def choice(self) -> Choice:
        return Choice((self.letter,) if self.letter else (), self.reason, self.topic)

    @property
    def tried(self) -> int:
        return self.handled + self.refused + self.gone

    @property
    def running(self) -> bool:
        return self.ended_at is None

    @property
    def to_confirm(self) -> bool:
        """A rehearsal that has found letters which would be handled now."""
        return self.rehearsing and not self.running and self.handled > 0


RUNS = Collection("replays", ReplayRun)


def with_refusal(refusals: Iterable[Refusal], reason: str, detail: str, letter: str) -> tuple[Refusal, ...]:
    """One more letter that was refused; beyond REFUSALS_TOLD different causes it is only counted with the rest."""
    told = {(refusal.reason, refusal.detail): refusal for refusal in refusals}
    before = told.get((reason, detail))
    if before is None and len(told) >= REFUSALS_TOLD:
        return tuple(told.values())
    count = before.count + 1 if before else 1
    told[reason, detail] = Refusal(
        reason=reason, detail=detail, count=count, example=before.example if before else letter
    )
    return tuple(told.values())
