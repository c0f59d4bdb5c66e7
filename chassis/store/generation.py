"""What a generation of read models is, which is live, and how far one is that is being built. See `generations`."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict

from chassis.store.documents import Collection, D


@dataclass(frozen=True)
class ReadModels:
    """Collections that are made of events and of nothing else, by handlers that tell nothing and begin no work.

    `recipe` is raised whenever the handlers make something else of the same events: documents made by two recipes must
    not be mixed, and what an older one made wants to be rebuilt.
    """

    collections: tuple[Collection[Any], ...]
    recipe: int


@dataclass(frozen=True)
class Generation:
    """One set of the read models' collections."""

    number: int

    def name(self, collection: str) -> str:
        return collection if self.number == 1 else f"{collection}.g{self.number}"

    def of(self, collection: Collection[D]) -> Collection[D]:
        return replace(collection, name=self.name(collection.name))


FIRST = Generation(1)


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Unused(_Kept):
    """A generation that nobody needs any more, and since when."""

    number: int
    since: datetime


class Live(_Kept):
    """Which generation is live, by which recipe it was made, and which are waiting to be dropped."""

    number: int = 1
    recipe: int = 1
    last: int = 1
    """The highest number ever given."""
    switched_at: datetime | None = None
    unused: tuple[Unused, ...] = ()

    @property
    def generation(self) -> Generation:
        return Generation(self.number)


class Stage(StrEnum):
    """How far a generation being built is."""

    COPYING = "copying"  # what follows from no event is carried over
    READING = "reading"  # the topics are read from their beginning
    SETTLING = "settling"  # it is live; what was in flight at the switch is read as well


class Position(_Kept):
    """Where a partition is to be read on. `topic` is without the installation's prefix."""

    topic: str
    partition: int
    offset: int


class Building(_Kept):
    """A generation being built. Only `holder` may go on with it: another one's batches are refused."""

    number: int
    recipe: int
    stage: Stage
    holder: str
    begun_at: datetime
    positions: tuple[Position, ...] = ()

    @property
    def generation(self) -> Generation:
        return Generation(self.number)

    @property
    def offsets(self) -> dict[tuple[str, int], int]:
        return {(at.topic, at.partition): at.offset for at in self.positions}
