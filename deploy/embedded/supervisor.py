"""Starts groups of children in order, watches them, stops them in reverse order."""

import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from deploy.embedded.parts import Part
from deploy.embedded.processes import Child, stop_together
from deploy.embedded.restarts import RestartPolicy

TICK_SECONDS = 0.1


class KeepsDying(RuntimeError):
    """A child died too often; the message carries its name."""


class Watched:
    """A child with what the supervisor knows about it."""

    def __init__(self, child: Child, policy: RestartPolicy) -> None:
        self.child = child
        self.ready = False
        self._policy = policy
        self._deaths: list[float] = []
        self._started_at = 0.0
        self._start_again_at: float | None = None

    def start(self) -> None:
        self.child.start()
        self._started_at = time.monotonic()
        self._start_again_at = None

    def tick(self, say: Callable[[str], None]) -> None:
        """Looks once. Raises KeepsDying."""
        now = time.monotonic()
        if self._start_again_at is not None:
            if now >= self._start_again_at:
                self.start()
        elif not self.child.running:
            self._died(now, say)
        elif not self.ready:
            if self.child.is_ready():
                self.ready = True
                again = " again" if self._deaths else ""
                say(f"{self.child.part.name} is ready{again} ({now - self._started_at:.1f} s)")
            elif now - self._started_at > self.child.part.start_budget_seconds:
                say(self.child.failure("does not become ready"))
                self.child.kill()

    def _died(self, now: float, say: Callable[[str], None]) -> None:
        self.ready = False
        self._deaths.append(now)
        code = self.child.exit_code
        how = f"was ended by {signal.Signals(-code).name}" if code and code < 0 else f"ended with exit code {code}"
        say(self.child.failure(how))
        pause = self._policy.pause_seconds(self._deaths, code)
        if pause is None:
            raise KeepsDying(f"{self.child.part.name} cannot be kept running")
        say(f"starting {self.child.part.name} again in {pause:.1f} s")
        self._start_again_at = now + pause


class Supervisor:
    """Groups are started one after the other; within a group all at once."""

    def __init__(self, log_folder: Path, say: Callable[[str], None], policy: RestartPolicy | None = None) -> None:
        self._log_folder = log_folder
        self._say = say
        self._policy = policy or RestartPolicy()
        self._groups: list[list[Watched]] = []

    def start(self, parts: Sequence[Part]) -> None:
        """Starts a group; does not wait."""
        group = [Watched(Child(part, self._log_folder), self._policy) for part in parts]
        self._groups.append(group)
        for watched in group:
            watched.start()

    def wait_until_ready(self, *names: str) -> None:
        """Until these parts (none named: all) are ready at the same time. Raises KeepsDying."""
        while not all(w.ready for w in self._all() if not names or w.child.part.name in names):
            self.watch_once()
            time.sleep(TICK_SECONDS)

    def watch(self) -> NoReturn:
        """Restarts what dies, until interrupted. Raises KeepsDying."""
        while True:
            self.watch_once()
            time.sleep(TICK_SECONDS)

    def watch_once(self) -> None:
        for watched in self._all():
            watched.tick(self._say)

    def stop(self) -> None:
        """The last group first: services before the servers they write to."""
        for group in reversed(self._groups):
            stop_together([watched.child for watched in group])
        self._groups.clear()

    def child(self, name: str) -> Child:
        return next(w.child for w in self._all() if w.child.part.name == name)

    def _all(self) -> list[Watched]:
        return [watched for group in self._groups for watched in group]
