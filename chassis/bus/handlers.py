"""What a service does on hearing a fact: pure functions, registered by event model.

A handler is (what is stored, event, now) -> Reaction. It is synchronous and does no I/O: work with the outside world is
a Work row that a worker leases. Every event of one service changes one document, found by the event's case unless
the service says otherwise.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeAlias, TypeVar

from chassis.outbox.outgoing import Outgoing
from chassis.store.copies import Copy
from chassis.store.documents import Collection, D
from chassis.store.generation import ReadModels
from chassis.store.work import Work
from contracts import Event, EventData

E = TypeVar("E", bound=EventData)


CounterValue: TypeAlias = str | int | datetime | list[str] | None
"""What a counter may be identified by."""


@dataclass(frozen=True)
class Increment:
    """Counts to add to one counter document. `identity` is written once, when the counter is made."""

    collection: str
    key: str
    identity: Mapping[str, CounterValue]
    counts: Mapping[str, int]


@dataclass(frozen=True)
class Reaction(Generic[D]):
    """What follows from one event: the document as it is now, what to tell, what to do, what to count, which copies of
    it to keep for queries.

    `document` None leaves what is stored as it was; events can only be told with a document, which counts them.
    """

    document: D | None
    events: tuple[Outgoing, ...] = ()
    work: tuple[Work, ...] = ()
    undo_work: tuple[tuple[str, str], ...] = ()
    increments: tuple[Increment, ...] = ()
    only_noted: bool = False
    """Nothing changed that a person's decision may rest on: whoever edits meanwhile is not turned back."""
    copies: tuple[Copy, ...] = ()


Handler = Callable[[D | None, Event[Any], datetime], Reaction[D]]


def by_case(event: Event[EventData]) -> str:
    return event.correlationid


def believe(_event: Event[EventData], _topic: str) -> None:
    """Take every event at its word: right where only the house's own services can write."""


def of_the_house(_topic: str) -> bool:
    return False


@dataclass
class Handlers(Generic[D]):
    """The handlers of one service over one collection."""

    collection: Collection[D]
    key: Callable[[Event[EventData]], str] = by_case
    check: Callable[[Event[EventData], str], None] = believe
    """Raises when an event must not count because of the topic (without prefix) that brought it.

    An envelope says itself who speaks; where others than the house may write, only the topic's access rights prove
    it. What it raises sets the event aside before any document notes that it was heard.
    """
    foreign: Callable[[str], bool] = of_the_house
    """Whether others than the house write a topic (without prefix). Their poison is no sign of a bad release, and must
    not stop the consumer for everybody else.
    """
    read_models: ReadModels | None = None
    """Given, all that the handlers write is made of events alone and lies in generations. They may then tell nothing
    and begin no work: a rebuild, which hears everything again, would tell and do it again."""
    _by_model: dict[type[EventData], Handler[D]] = field(default_factory=dict)

    def on(
        self, *models: type[E]
    ) -> Callable[
        [Callable[[D | None, Event[E], datetime], Reaction[D]]],
        Callable[[D | None, Event[E], datetime], Reaction[D]],
    ]:
        """Register the decorated function for events whose data is one of `models`."""

        def register(
            handler: Callable[[D | None, Event[E], datetime], Reaction[D]],
        ) -> Callable[[D | None, Event[E], datetime], Reaction[D]]:
            for model in models:
                self._by_model[model] = handler
            return handler

        return register

    def handler_of(self, event: Event[EventData]) -> Handler[D] | None:
        return self._by_model.get(type(event.data))

    @property
    def models(self) -> tuple[type[EventData], ...]:
        return tuple(self._by_model)
