"""Which events a document has heard, by source and subject, as ranges of sequence numbers.

Kept inside the document itself: one read tells the state and what it is made of, so that a repeated event
vanishes and an older one never moves a state back.
"""

import itertools
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict


class Range(NamedTuple):
    """Sequence numbers from first to last, both included."""

    first: int
    last: int


class HeardFrom(BaseModel):
    """What was heard from one source about one subject."""

    model_config = ConfigDict(frozen=True)

    source: str
    subject: str
    ranges: tuple[Range, ...] = ()

    @property
    def latest(self) -> int:
        return self.ranges[-1].last if self.ranges else 0

    def contains(self, sequence: int) -> bool:
        return any(first <= sequence <= last for first, last in self.ranges)

    def with_sequence(self, sequence: int) -> "HeardFrom":
        merged: list[Range] = []
        for item in sorted((*self.ranges, Range(sequence, sequence))):
            if merged and item.first <= merged[-1].last + 1:
                merged[-1] = Range(merged[-1].first, max(merged[-1].last, item.last))
            else:
                merged.append(item)
        return self.model_copy(update={"ranges": tuple(merged)})


class Heard(BaseModel):
    """Everything one document has heard. Immutable: `adding` gives the next value."""

    model_config = ConfigDict(frozen=True)

    entries: tuple[HeardFrom, ...] = ()

    def _entry(self, source: str, subject: str) -> HeardFrom:
        for entry in self.entries:
            if entry.source == source and entry.subject == subject:
                return entry
        return HeardFrom(source=source, subject=subject)

    def contains(self, source: str, subject: str, sequence: int) -> bool:
        return self._entry(source, subject).contains(sequence)

    def latest(self, source: str, subject: str) -> int:
        """The highest sequence heard; 0 when nothing was."""
        return self._entry(source, subject).latest

    def missing(self, source: str, subject: str) -> tuple[Range, ...]:
        """The gaps below the latest."""
        ranges = self._entry(source, subject).ranges
        edges = (Range(0, 0), *ranges)
        gaps = (Range(low.last + 1, high.first - 1) for low, high in itertools.pairwise(edges))
        return tuple(gap for gap in gaps if gap.first <= gap.last)

    def adding(self, source: str, subject: str, sequence: int) -> "Heard":
        entry = self._entry(source, subject).with_sequence(sequence)
        others = tuple(e for e in self.entries if (e.source, e.subject) != (source, subject))
        return Heard(entries=(*others, entry))
