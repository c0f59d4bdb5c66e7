"""`make run`, from an empty folder to the ready screen and down again."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from deploy.embedded.places import CHECKOUT
from deploy.embedded.services import SERVICES
from tests.harness.system import RunningSystem


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSystem]:
    system = RunningSystem(tmp_path_factory.mktemp("up") / "var")
    try:
        system.until(system.is_ready)
        yield system
    finally:
        system.end()


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


def beside(running: RunningSystem, *words: str) -> "subprocess.CompletedProcess[str]":
    """Another command on the folder of the running system."""
    return subprocess.run(
        [sys.executable, "-m", "deploy.embedded", *words, "--var", str(running.places.var)],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_second_supervisor_is_refused(running: RunningSystem) -> None:
    second = beside(running, "up", "--any-ports")
    assert second.returncode == 1
    assert f"in use by process {running.process.pid}" in second.stdout


def test_its_data_is_not_forgotten_while_it_runs(running: RunningSystem) -> None:
    refused = beside(running, "clean-data")
    assert refused.returncode == 1
    assert f"in use by process {running.process.pid}" in " ".join(refused.stdout.split())
    assert running.endpoints().ready
    assert (running.places.data / "kafka").is_dir()


@pytest.mark.parametrize("service", [kind.name for kind in SERVICES])
def test_a_killed_service_is_back_at_the_same_address(running: RunningSystem, service: str) -> None:
    killed = running.kill(service)
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
        again.end()
