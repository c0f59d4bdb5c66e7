"""What reporting does on hearing a fact: the case takes it in, and the figures move by the difference it makes.

One handler for all events, because each carries its owner's whole state: the order in which they arrive, and across
which topics, makes no difference to where they lead.
"""

from datetime import datetime
from typing import Any

from chassis.bus import Handlers, Reaction
from contracts import Event
from contracts.manifest import Manifest
from services.reporting.domain.case import ReportedCase
from services.reporting.domain.figures import difference
from services.reporting.store import CASES, READ_MODELS, StoredCase, increment
from services.reporting.surges.counting import moved_steps


def build_handlers() -> Handlers[StoredCase]:
    """A handler for every event on the topics that reporting reads."""
    handlers = Handlers(CASES, read_models=READ_MODELS)
    models = [topic.model for topic in Manifest.load().read_by("reporting") if topic.model is not None]
    handlers.on(*models)(take_in)
    return handlers


def take_in(stored: StoredCase | None, event: Event[Any], now: datetime) -> Reaction[StoredCase]:
    """The case after the event, and by how much each figure moves. Of an erased case nothing is taken in."""
    if stored is not None and stored.erased is not None:
        return Reaction(stored, only_noted=True)
    area = stored.area if stored else event.area
    before = stored.case if stored else ReportedCase()
    after = before.hearing(event)
    moved = difference(before.adds(area), after.adds(area))
    return Reaction(
        StoredCase.holding(after, stored, key=event.correlationid, area=area),
        increments=(
            *(increment(key, area, dict(counts)) for key, counts in moved),
            *moved_steps(before, after, area, now),
        ),
    )
