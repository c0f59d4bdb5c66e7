"""One running child: started with a log of its own, bound to our life, stopped with a time budget."""

import ctypes
import os
import resource
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path

from deploy.embedded.parts import Part
from deploy.embedded.places import CHECKOUT

LOG_LINES_SHOWN = 20
PREVIOUS_LOGS_KEPT = 3
READY_POLL_SECONDS = 0.1
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class StartFailed(RuntimeError):
    """A part did not become ready; the message carries its last log lines."""


class Child:
    """The process of a part.

    Start it from the main thread only: Linux ends it when the *thread* that started it ends.
    """

    def __init__(self, part: Part, log_folder: Path) -> None:
        self.part = part
        self.log = log_folder / f"{part.name}.log"
        self.starts = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._asked = False

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def exit_code(self) -> int | None:
        """None while it runs (or was never started); negative: the signal that ended it."""
        return self._process.poll() if self._process else None

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Starts the process and returns at once; see wait_until_ready."""
        self.part.prepare()
        self.log.parent.mkdir(parents=True, exist_ok=True)
        _rotate(self.log)
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 - the command is ours
                self.part.command,
                cwd=CHECKOUT,
                env={**os.environ, "PYTHONUNBUFFERED": "1", **self.part.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # A session of its own: Ctrl-C reaches the supervisor alone, which stops them in order.
                start_new_session=True,
                preexec_fn=_BoundToParent(os.getpid()),  # noqa: PLW1509 - takes no lock
            )
        self._asked = False
        self.starts += 1

    def is_ready(self) -> bool:
        return self.running and self.part.ready(self.log)

    def wait_until_ready(self) -> None:
        """Raises StartFailed when the process ends or its budget is used up."""
        deadline = time.monotonic() + self.part.start_budget_seconds
        while not self.is_ready():
            if not self.running:
                raise StartFailed(self.failure(f"ended with exit code {self.exit_code}"))
            if time.monotonic() > deadline:
                raise StartFailed(self.failure(f"was not ready after {self.part.start_budget_seconds:.0f} s"))
            time.sleep(READY_POLL_SECONDS)

    def failure(self, what_happened: str) -> str:
        lines = [f"    {line}" for line in self.last_log_lines()]
        if not lines:
            return f"{self.part.name} {what_happened}. It wrote no log ({self.log})."
        return "\n".join((f"{self.part.name} {what_happened}. Its last log lines ({self.log}):", *lines))

    def last_log_lines(self, count: int = LOG_LINES_SHOWN) -> list[str]:
        if not self.log.exists():
            return []
        with self.log.open(encoding="utf-8", errors="replace") as stream:
            return [line.rstrip("\n") for line in deque(stream, maxlen=count)]

    def ask_to_stop(self) -> None:
        """SIGTERM without waiting; stop() waits. Once only: a second one would cut an orderly stop short."""
        if self.running and self._process is not None and not self._asked:
            self._asked = True
            self._process.terminate()

    def stop(self) -> bool:
        """SIGTERM, then SIGKILL when the budget is used up. True when it stopped on our word and in time."""
        if self._process is None or (self._process.poll() is not None and not self._asked):
            return False
        self.ask_to_stop()
        try:
            self._process.wait(self.part.stop_budget_seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            return False
        self.part.after_good_stop()
        return True

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()


def stop_together(children: Sequence[Child]) -> None:
    """Asks all, then waits for each."""
    for child in children:
        child.ask_to_stop()
    for child in children:
        child.stop()


class _BoundToParent:
    """Runs in the child before exec: the kernel ends it when the supervisor dies, even by SIGKILL."""

    def __init__(self, parent: int) -> None:
        self._parent = parent

    def __call__(self) -> None:
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        # Kafka keeps three files open a partition; the usual soft limit of 1024 is used up by one test run.
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        if _LIBC is not None:
            _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
            if os.getppid() != self._parent:  # it died before the line above
                os.kill(os.getpid(), signal.SIGKILL)


def _rotate(log: Path) -> None:
    """The log of a run is kept beside the next ones: what killed the last run is read after its restart."""
    if not log.exists():
        return
    for age in range(PREVIOUS_LOGS_KEPT, 1, -1):
        older = log.with_suffix(f".{age - 1}.log")
        if older.exists():
            older.replace(log.with_suffix(f".{age}.log"))
    log.replace(log.with_suffix(".1.log"))
