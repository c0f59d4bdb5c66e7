"""The gate of the continuous run: a test that is skipped says which capability the machine lacks."""

import subprocess
import sys
from pathlib import Path

import pytest

from deploy.embedded.places import CHECKOUT

REPORT = '<testsuite><testcase classname="journeys" name="story">{}</testcase></testsuite>'


def gate(tmp_path: Path, inside: str) -> subprocess.CompletedProcess[str]:
    report = tmp_path / "tests.xml"
    report.write_text(REPORT.format(inside), encoding="utf-8")
    command = [sys.executable, str(CHECKOUT / ".ci" / "skips.py"), str(report)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_lack_of_capability_is_listed_and_passes(tmp_path: Path) -> None:
    outcome = gate(tmp_path, '<skipped type="pytest.skip" message="capability: docker"/>')
    assert outcome.returncode == 0
    assert "skipped (1) capability: docker" in outcome.stdout
    assert "journeys::story" in outcome.stdout


@pytest.mark.parametrize("kind", ["pytest.skip", "pytest.xfail"])
def test_any_other_skip_fails(tmp_path: Path, kind: str) -> None:
    outcome = gate(tmp_path, f'<skipped type="{kind}" message="flaky"/>')
    assert outcome.returncode == 1
    assert "not a lack of capability: 'flaky'" in outcome.stdout


def test_no_report_means_that_nothing_ran(tmp_path: Path) -> None:
    command = [sys.executable, str(CHECKOUT / ".ci" / "skips.py"), str(tmp_path / "missing.xml")]
    outcome = subprocess.run(command, capture_output=True, text=True, check=False)
    assert outcome.returncode == 1
    assert "they did not run" in outcome.stdout
