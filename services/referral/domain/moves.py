"""What every move of a handling gives back: the new handling, and the facts that follow."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from contracts.events import EventData, HandlingState
from services.referral.domain.handling import Handling, public_state


class Moved(NamedTuple):
    """What a move made: the new handling, and the facts to publish in this order."""

    handling: Handling
    facts: tuple[EventData, ...] = ()


Telling = Callable[[HandlingState], EventData]
"""A fact still to be told. It is made when the move is complete, so that all facts of one move carry the
state that was saved with them, and a reader who hears only the last has missed nothing.
"""


def told(handling: Handling, tellings: Iterable[Telling]) -> Moved:
    state = public_state(handling)
    return Moved(handling, tuple(telling(state) for telling in tellings))
