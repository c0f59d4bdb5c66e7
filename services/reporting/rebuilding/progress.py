"""What an operator sees of a rebuild while it runs: one line every few seconds, and what happened in between."""

import sys
import time
from collections.abc import Callable
from typing import TextIO

EVERY_SECONDS = 2.0


class Progress:
    """Plain lines, so that a terminal, a log and a pipe all show the same."""

    def __init__(self, out: TextIO | None = None, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._out = out or sys.stdout
        self._monotonic = monotonic
        self._total = 0
        self._first: tuple[float, int] | None = None
        self._told_at = 0.0

    def says(self, line: str) -> None:
        self._out.write(line + "\n")
        self._out.flush()

    def begins(self, total: int) -> None:
        """So many offsets lie on the topics; markers of transactions are among them."""
        self._total, self._first, self._told_at = total, None, self._monotonic()

    def reached(self, done: int) -> None:
        now = self._monotonic()
        if self._first is None:
            self._first = (now, done)
        if now - self._told_at < EVERY_SECONDS and done < self._total:
            return
        self._told_at = now
        since, before = self._first
        speed = (done - before) / (now - since) if now > since else 0.0
        line = f"read {done:,} of {self._total:,} events"
        if speed >= 1:
            line += f", {speed:,.0f} a second"
            if done < self._total:
                line += f", {_spoken((self._total - done) / speed)} left"
        self.says(line)


def _spoken(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s" if minutes else f"{rest} s"
