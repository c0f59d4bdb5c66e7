"""`make demo` where nothing runs: it starts a system, tells the whole story, and leaves nothing running."""

import subprocess
import sys
from pathlib import Path

import pytest

from deploy.embedded.endpoints import read_endpoints
from deploy.embedded.places import CHECKOUT, Places
from deploy.embedded.up import only_supervisor

BUDGET_SECONDS = 240


@pytest.mark.timeout(BUDGET_SECONDS + 60)
def test_it_starts_a_system_tells_the_story_and_stops_what_it_started(tmp_path: Path) -> None:
    places = Places(tmp_path / "var")
    told = subprocess.run(
        [sys.executable, "-m", "deploy.demo", "--no-color", "--var", str(places.var)],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=BUDGET_SECONDS,
        check=False,
    )
    assert told.returncode == 0, told.stdout + told.stderr
    assert told.stdout.splitlines()[-1].startswith("The story is told")
    assert "Everything is stopped; the data is kept" in told.stdout
    endpoints = read_endpoints(places.endpoints)
    assert endpoints is not None
    assert not endpoints.ready
    with only_supervisor(places):  # refused while a supervisor lives
        assert places.data.is_dir()
