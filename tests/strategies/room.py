"""One service without servers: its real handlers and commands, folded and stamped by the chassis, over a dictionary.

What a database would keep is kept here; what Kafka would carry is told into `told`. No transaction can conflict and
nothing is lost: what is shown is what the rules make of facts and deeds, and nothing else.
"""

from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace
from typing import Any, Generic, TypeVar, cast

from opentelemetry.trace import INVALID_SPAN, NoOpTracer

from chassis.area import Scope
from chassis.bus import Handlers
from chassis.bus.folding import Folded, Folder, decode_batch
from chassis.bus.message import Message
from chassis.dead_letters.letter import DeadLetter
from chassis.outbox.outgoing import Outgoing
from chassis.outbox.publisher import OutboxRows, Publisher, Queued
from chassis.store import Collection, Copy, Document, NotFound, StaleEdit, Store, Task, UnitOfWork, Work
from chassis.store.documents import D
from chassis.telemetry import Telemetry

T = TypeVar("T")
TRACER = NoOpTracer()


def at_once(deed: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine that waits for nothing outside: in memory every deed is done at once."""
    try:
        deed.send(None)
    except StopIteration as done:
        return cast("T", done.value)
    deed.close()
    raise AssertionError("a deed waited for something outside the room")


def as_message(queued: Queued, offset: int) -> Message:
    return Message(queued.topic, 0, offset, queued.key.encode(), queued.value, queued.traceparent or None)


@dataclass(frozen=True)
class Spell(Generic[D]):
    """What a service heard between two deeds of its own, and what it kept and had to do before."""

    before: D | None
    heard: tuple[Message, ...]
    work: Mapping[str, Work] = field(default_factory=dict)


@dataclass
class Room(Generic[D]):
    """What one service keeps of one case."""

    service: str
    handlers: Handlers[D]
    document: D | None = None
    others: dict[tuple[str, str], Document] = field(default_factory=dict)
    """Copies, by collection and id."""
    work: dict[str, Work] = field(default_factory=dict)
    counts: dict[tuple[str, str], int] = field(default_factory=dict)
    told: list[Queued] = field(default_factory=list)
    letters: list[DeadLetter] = field(default_factory=list)
    spells: list[Spell[D]] = field(default_factory=list)
    _before: D | None = None
    _work_before: dict[str, Work] = field(default_factory=dict)
    _heard: list[Message] = field(default_factory=list)

    def __post_init__(self) -> None:
        telemetry = cast("Telemetry", SimpleNamespace(service=self.service, tracer=TRACER))
        self.publisher = Publisher(telemetry)
        self.folder = Folder(self.handlers, self.publisher, TRACER, f"puskesos.{self.service}")
        self._before = self.document

    def hear(self, messages: Sequence[Message], now: datetime) -> "Room[D]":
        """One batch, as `BatchProcessor` takes it."""
        items, keys = decode_batch(messages, self.handlers, now)
        stored = {} if self.document is None else {self.document.id: self.document}
        assert keys <= stored.keys() or not stored, "a room keeps one case"
        folded = self.folder.fold(items, stored, now, batch=INVALID_SPAN)
        self._take(folded)
        self._heard.extend(messages)
        return self

    def hear_as_deed(self, message: Message, now: datetime) -> None:
        """Hear what acts by when it comes, such as an agency's answer: it stands between two spells."""
        self.end_spell()
        self.hear([message], now)
        self._heard.clear()
        self._begin_spell()

    def _take(self, folded: Folded[D]) -> None:
        for document in folded.documents.values():
            self.document = document.model_copy(update={"revision": document.revision + 1})
        self.told.extend(folded.told.events)
        self.letters.extend(folded.dead)
        self._change_work({key: None if row is None else row[0] for key, row in folded.work.items()})
        self._copy(folded.copies)
        for moved in folded.increments:
            for name, count in moved.counts.items():
                place = (f"{moved.collection}:{moved.key}", name)
                self.counts[place] = self.counts.get(place, 0) + count

    def _change_work(self, changes: dict[str, Work | None]) -> None:
        for key, work in changes.items():
            if work is None:
                self.work.pop(key, None)
            else:
                self.work[key] = work

    def _copy(self, copies: Sequence[Copy]) -> None:
        for copy in copies:
            self.others[copy.collection.name, copy.document.id] = copy.document

    def do(self, deed: Callable[[UnitOfWork], Awaitable[T]], now: datetime, causation: str | None = None) -> T:
        """A deed in one unit of work: written whole, or not at all when it raises."""
        unit = _Unit(self, now, causation)
        result = at_once(cast("Coroutine[Any, Any, T]", deed(cast("UnitOfWork", unit))))
        self.end_spell()
        if unit.document is not None:
            self.document = unit.document
        self.told.extend(unit.rows.events)
        self._change_work(unit.work)
        self._copy(unit.copies)
        self._begin_spell()
        return result

    def end_spell(self) -> None:
        """From here on another spell of hearing begins."""
        if self._heard:
            self.spells.append(Spell(self._before, tuple(self._heard), self._work_before))
            self._heard.clear()
        self._begin_spell()

    def _begin_spell(self) -> None:
        self._before, self._work_before = self.document, dict(self.work)

    @property
    def kept(self) -> D:
        assert self.document is not None, f"{self.service} has not heard of the case"
        return self.document


@dataclass
class _Unit(Generic[D]):
    """A unit of work over a room, as commands see `chassis.store.UnitOfWork`."""

    room: Room[D]
    now: datetime
    causation: str | None
    scope: Scope = field(default_factory=lambda: Scope(""))
    rows: OutboxRows = field(default_factory=OutboxRows)
    work: dict[str, Work | None] = field(default_factory=dict)
    copies: list[Copy] = field(default_factory=list)
    document: D | None = None

    def of(self, collection: Collection[Any]) -> "Shelf[D]":
        return Shelf(self.room, collection, self)

    def schedule(self, work: Work) -> None:
        self.work[work.row_id] = work

    def unschedule(self, kind: str, key: str) -> None:
        self.work[f"{kind}:{key}"] = None

    def keep_copy(self, copy: Copy) -> None:
        self.copies.append(copy)

    async def finish(self, task: Task) -> None:
        self.work.setdefault(task.work.row_id, None)


@dataclass(frozen=True)
class Shelf(Generic[D]):
    """A repository over a room; without a unit it only reads."""

    room: Room[D]
    collection: Collection[Any]
    unit: _Unit[D] | None = None

    async def find(self, key: str) -> Any:
        if self.collection.name != self.room.handlers.collection.name:
            return self.room.others.get((self.collection.name, key))
        document = self.room.document
        return document if document is not None and document.id == key else None

    async def get(self, key: str) -> Any:
        found = await self.find(key)
        if found is None:
            raise NotFound(self.collection.name, key)
        return found

    async def add(self, document: D, events: Sequence[Outgoing] = ()) -> D:
        assert self.room.document is None, "a room keeps one case"
        return await self._write(document, events)

    async def save(self, document: D, events: Sequence[Outgoing] = (), expected: int | None = None) -> D:
        stored = self.room.kept
        if document.revision != stored.revision or expected not in (None, document.edition):
            raise StaleEdit(stored.edition)
        return await self._write(document, events)

    async def _write(self, document: D, events: Sequence[Outgoing]) -> D:
        unit = self.unit
        assert unit is not None
        told = unit.room.publisher.tell(document, events, unit.rows, now=unit.now, causation=unit.causation)
        unit.document = told.model_copy(update={"revision": document.revision + 1, "edition": document.edition + 1})
        return unit.document


@dataclass
class RoomStore(Generic[D]):
    """A room as workers see `chassis.store.Store`; its clock is whatever `now` says."""

    room: Room[D]
    now: Callable[[], datetime]

    @property
    def clock(self) -> Any:
        return SimpleNamespace(now=self.now)

    def reading(self, _scope: Scope, collection: Collection[Any]) -> Shelf[D]:
        return Shelf(self.room, collection)

    async def transact(
        self, _scope: Scope, deed: Callable[[UnitOfWork], Awaitable[T]], *, causation: str | None = None
    ) -> T:
        return self.room.do(deed, self.now(), causation)

    def as_store(self) -> Store:
        return cast("Store", self)


def task_of(work: Work, attempts: int = 1) -> Task:
    return Task(work, lease="held", attempts=attempts, traceparent="")
