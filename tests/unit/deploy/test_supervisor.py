"""Order of starting and stopping, restarts, and that no child outlives its supervisor."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.embedded.parts import Part
from deploy.embedded.places import CHECKOUT
from deploy.embedded.restarts import RestartPolicy
from deploy.embedded.supervisor import KeepsDying, Supervisor

QUICK = RestartPolicy(deaths_allowed=2, first_pause_seconds=0.01, longest_pause_seconds=0.01)
LIVES = """
import signal, sys, time
def stop(*_):
    with open(sys.argv[1], "a") as story: story.write(sys.argv[2] + " stopped\\n")
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
with open(sys.argv[1], "a") as story: story.write(sys.argv[2] + " started\\n")
print("at work", flush=True)
time.sleep(600)
"""


def living(name: str, story: Path) -> Part:
    return Part(
        name=name,
        what=name,
        command=(sys.executable, "-c", LIVES, str(story), name),
        ready=lambda log: "at work" in log.read_text(),
    )


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "did not happen within 20 s"
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


def test_groups_start_in_order_and_stop_in_reverse(tmp_path: Path) -> None:
    story = tmp_path / "story"
    said: list[str] = []
    supervisor = Supervisor(tmp_path / "log", said.append)
    for name in ("server", "service"):
        supervisor.start([living(name, story)])
        supervisor.wait_until_ready(name)
    supervisor.stop()
    assert story.read_text().split("\n")[:4] == [
        "server started",
        "service started",
        "service stopped",
        "server stopped",
    ]


def test_a_killed_child_is_reported_with_its_last_lines_and_started_again(tmp_path: Path) -> None:
    said: list[str] = []
    supervisor = Supervisor(tmp_path / "log", said.append, QUICK)
    supervisor.start([living("intake", tmp_path / "story")])
    supervisor.wait_until_ready()
    first = supervisor.child("intake").pid
    assert first is not None

    os.kill(first, signal.SIGKILL)
    until(lambda: not supervisor.child("intake").running)
    supervisor.watch_once()
    supervisor.wait_until_ready()

    report = next(text for text in said if "SIGKILL" in text)
    assert "intake was ended by SIGKILL" in report
    assert "at work" in report
    assert supervisor.child("intake").pid != first
    assert (tmp_path / "log" / "intake.1.log").read_text() == "at work\n"
    supervisor.stop()


def test_a_child_that_keeps_dying_ends_the_watch(tmp_path: Path) -> None:
    said: list[str] = []
    supervisor = Supervisor(tmp_path / "log", said.append, QUICK)
    command = (sys.executable, "-c", "raise SystemExit('no such database')")
    supervisor.start([Part(name="referral", what="referral", command=command, ready=lambda _log: False)])
    with pytest.raises(KeepsDying, match="referral"):
        supervisor.wait_until_ready()
    assert len([text for text in said if "no such database" in text]) == QUICK.deaths_allowed + 1


def test_a_child_that_never_gets_ready_is_reported(tmp_path: Path) -> None:
    said: list[str] = []
    supervisor = Supervisor(tmp_path / "log", said.append, RestartPolicy(deaths_allowed=0))
    command = (sys.executable, "-c", "import time; time.sleep(600)")
    part = Part(name="slow", what="slow", command=command, ready=lambda _log: False, start_budget_seconds=0.3)
    supervisor.start([part])
    with pytest.raises(KeepsDying):
        supervisor.wait_until_ready()
    assert any("slow does not become ready" in text for text in said)


def test_no_child_outlives_a_killed_supervisor(tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path\n"
        "from deploy.embedded.parts import Part; from deploy.embedded.supervisor import Supervisor\n"
        "s = Supervisor(Path(sys.argv[1]), print)\n"
        "s.start([Part('child', 'child', (sys.executable, '-c', 'import time; time.sleep(600)'))])\n"
        "print(s.child('child').pid, flush=True); time.sleep(600)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert is_alive(child)
        parent.kill()
        parent.wait()
        until(lambda: not is_alive(child))
