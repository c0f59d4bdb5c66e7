"""One instance of a service as a process of its own, started again whenever it ends, as in production."""

import asyncio
import os
import shutil
import signal
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx

from deploy.embedded.atomic import write_atomically
from deploy.embedded.parts import Part
from deploy.embedded.processes import Child
from tests.faults.rig import child as launcher
from tests.faults.rig.proxy import LOOPBACK
from tests.faults.rig.servers import a_quiet_port
from tests.faults.rig.steps import Arming

TICK_SECONDS = 0.05
READY_POLL_SECONDS = 0.2
READY_TIMEOUT_SECONDS = 3.0
STOP_BUDGET_SECONDS = 60.0
LOG_LINES_SHOWN = 3


class NotReady(Exception):
    """An instance did not become ready in time; the message says which."""


@dataclass(frozen=True)
class Death:
    """When a life of an instance ended (monotonic), and how: an exit code, negative for a signal."""

    instance: str
    life: int
    at: float
    exit_code: int


class Instance:
    """Kept running from `start` to `stop`; its log, clock and orders are its own."""

    def __init__(
        self, service: str, number: int, folder: Path, settings: Mapping[str, str], redirected: Mapping[str, str]
    ) -> None:
        self.service = service
        self.name = f"{service}-{number}"
        self.port = a_quiet_port()
        self.url = f"http://{LOOPBACK}:{self.port}"
        self.arming = Arming(folder, self.name)
        self.deaths: list[Death] = []
        self._folder = folder
        self._clock_file = folder / f"{self.name}.clock.json"
        self.set_clock(0.0)
        part = Part(
            name=self.name,
            what=self.name,
            command=(sys.executable, "-m", "tests.faults.rig.child", service),
            environment={
                **settings,
                **launcher.environment(folder, self.name, redirected),
                "PUSKESOS_HTTP_PORT": str(self.port),
                "PUSKESOS_DEMO_CLOCK_FILE": str(self._clock_file),
            },
        )
        self._child = Child(part, folder)
        self._keeping: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        return self._child.pid

    @property
    def running(self) -> bool:
        return self._child.running

    @property
    def lives(self) -> int:
        """How often it was started."""
        return self._child.starts

    def start(self) -> None:
        self._begin_life()
        self._keeping = asyncio.create_task(self._keep(), name=f"keep-{self.name}")

    async def stop(self) -> int | None:
        """SIGTERM, and wait for its end; returns the exit code, negative when it had to be killed."""
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)
            self._keeping = None
        self.arming.disarm()
        if self._child.running:
            self.signal(signal.SIGCONT)
            self._child.ask_to_stop()
        deadline = time.monotonic() + STOP_BUDGET_SECONDS
        while self._child.running:
            if time.monotonic() > deadline:
                self.signal(signal.SIGUSR1)
                await asyncio.sleep(TICK_SECONDS)
                self._child.kill()
            await asyncio.sleep(TICK_SECONDS)
        return self._child.exit_code

    def signal(self, number: signal.Signals) -> None:
        """To the process, if there is one at this moment."""
        if self._child.pid is not None and self._child.running:
            os.kill(self._child.pid, number)

    def set_clock(self, offset_seconds: float) -> None:
        """Its clock from now on: the machine's and so much."""
        write_atomically(self._clock_file, f'{{"offset_seconds": {offset_seconds}}}'.encode())

    async def is_ready(self, http: httpx.AsyncClient) -> bool:
        if not self._child.running:
            return False
        try:
            answer = await http.get(f"{self.url}/health/ready", timeout=READY_TIMEOUT_SECONDS)
        except httpx.HTTPError:
            return False
        return answer.is_success

    async def until_ready(self, http: httpx.AsyncClient, limit_seconds: float) -> None:
        """Raises NotReady."""
        deadline = time.monotonic() + limit_seconds
        while not await self.is_ready(http):
            if time.monotonic() > deadline:
                raise NotReady(
                    f"{self.name}, in its life {self.lives}, is not ready after {limit_seconds:.0f} s; "
                    f"its log ends: {' '.join(self._child.last_log_lines(LOG_LINES_SHOWN))}"
                )
            await asyncio.sleep(READY_POLL_SECONDS)

    async def until_dead(self, life: int, limit_seconds: float) -> Death | None:
        """The end of this life; None when it outlived the limit."""
        deadline = time.monotonic() + limit_seconds
        while not (ended := [death for death in self.deaths if death.life == life]):
            if time.monotonic() > deadline:
                return None
            await asyncio.sleep(TICK_SECONDS)
        return ended[0]

    def keep_logs(self, folder: Path) -> None:
        """Copy the logs of all lives, for whoever asks what happened."""
        folder.mkdir(parents=True, exist_ok=True)
        for log in self._folder.glob(f"{self.name}.*log"):
            shutil.copy(log, folder)

    def forget_logs(self) -> None:
        """Of past lives: nothing was wrong with them."""
        for log in self._folder.glob(f"{self.name}.life-*.log"):
            log.unlink()

    def _begin_life(self) -> None:
        if self._child.log.exists():
            self._child.log.replace(self._folder / f"{self.name}.life-{self.lives:04d}.log")
        self._child.start()

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(TICK_SECONDS)
            code = self._child.exit_code  # reaps it: a zombie would look alive to its successor
            if code is not None:
                self.deaths.append(Death(self.name, self.lives, time.monotonic(), code))
                self._begin_life()
