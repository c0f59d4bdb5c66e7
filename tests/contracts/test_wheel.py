"""The package as a stranger gets it: built, installed alone in an empty environment, used."""

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UV = os.environ.get("UV", "")

_READ_AN_EXAMPLE = """
import json, sys
from importlib.util import find_spec
from contracts import decode, encode
from contracts.frozen import Shelf, Version
example = Shelf.of_package().example("referral.issued", Version(1, 0))
event = decode(example)
assert json.loads(encode(event)) == json.loads(example)
absent = [name for name in ("yaml", "jsoncompat", "chassis", "services") if find_spec(name) is None]
json.dump({"from": decode.__code__.co_filename, "agency": event.data.agency, "absent": absent}, sys.stdout)
"""


def run(*command: str | Path, cwd: Path) -> str:
    clean = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    done = subprocess.run(command, cwd=cwd, env=clean, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    if UV:
        run(UV, "build", "--quiet", "--wheel", "--out-dir", out, ROOT / "contracts", cwd=out)
    else:
        run(sys.executable, "-m", "build", "--wheel", "--outdir", out, ROOT / "contracts", cwd=out)
    (built,) = out.glob("puskesos_contracts-*.whl")
    return built


@pytest.fixture(scope="module")
def lonely_python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An interpreter that has this wheel and what it asks for, nothing else."""
    home = tmp_path_factory.mktemp("lonely")
    venv.create(home, with_pip=not UV, symlinks=True)
    python = home / "bin" / "python"
    if UV:
        run(UV, "pip", "install", "--quiet", "--python", python, wheel, cwd=home)
    else:
        run(python, "-m", "pip", "install", "--quiet", wheel, cwd=home)
    return python


def test_the_wheel_alone_reads_a_frozen_example(lonely_python: Path, tmp_path: Path) -> None:
    answer = json.loads(run(lonely_python, "-c", _READ_AN_EXAMPLE, cwd=tmp_path))

    assert answer["agency"] == "cianjur-education"
    assert str(lonely_python.parents[1]) in answer["from"], "it must read with the wheel, not with the checkout"
    assert answer["absent"] == ["yaml", "jsoncompat", "chassis", "services"]


def test_without_its_tools_the_command_line_says_what_to_install(lonely_python: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [lonely_python, "-m", "contracts", "list"], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert done.returncode == 2
    assert "puskesos-contracts[tools]" in done.stderr


def test_the_wheel_carries_topics_schemas_and_examples_and_no_tests(wheel: Path, lonely_python: Path) -> None:
    listing = run(lonely_python, "-m", "zipfile", "-l", wheel, cwd=wheel.parent)

    for part in ("contracts/topics.yaml", "contracts/schemas/envelope/v1.0.json", "contracts/py.typed",
                 "contracts/examples/case.resolved/v1.0.json", "contracts/vocabulary/handling.py"):  # fmt: skip
        assert part in listing
    assert "test" not in listing
