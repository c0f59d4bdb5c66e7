"""How `python -m deploy.demo` ends, on a system that is not there."""

import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from aiokafka.errors import KafkaConnectionError

from deploy.demo import __main__ as demo
from deploy.demo.errors import StoryBroke
from deploy.demo.system import Installation
from deploy.embedded.places import Places, default_places

Tell = Callable[[Exception | None], list[str]]
Play = Callable[..., tuple[int, str]]

LONG = "waited 60 s for case.assessed; told so far: " + ", ".join(["referral.answered"] * 20)


@pytest.fixture
def tell(monkeypatch: pytest.MonkeyPatch) -> Tell:
    """Has the story end as asked; returns what happened, in order."""

    def prepare(fault: Exception | None) -> list[str]:
        happened: list[str] = []

        @asynccontextmanager
        async def faked_system(installation: Installation) -> AsyncIterator[None]:
            happened.append(f"started in {installation.places.var}")
            try:
                yield
            finally:
                happened.append("stopped")

        async def faked_story(*_: object, **__: object) -> list[str]:
            happened.append("told")
            if fault is not None:
                raise fault
            return []

        monkeypatch.setattr(demo, "system", faked_system)
        monkeypatch.setattr(demo, "tell", faked_story)
        return happened

    return prepare


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Play:
    """Plays with these words; returns the exit code and the last line printed."""

    def with_words(*words: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["deploy.demo", *words])
        code = demo.main()
        return code, capsys.readouterr().out.splitlines()[-1]

    return with_words


@pytest.mark.parametrize(
    ("fault", "last_line"),
    [
        (StoryBroke(LONG), f"The story broke: {LONG}"),
        (StoryBroke("last seen: [red]\nand\nmore"), "The story broke: last seen: [red] and more"),
        (httpx.ConnectError("nobody listens"), "The story broke: nobody listens"),
        (httpx.ReadTimeout(""), "The story broke: ReadTimeout"),
        (KafkaConnectionError("no broker"), "The story broke: KafkaConnectionError: no broker"),
    ],
    ids=["a long reason", "a reason of several lines", "http", "a nameless error", "kafka"],
)
def test_a_broken_story_ends_with_1_and_says_why_in_its_last_line(
    play: Play, tell: Tell, tmp_path: Path, fault: Exception, last_line: str
) -> None:
    happened = tell(fault)
    assert play("--var", str(tmp_path)) == (1, last_line)
    assert happened == [f"started in {tmp_path}", "told", "stopped"]


def test_a_told_story_ends_with_0(play: Play, tell: Tell) -> None:
    happened = tell(None)
    code, last_line = play()
    assert code == 0
    assert last_line.startswith("The story is told")
    assert happened == [f"started in {default_places().var}", "told", "stopped"]


def test_a_system_that_does_not_start_breaks_the_story(
    play: Play, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(Installation, "command", [sys.executable, "-c", "raise SystemExit(1)"])
    why = "The story broke: the system did not start; what it said is above."
    assert play("--var", str(tmp_path)) == (1, why)


def test_wrong_words_end_with_2(play: Play, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        play("--louder")
    assert end.value.code == 2
    assert "--louder" in capsys.readouterr().err


def test_a_system_of_another_folder_leaves_the_usual_ports_alone(tmp_path: Path) -> None:
    usual = Installation(default_places()).command
    assert usual[1:] == ["-m", "deploy.embedded", "up", "--var", str(default_places().var)]
    other = Installation(Places(tmp_path), any_ports=True).command
    assert other[1:] == ["-m", "deploy.embedded", "up", "--var", str(tmp_path), "--any-ports"]
