"""python -m audit: its words, and what it answers to wrong ones."""

import json
from pathlib import Path

import pytest

from audit.__main__ import main
from audit.addresses import SERVICES, WrongWords, addresses_from
from audit.report import as_json, as_text, is_broken
from audit.told import read_told
from tests.unit.audit.world import a_house_at_rest, verdicts_of

HERE = {"kafka": {"bootstrap_servers": "127.0.0.1:9092"}, "mongodb": {name: f"mongodb://h/{name}" for name in SERVICES}}


def endpoints(folder: Path, *, ready: bool = True) -> Path:
    file = folder / "endpoints.json"
    file.write_text(json.dumps({"ready": ready, "users": [], **HERE}))
    return file


def test_help_says_the_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    assert "exit codes: 0 all laws hold; 1 a law is broken; 2 wrong words" in capsys.readouterr().out


def test_the_addresses_of_a_running_stack_are_read_from_its_file(tmp_path: Path) -> None:
    addresses = addresses_from(endpoints(tmp_path), "test.")
    assert addresses.kafka == "127.0.0.1:9092"
    assert tuple(addresses.mongodb) == SERVICES
    assert addresses.topic_prefix == "test."


def test_a_stack_that_does_not_run_is_not_audited(tmp_path: Path) -> None:
    with pytest.raises(WrongWords, match="make run"):
        addresses_from(endpoints(tmp_path, ready=False))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--endpoints", "nowhere.json"], "make run"),
        (["--mongodb", "intake=mongodb://h/intake"], "--mongodb needs --kafka"),
        (["--kafka", "h:1", "--mongodb", "intake=mongodb://h/intake"], "no database is named for referral"),
        (["--kafka", "h:1", "--mongodb", "elsewhere=mongodb://h/x"], "SERVICE=URI"),
        (["--kafka", "h:1", "--mongodb", "intake"], "SERVICE=URI"),
    ],
)
def test_wrong_words_end_with_2_and_say_the_right_ones(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("words", [["--patience", "long"], ["--patience", "-1"], ["--unheard-of"]])
def test_words_nobody_knows_end_with_2(words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2


def test_a_list_of_what_clients_were_told_is_read_line_by_line(tmp_path: Path) -> None:
    file = tmp_path / "told.jsonl"
    file.write_text('{"method": "POST", "path": "/v1/complaints", "status": null}\n\n')
    (told,) = read_told(file)
    assert told.uncertain
    file.write_text('{"method": "POST", "path": "/v1/complaints", "status": 201}\n{"method": "POST"}\n')
    with pytest.raises(WrongWords, match="line 2"):
        read_told(file)


def test_the_report_names_a_broken_law_with_what_broke_it() -> None:
    house = a_house_at_rest()
    house.stored["referral"]["outbox"] += [{"_id": "left"}]
    verdicts = verdicts_of(house)
    assert is_broken(verdicts)
    text = as_text(verdicts, shown=5)
    assert "BROKEN      Outboxes are empty at rest" in text
    assert "1 of 11 laws are broken, 1 times in all" in text
    told = json.loads(as_json(verdicts))
    assert told["holds"] is False
    assert next(law for law in told["laws"] if law["law"] == "outboxes")["breaches"] == [
        "referral: 1 rows wait in the outbox"
    ]


def test_the_report_of_a_house_at_rest_says_which_law_could_not_be_judged() -> None:
    text = as_text(verdicts_of(a_house_at_rest()), shown=5)
    assert "not judged  Every request answered 2xx" in text
    assert text.endswith("all laws hold that could be judged; 1 could not\n")
