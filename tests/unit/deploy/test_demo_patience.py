"""A service that has still to hear of a case is waited for; what it refuses otherwise breaks the story."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest
from rich.console import Console

from deploy.demo.errors import StoryBroke
from deploy.demo.facts import Facts
from deploy.demo.stage import Stage
from deploy.demo.timeline import Timeline
from deploy.embedded.endpoints import Endpoints

SOMEBODY = SimpleNamespace(name="analyst.ministry", password="")


def stage_answering(*statuses: int, folder: Path) -> tuple[Stage, list[int]]:
    """A stage whose services answer reading with these statuses, one after the other."""
    left = list(statuses)

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/token":
            return httpx.Response(200, json={"access_token": "a", "expires_in": 60})
        return httpx.Response(left.pop(0), json={"seen": True})

    reporting = SimpleNamespace(
        apis={"reporting": "http://reporting"}, users=(SOMEBODY,), token_url="http://issuer/token", client_id="demo"
    )
    http = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    with (folder / "screen").open("w") as screen:
        timeline = Timeline(Console(file=screen), "http://zipkin")
    return Stage(cast("Endpoints", reporting), http, Facts(), timeline), left


async def see(stage: Stage) -> Any:
    return (await stage.seen_by(SOMEBODY.name, "reporting", "/v1/case", lambda body: body["seen"], "the case")).body


async def test_what_is_not_there_yet_is_looked_for_again(tmp_path: Path) -> None:
    stage, left = stage_answering(404, 404, 200, folder=tmp_path)
    assert await see(stage) == {"seen": True}
    assert left == []


async def test_any_other_refusal_ends_the_story(tmp_path: Path) -> None:
    stage, _ = stage_answering(403, folder=tmp_path)
    with pytest.raises(StoryBroke, match=r"refused analyst\.ministry"):
        await see(stage)
