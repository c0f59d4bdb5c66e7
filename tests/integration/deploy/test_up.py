"""`make run`, from an empty folder to the ready screen and down again."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from deploy.embedded.endpoints import Endpoints, read_endpoints
from deploy.embedded.places import CHECKOUT, Places
from deploy.embedded.services import SERVICES

READY_BUDGET_SECONDS = 150


class RunningSystem:
    """`python -m deploy.embedded up` in a folder of its own."""

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
        return {int(pid): Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ").strip() for pid in pids}

    def interrupt(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(90)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSystem]:
    system = RunningSystem(tmp_path_factory.mktemp("up") / "var")
    try:
        system.until(system.is_ready)
        yield system
    finally:
        system.process.kill()
        system.process.wait()


def test_every_page_it_names_is_there(running: RunningSystem) -> None:
    for name, address in running.endpoints().pages.model_dump().items():
        answer = httpx.get(address, follow_redirects=True, trust_env=False)
        assert answer.status_code == 200, f"{name}: {address} answered {answer.status_code}"


def test_every_api_describes_itself(running: RunningSystem) -> None:
    apis = running.endpoints().apis
    assert set(apis) == {kind.name for kind in SERVICES}
    for url in apis.values():
        assert httpx.get(f"{url}/openapi.json", trust_env=False).json()["openapi"].startswith("3.")


def test_a_tool_gets_a_token_by_what_the_file_tells(running: RunningSystem) -> None:
    told = running.endpoints()
    form = {
        "grant_type": "password",
        "client_id": told.client_id,
        "username": told.users[0].name,
        "password": told.users[0].password,
    }
    assert "access_token" in httpx.post(told.token_url, data=form, trust_env=False).json()


def test_a_second_supervisor_is_refused(running: RunningSystem) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "deploy.embedded", "up", "--any-ports", "--var", str(running.places.var)],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert second.returncode == 1
    assert f"in use by process {running.process.pid}" in second.stdout


@pytest.mark.parametrize("service", [kind.name for kind in SERVICES])
def test_a_killed_service_is_back_at_the_same_address(running: RunningSystem, service: str) -> None:
    (killed,) = (pid for pid, command in running.children().items() if command.endswith(f"services.{service}"))
    os.kill(killed, signal.SIGKILL)
    running.until(lambda: f"{service} is ready again" in running.said(), budget_seconds=60)
    ready = httpx.get(f"{running.endpoints().apis[service]}/health/ready", trust_env=False)
    assert ready.status_code == 200
    assert killed not in running.children()


def test_ctrl_c_stops_all_in_order_and_the_next_start_finds_the_data(running: RunningSystem) -> None:
    children = running.children()
    assert running.interrupt() == 0
    assert "Everything is stopped; the data is kept" in running.said()
    assert not running.endpoints().ready
    assert [pid for pid in children if Path(f"/proc/{pid}").exists()] == []

    again = RunningSystem(running.places.var)
    try:
        again.until(again.is_ready)
        assert "topics created" not in again.said()  # they are still there
        assert again.interrupt() == 0
    finally:
        again.process.kill()
        again.process.wait()
