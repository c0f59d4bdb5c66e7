"""How facts may reach a reader: in any order, more than once, in batches of any size."""

import itertools
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from chassis.bus.message import Message
from chassis.store import Document
from contracts import decode
from services.reporting.store import SURGE_STEPS
from tests.strategies.room import Room

Batches = list[list[Message]]


@st.composite
def any_order(draw: st.DrawFn, messages: Sequence[Message]) -> Batches:
    """All of them, shuffled, some repeated, cut into batches: a repetition may share its batch with the first."""
    if not messages:
        return []
    repeated = draw(st.lists(st.sampled_from(messages), max_size=8), label="heard again")
    order = draw(st.permutations([*messages, *repeated]), label="order")
    cuts = sorted(draw(st.sets(st.integers(1, len(order)), max_size=6), label="batches end at"))
    edges = [0, *cuts, len(order)]
    return [order[start:end] for start, end in itertools.pairwise(edges)]


@st.composite
def some_lost(draw: st.DrawFn, messages: Sequence[Message]) -> tuple[list[Message], list[Message]]:
    """What comes and what is lost: anything but the newest of each teller about each subject."""
    newest: dict[tuple[str, str], tuple[int, Message]] = {}
    for message in messages:
        event = decode(message.value)
        place = (event.source, event.subject)
        newest[place] = max(newest.get(place, (0, message)), (event.sequence, message), key=lambda one: one[0])
    last = [message for _, message in newest.values()]
    others = [message for message in messages if message not in last]
    lost = draw(st.lists(st.sampled_from(others), unique=True) if others else st.just([]), label="lost")
    return [message for message in messages if message not in lost], lost


EXPIRING = f"{SURGE_STEPS.name}:"
"""Counters of the last days: what is heard later than they are kept no longer moves any (ADR 0011)."""


def shown(room: Room[Any]) -> dict[str, Any]:
    """All that a reader keeps, but how often it wrote and what it told meanwhile."""
    document: Document = room.kept
    kept = document.model_dump(exclude={"revision", "edition", "heard", "published"})
    heard = sorted((entry.source, entry.subject, entry.ranges) for entry in document.heard.entries)
    return {
        "kept": kept,
        "heard": heard,
        "work": room.work,
        "copies": room.others,
        "counts": {place: count for place, count in room.counts.items() if count and not place[0].startswith(EXPIRING)},
        "letters": room.letters,
    }
