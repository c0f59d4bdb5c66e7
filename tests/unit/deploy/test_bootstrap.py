"""deploy/bootstrap.sh, on a PATH that holds nothing but what a test puts there."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy.embedded.places import CHECKOUT

TOOLS = ("bash", "cat", "cksum", "cp", "dirname", "mkdir", "rm")

UV = """#!/usr/bin/env bash
echo "uv $*" >>"$CALLS"
case "$1" in
    cache) echo /the/cache ;;
    sync) {sync}; mkdir -p .venv/bin; cp "$STUBS/python" .venv/bin/python ;;
esac
"""

# Its abilities are words in $CAN: suits (the version), venv, pip, venv-pip (a venv it makes has pip), network.
PYTHON = """#!/usr/bin/env bash
echo "python $*" >>"$CALLS"
can() { [[ " $CAN " == *" $1 "* ]]; }
put_uv() { can network || { echo "pip: no network" >&2; exit 1; }; mkdir -p "$1"; cp "$STUBS/uv" "$1/uv"; }
no_module() { echo "$0: No module named $1" >&2; exit 1; }
case "$*" in
    -c*) can suits ;;
    "-m venv "*)
        can venv || no_module venv
        mkdir -p "$3/bin"; cp "$STUBS/python" "$3/bin/python"
        can venv-pip || { echo "ensurepip is not available"; exit 1; } ;;
    "-m pip "*)
        case "$0" in *.tools/*) can venv-pip ;; *) can pip ;; esac || no_module pip
        case "$*" in
            *--version*) ;;
            *--target*) put_uv .tools/uv/bin ;;
            *) put_uv "${0%/*}" ;;
        esac ;;
esac
"""


@dataclass(frozen=True)
class Machine:
    """A checkout with nothing in it but what the script reads, and a PATH."""

    folder: Path

    @property
    def checkout(self) -> Path:
        return self.folder / "checkout"

    @property
    def stubs(self) -> Path:
        return self.folder / "stubs"

    @property
    def path(self) -> Path:
        return self.folder / "path"

    def make(self, sync: str = "true") -> None:
        for folder in (self.checkout / "deploy", self.stubs, self.path):
            folder.mkdir(parents=True)
        shutil.copy(CHECKOUT / "deploy/bootstrap.sh", self.checkout / "deploy")
        (self.checkout / "uv.lock").write_text("locked")
        (self.checkout / "pyproject.toml").write_text("wanted")
        for tool in (*TOOLS, "env"):
            found = shutil.which(tool)
            assert found is not None
            (self.path / tool).symlink_to(found)
        for name, text in {"uv": UV.replace("{sync}", sync), "python": PYTHON}.items():
            (self.stubs / name).write_text(text)
            (self.stubs / name).chmod(0o755)

    def install(self, stub: str, name: str) -> None:
        shutil.copy(self.stubs / stub, self.path / name)

    def bootstrap(self, can: str = "suits venv pip venv-pip network") -> "subprocess.CompletedProcess[str]":
        (self.folder / "calls").write_text("")
        return subprocess.run(
            ["bash", str(self.checkout / "deploy/bootstrap.sh")],
            env={
                "PATH": str(self.path),
                "CAN": can,
                "CALLS": str(self.folder / "calls"),
                "STUBS": str(self.stubs),
                "VIRTUAL_ENV": "/another/environment",
            },
            cwd="/",
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )

    def calls(self) -> list[str]:
        return (self.folder / "calls").read_text().splitlines()

    @property
    def uv_of_its_own(self) -> bool:
        return (self.checkout / ".tools/uv/bin/uv").exists()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    machine = Machine(tmp_path)
    machine.make()
    return machine


def test_uv_of_the_path_is_taken(machine: Machine) -> None:
    machine.install("python", "python3.13")
    machine.install("uv", "uv")
    done = machine.bootstrap()
    assert done.returncode == 0, done.stderr
    assert done.stderr.splitlines() == [
        "Installing what uv.lock names into .venv (downloads are shared through /the/cache)"
    ]
    assert f"uv sync --frozen --quiet --compile-bytecode --python {machine.path}/python3.13" in machine.calls()
    assert not (machine.checkout / ".tools").exists()


def test_nothing_is_said_or_called_when_nothing_is_to_do(machine: Machine) -> None:
    machine.install("python", "python3")
    machine.install("uv", "uv")
    assert machine.bootstrap().returncode == 0
    again = machine.bootstrap()
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    assert machine.calls() == []


@pytest.mark.parametrize("file", ["uv.lock", "pyproject.toml"])
def test_a_changed_lock_is_followed_in_the_environment_that_is_there(machine: Machine, file: str) -> None:
    machine.install("python", "python3")
    machine.install("uv", "uv")
    assert machine.bootstrap().returncode == 0
    (machine.checkout / file).write_text("changed")
    assert machine.bootstrap().returncode == 0
    assert "uv sync --frozen --quiet --compile-bytecode" in machine.calls()
    assert machine.bootstrap().stderr == ""


def test_what_could_not_be_installed_is_tried_again(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.make(sync="echo 'no network' >&2; exit 2")
    machine.install("python", "python3")
    machine.install("uv", "uv")
    for _ in range(2):
        failed = machine.bootstrap()
        assert failed.returncode == 2
        assert "no network" in failed.stderr


@pytest.mark.parametrize(
    "can",
    ["suits venv venv-pip network", "suits pip network", "suits venv pip network"],
    ids=["venv", "pip alone", "venv without its pip"],
)
def test_without_uv_one_is_made(machine: Machine, can: str) -> None:
    machine.install("python", "python3.12")
    done = machine.bootstrap(can)
    assert done.returncode == 0, done.stderr
    assert done.stderr.splitlines() == [
        "uv is not installed: putting it into .tools/uv",
        "Installing what uv.lock names into .venv (downloads are shared through /the/cache)",
    ]
    assert machine.uv_of_its_own
    assert f"uv sync --frozen --quiet --compile-bytecode --python {machine.path}/python3.12" in machine.calls()


def test_the_uv_once_made_is_used_again(machine: Machine) -> None:
    machine.install("python", "python3.12")
    assert machine.bootstrap().returncode == 0
    (machine.checkout / "uv.lock").write_text("changed")
    again = machine.bootstrap("suits")
    assert again.returncode == 0, again.stderr
    assert "uv is not installed" not in again.stderr


@pytest.mark.parametrize("name", [None, "python3", "python"])
def test_without_a_suitable_python_one_line_says_what_to_install(machine: Machine, name: str | None) -> None:
    machine.install("uv", "uv")
    if name is not None:
        machine.install("python", name)
    failed = machine.bootstrap("venv pip venv-pip network")
    assert failed.returncode == 1
    assert failed.stdout == ""
    (line,) = failed.stderr.splitlines()
    assert line.startswith("Python 3.11, 3.12 or 3.13 is needed and none was found: install one")


@pytest.mark.parametrize("can", ["suits", "suits venv"], ids=["no venv", "venv without its pip"])
def test_with_neither_venv_nor_pip_one_line_says_what_to_install(machine: Machine, can: str) -> None:
    machine.install("python", "python3.11")
    failed = machine.bootstrap(can)
    assert failed.returncode == 1
    assert failed.stdout == ""
    (line,) = failed.stderr.splitlines()
    assert line.startswith("uv could not be installed: install it")
    assert "python3-venv" in line
    assert "python3-pip" in line
    assert not machine.uv_of_its_own


def test_without_a_network_the_last_line_says_what_to_do_and_pip_why(machine: Machine) -> None:
    machine.install("python", "python3.11")
    failed = machine.bootstrap("suits venv pip venv-pip")
    assert failed.returncode == 1
    assert "pip: no network" in failed.stderr
    assert failed.stderr.splitlines()[-1].startswith("uv could not be installed: install it")
