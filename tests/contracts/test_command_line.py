import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from contracts.__main__ import main
from contracts.asyncapi import asyncapi_document
from contracts.check import Fault
from contracts.manifest import Manifest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return asyncapi_document(Manifest.load())


def references(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        yield from (value for key, value in node.items() if key == "$ref")
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def test_list_shows_every_topic_with_its_owner(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1 + len(Manifest.load().topics)
    assert any(line.split()[:3] == ["case.resolved", "1.0", "referral"] for line in lines)
    assert any(line.split()[:3] == ["eligibility.changed", "planned", "referral"] for line in lines)


def test_list_can_be_asked_what_one_party_hears(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--reader", "agency"]) == 0

    names = [line.split()[0] for line in capsys.readouterr().out.splitlines()[1:]]
    assert names == ["partner.<agency>.referral.issued", "partner.<agency>.answer.refused"]


def test_check_is_content_with_what_is_released(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    assert "keep their promises" in capsys.readouterr().out


def test_check_says_what_broke_and_what_to_do(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fault = Fault("case.closed", "data.by: the field is gone", "roll-out: readers first")
    monkeypatch.setattr("contracts.check.faults", lambda *_: (fault,))

    assert main(["check"]) == 1

    told = capsys.readouterr().out
    assert "case.closed: data.by: the field is gone\n    -> roll-out: readers first" in told


def test_freeze_releases_nothing_that_would_break_a_reader(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fault = Fault("case.closed", "data.by: the field is gone", "roll-out: readers first")
    monkeypatch.setattr("contracts.check.compatibility_faults", lambda *_: (fault,))

    assert main(["freeze"]) == 1
    assert "nothing released" in capsys.readouterr().out


def test_a_command_that_cannot_run_says_so_with_two(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["asyncapi", "--out", str(tmp_path / "nowhere" / "a.json")]) == 2
    assert "nowhere" in capsys.readouterr().err


def test_a_wrong_command_shows_the_usage_with_two() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "contracts", "mend"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert "usage: python -m contracts" in done.stderr


def test_asyncapi_is_written_where_it_is_wanted(tmp_path: Path, document: dict[str, Any]) -> None:
    path = tmp_path / "asyncapi.json"

    assert main(["asyncapi", "--out", str(path)]) == 0

    assert json.loads(path.read_text()) == document


def test_asyncapi_has_a_channel_and_a_message_for_every_topic_in_use(document: dict[str, Any]) -> None:
    in_use = [topic for topic in Manifest.load().topics if not topic.is_planned]

    assert document["asyncapi"] == "3.0.0"
    assert len(document["channels"]) == len(document["components"]["messages"]) == len(in_use)
    assert document["channels"]["partner.referral.issued"]["address"] == "partner.{agency}.referral.issued"
    assert document["operations"]["referral.receive.partner.referral.answered"]["action"] == "receive"


def test_every_topic_is_sent_by_its_owner_alone(document: dict[str, Any]) -> None:
    senders = [
        operation["channel"]["$ref"] for operation in document["operations"].values() if operation["action"] == "send"
    ]

    assert sorted(senders) == sorted(f"#/channels/{channel}" for channel in document["channels"])


def test_every_reference_in_asyncapi_leads_somewhere(document: dict[str, Any]) -> None:
    found = list(references(document))
    assert found

    for reference in found:
        node: Any = document
        for step in reference.removeprefix("#/").split("/"):
            node = node[step]
        assert node
