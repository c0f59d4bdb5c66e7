"""What the topics hold: every event once, with the places of all its copies, and each case folded from its events."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from audit.rebuilt import RebuiltCase
from audit.worth_telling import message_about
from contracts import Event, EventData, Undecodable, decode
from contracts.events import ComplaintState, HandlingState
from contracts.manifest import Party, Topic

_HOUSE_SOURCE = re.compile(r"^/districts/[^/]+/(?P<service>[a-z]+)$")


class Key(NamedTuple):
    """What makes an event unique to its readers."""

    source: str
    subject: str
    sequence: int


class Place(NamedTuple):
    """Where a record lies. `str` is what a dead letter of it is called."""

    topic: str
    partition: int
    offset: int

    def __str__(self) -> str:
        return f"{self.topic}-{self.partition}-{self.offset}"


@dataclass(frozen=True, slots=True)
class Record:
    """A record as it lies on Kafka; the topic without the installation's prefix."""

    topic: Topic
    place: Place
    key: str | None
    value: bytes
    traceparent: str | None
    """Of the header."""


@dataclass(frozen=True, slots=True)
class Copy:
    """One record of an event: where it is, under which key, and whether its header has the envelope's trace context."""

    place: Place
    key: str | None
    traced_alike: bool


@dataclass(slots=True)
class Fact:
    """One event. A relay that was killed may have published it more than once: `copies`."""

    id: str
    model: type[EventData]
    topic: Topic
    source: str
    subject: str
    sequence: int
    time: datetime
    area: str
    case: str
    about: str | None
    """Of what is told about a message: the event that the message was about."""
    message: str | None
    """The template of the message to the citizen that it asks for."""
    round: int
    """Of the case, when it was told."""
    traced: bool
    """Whether the envelope carries a trace context."""
    copies: tuple[Copy, ...]

    @property
    def key(self) -> Key:
        return Key(self.source, self.subject, self.sequence)

    @property
    def of_the_house(self) -> bool:
        """Whether one of the four services tells it; what agencies write themselves is not ours to promise."""
        return self.topic.owner is not Party.AGENCY

    @property
    def speaker(self) -> str | None:
        """The service that the source names; None when it is no service of a district."""
        named = _HOUSE_SOURCE.match(self.source)
        return named["service"] if named else None

    def is_read_by(self, service: str) -> bool:
        return Party(service) in self.topic.readers

    def __str__(self) -> str:
        return f"{self.topic.family} {self.sequence} of {self.source} about {self.subject}"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A record that is no event. The reason is the contracts' own word for it; the content is not repeated."""

    topic: Topic
    place: Place
    reason: str


@dataclass
class Facts:
    """Everything committed on the topics when it was read."""

    by_key: dict[Key, Fact] = field(default_factory=dict)
    clashes: list[tuple[Fact, Fact]] = field(default_factory=list)
    """Two events under one key: a reader hears only one of them."""
    unreadable: list[Unreadable] = field(default_factory=list)
    cases: dict[str, RebuiltCase] = field(default_factory=dict)
    records: int = 0
    topics: tuple[str, ...] = ()
    _words: dict[str, str] = field(default_factory=dict)

    def add(self, record: Record) -> None:
        """Take in one more record, in any order."""
        self.records += 1
        try:
            event = decode(record.value)
        except Undecodable as fault:
            self.unreadable.append(Unreadable(record.topic, record.place, fault.reason))
            return
        subject = self._once(event.subject)
        key_of_record = subject if record.key == subject else record.key
        copy = Copy(record.place, key_of_record, record.traceparent == event.traceparent)
        key = Key(self._once(event.source), subject, event.sequence)
        known = self.by_key.get(key)
        if known is not None and known.id == event.id:
            known.copies += (copy,)
            return
        fact = self._fact(event, record.topic, key, copy)
        if known is not None:
            self.clashes.append((known, fact))
            return
        self.by_key[key] = fact
        self.cases.setdefault(fact.case, RebuiltCase()).take(event)

    def __iter__(self) -> Iterator[Fact]:
        return iter(self.by_key.values())

    def of_cases(self) -> dict[str, list[Fact]]:
        """The events of each case, in the order of timelines: as they happened."""
        found: dict[str, list[Fact]] = defaultdict(list)
        for fact in self:
            found[fact.case].append(fact)
        for facts in found.values():
            facts.sort(key=lambda fact: (fact.time, fact.source, fact.sequence, fact.id))
        return found

    def _fact(self, event: Event[EventData], topic: Topic, key: Key, copy: Copy) -> Fact:
        return Fact(
            id=event.id,
            model=type(event.data),
            topic=topic,
            source=key.source,
            subject=key.subject,
            sequence=event.sequence,
            time=event.time,
            area=self._once(event.area),
            case=self._once(event.correlationid),
            about=getattr(event.data, "about", None),
            message=message_about(event.data),
            round=_round(event.data),
            traced=event.traceparent is not None,
            copies=(copy,),
        )

    def _once(self, word: str) -> str:
        """The same word, kept once however many events say it."""
        return self._words.setdefault(word, word)


def _round(data: EventData) -> int:
    state = getattr(data, "complaint", None) or getattr(data, "handling", None)
    return state.round if isinstance(state, ComplaintState | HandlingState) else 0
