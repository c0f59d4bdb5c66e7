"""A dead letter that is handled once more, and how it fared."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chassis.dead_letters.letter import DeadLetter

UNHEARD = "unheard"
"""Why a letter dies again whose event this service no longer handles."""


@dataclass(frozen=True)
class Retrial:
    """`keeping`: collection and row that stay in the letter's place once it was handled. `rehearsing`: to be undone."""

    letter: DeadLetter
    keeping: tuple[str, Mapping[str, Any]] | None
    rehearsing: bool


@dataclass(frozen=True)
class Replay:
    """How a dead letter fared. `reason` and `detail` say why it died again."""

    handled: bool
    reason: str = ""
    detail: str = ""

    @property
    def why(self) -> str:
        return f"{self.reason} ({self.detail})" if self.detail else self.reason


class DecidedMeanwhile(Exception):
    """Somebody else replayed or discarded the letter before this attempt could commit: it has no effect."""


class OnlyTried(Exception):
    """Ends the transaction of a rehearsal, whose writes were wanted only to see whether they can be made."""
