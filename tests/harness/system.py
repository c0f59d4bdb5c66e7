"""The whole system as `make run` starts it, in a folder of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from deploy.embedded.endpoints import Endpoints, read_endpoints
from deploy.embedded.places import CHECKOUT, Places

READY_BUDGET_SECONDS = 240.0


class RunningSystem:
    """`python -m deploy.embedded up` beside whatever else runs on this machine."""

    def __init__(self, var: Path) -> None:
        self.places = Places(var)
        self.screen = var.with_suffix(".screen")
        with self.screen.open("wb") as screen:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "deploy.embedded", "up", "--any-ports", "--var", str(var)],
                cwd=CHECKOUT,
                stdout=screen,
                stderr=subprocess.STDOUT,
            )

    def said(self) -> str:
        return self.screen.read_text(encoding="utf-8", errors="replace")

    def until(self, condition: Callable[[], bool], budget_seconds: float = READY_BUDGET_SECONDS) -> None:
        deadline = time.monotonic() + budget_seconds
        while not condition():
            assert self.process.poll() is None, f"it ended:\n{self.said()}"
            assert time.monotonic() < deadline, f"not within {budget_seconds} s:\n{self.said()}"
            time.sleep(0.1)

    def endpoints(self) -> Endpoints:
        told = read_endpoints(self.places.endpoints)
        assert told is not None
        return told

    def is_ready(self) -> bool:
        told = read_endpoints(self.places.endpoints)
        return told is not None and told.ready

    def children(self) -> dict[int, str]:
        """Process id -> command line."""
        pids = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        commands: dict[int, str] = {}
        for pid in pids:
            try:
                commands[int(pid)] = Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ").strip()
            except FileNotFoundError:
                continue  # it died meanwhile
        return commands

    def kill(self, service: str) -> int | None:
        """kill -9 a service; None when it is not there at this moment."""
        for pid, command in self.children().items():
            if command.endswith(f"services.{service}"):
                os.kill(pid, signal.SIGKILL)
                return pid
        return None

    def interrupt(self) -> int:
        """Ctrl-C, and wait for the end; returns the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(90)

    def end(self) -> None:
        """Whatever happened, leave nothing running."""
        self.process.kill()
        self.process.wait()
