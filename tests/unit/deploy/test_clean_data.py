"""`make clean-data` forgets what a system stored, and nothing under a running one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.embedded.places import CHECKOUT, FORMER_KEYS, Places
from deploy.embedded.up import only_supervisor


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """A folder with something of everything in it."""
    places = Places(tmp_path / "var")
    for folder in (places.data / "kafka", places.log, places.mail, places.var / FORMER_KEYS, places.secrets):
        folder.mkdir(parents=True)
        (folder / "kept").write_text("kept")
    return places


def clean(places: Places) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "deploy.embedded", "clean-data", "--var", str(places.var)],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_everything_is_forgotten_and_nothing_beside_it(places: Places) -> None:
    beside = places.var.parent / "beside"
    beside.write_text("kept")
    cleaned = clean(places)
    assert (cleaned.returncode, cleaned.stderr) == (0, "")
    assert "is forgotten" in " ".join(cleaned.stdout.split())
    assert not places.var.exists()
    assert beside.exists()


def test_where_nothing_was_stored_there_is_nothing_to_complain_about(tmp_path: Path) -> None:
    places = Places(tmp_path / "never")
    assert clean(places).returncode == 0
    assert not places.var.exists()


def test_a_folder_with_anything_else_in_it_is_left_alone(places: Places) -> None:
    letters = places.var / "letters.txt"
    letters.write_text("to my mother")
    refused = clean(places)
    assert (refused.returncode, "nothing was removed" in refused.stdout) == (1, True)
    assert letters.read_text() == "to my mother"
    assert (places.data / "kafka" / "kept").exists()


def test_under_a_running_system_nothing_is_touched(places: Places) -> None:
    with only_supervisor(places):
        before = sorted(places.var.rglob("*"))
        refused = clean(places)
        assert refused.returncode == 1
        assert "in use by process" in " ".join(refused.stdout.split())
        assert sorted(places.var.rglob("*")) == before
    assert clean(places).returncode == 0


def test_make_knows_it() -> None:
    # Within `make test` make announces that it enters and leaves a directory.
    command = ["make", "--dry-run", "--no-print-directory", "clean-data"]
    alone = {name: value for name, value in os.environ.items() if name not in {"MAKELEVEL", "MAKEFLAGS", "MFLAGS"}}
    named = subprocess.run(command, cwd=CHECKOUT, env=alone, capture_output=True, text=True, timeout=60, check=True)
    assert named.stdout.splitlines()[-1].endswith("-m deploy.embedded clean-data")
