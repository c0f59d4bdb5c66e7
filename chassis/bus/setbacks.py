"""What went wrong with a batch so far, and whether to begin it anew, in smaller parts, or to call it poison."""

import random

from chassis.store.batch import Raced, Unstorable
from chassis.store.errors import is_conflict, is_timeout

BACKOFF_FIRST_SECONDS = 0.05
BACKOFF_LIMIT_SECONDS = 5.0
RACES_LIMIT = 10
CONFLICTS_LIMIT = 3
TIMEOUTS_LIMIT = 3
SMALL_BATCH = 50
"""Never halved for being slow: a database that is away altogether answers one event no sooner than fifty."""


class TooMuchAtOnce(Exception):
    """Others wrote documents of this batch each time before it could commit, or the database was not done in time."""


class Setbacks:
    """Of one batch of `size` events, until it is committed."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._races = 0
        self._conflicts = 0
        self._timeouts = 0
        self.outages = 0
        """How often the database stood in the way."""

    def raced(self, race: Raced) -> None:
        """Raises Unstorable when nobody can be that unlucky."""
        self._races += 1
        if self._races >= RACES_LIMIT:
            raise Unstorable("a unique value is taken by another document") from race

    def held_up(self, fault: Exception) -> None:
        """Raises TooMuchAtOnce when fewer events would fare better."""
        self.outages += 1
        self._conflicts += is_conflict(fault)
        self._timeouts += is_timeout(fault)
        contended = self._conflicts >= CONFLICTS_LIMIT and self._size > 1
        too_slow = self._timeouts >= TIMEOUTS_LIMIT and self._size > SMALL_BATCH
        if contended or too_slow:
            raise TooMuchAtOnce from fault

    def pause_seconds(self) -> float:
        """Before the batch is begun anew."""
        pause = min(BACKOFF_FIRST_SECONDS * 2 ** min(self.outages, 10), BACKOFF_LIMIT_SECONDS)
        return random.uniform(pause / 2, pause)  # noqa: S311 - jitter
