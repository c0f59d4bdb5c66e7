"""The story counts what each citizen is told: too little, too much and twice all break it."""

from collections.abc import AsyncIterator
from io import StringIO
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from rich.console import Console

from deploy.demo import stage as stages
from deploy.demo.errors import StoryBroke
from deploy.demo.facts import Facts
from deploy.demo.stage import BetweenSteps, Citizen, Stage, nothing_between
from deploy.demo.timeline import Timeline
from deploy.embedded.places import Places
from deploy.embedded.stack import StackJars
from deploy.embedded.system import PREFERRED_PORTS, System

CASE = "JBD-2026-000001"


class PostOffice:
    """The companion's `/mail`, with what a test puts into it."""

    def __init__(self) -> None:
        self.mails: list[dict[str, Any]] = []

    def deliver(self, message_id: str, case_number: str = CASE) -> None:
        self.mails.append({"message_id": message_id, "subject": f"About {case_number}: {message_id}"})

    def answer(self, request: httpx.Request) -> httpx.Response:
        assert request.url.path == "/mail"
        assert request.url.params["to"] == "ibu@rekaan.example"
        return httpx.Response(200, json=self.mails)


@pytest.fixture
def office() -> PostOffice:
    return PostOffice()


@pytest.fixture
def mother() -> Citizen:
    return Citizen("the mother", "ibu@rekaan.example", CASE)


def stage_on(office: PostOffice, http: httpx.AsyncClient, folder: Path, between: BetweenSteps) -> Stage:
    jars = StackJars((), folder / "zipkin.jar", folder / "keycloak.zip")
    endpoints = System(Places(folder), jars, PREFERRED_PORTS).endpoints(ready=True)
    return Stage(endpoints, http, Facts(), Timeline(Console(file=StringIO()), ""), between)


@pytest_asyncio.fixture
async def http(office: PostOffice) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.MockTransport(office.answer)) as client:
        yield client


@pytest.fixture
def stage(office: PostOffice, http: httpx.AsyncClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    monkeypatch.setattr(stages, "PATIENCE_SECONDS", 0.0)
    return stage_on(office, http, tmp_path, nothing_between)


async def test_each_message_is_shown_once_in_the_order_it_came(
    stage: Stage, office: PostOffice, mother: Citizen
) -> None:
    office.deliver("first")
    await stage.mail(mother, 1)
    office.deliver("second")
    await stage.mail(mother, 2)
    await stage.no_surplus_mail()
    assert stage.timeline.lines == [f"  told the mother: About (case number): {which}" for which in ("first", "second")]


async def test_a_missing_message_breaks_the_story(stage: Stage, office: PostOffice, mother: Citizen) -> None:
    office.deliver("first")
    with pytest.raises(StoryBroke, match="2 messages to the mother"):
        await stage.mail(mother, 2)


async def test_a_surplus_message_breaks_the_story_at_once(stage: Stage, office: PostOffice, mother: Citizen) -> None:
    office.deliver("first")
    office.deliver("nobody asked for it")
    with pytest.raises(StoryBroke, match=r"got 2 messages, 1 were expected; surplus: .*nobody asked for it"):
        await stage.mail(mother, 1)


async def test_a_surplus_message_after_the_last_one_breaks_the_story_at_the_end_of_the_chapter(
    stage: Stage, office: PostOffice, mother: Citizen
) -> None:
    office.deliver("first")
    await stage.mail(mother, 1)
    office.deliver("late")
    with pytest.raises(StoryBroke, match=r"got 2 messages, 1 were expected; surplus: .*late"):
        await stage.no_surplus_mail()


async def test_mail_about_an_earlier_case_of_the_same_person_is_not_counted(
    stage: Stage, office: PostOffice, mother: Citizen
) -> None:
    office.deliver("of last year", case_number="JBD-2025-000001")
    office.deliver("first")
    await stage.mail(mother, 1)
    await stage.no_surplus_mail()
    assert [line for line in stage.timeline.lines if "of last year" in line] == []


async def test_where_nothing_crashed_a_message_repeated_breaks_the_story(
    stage: Stage, office: PostOffice, mother: Citizen
) -> None:
    office.deliver("first")
    await stage.mail(mother, 1)
    office.deliver("first")
    with pytest.raises(StoryBroke, match="got 2 mails, but only 1 messages: one came twice"):
        await stage.no_surplus_mail()


async def test_a_message_repeated_after_a_crash_counts_once(
    office: PostOffice, http: httpx.AsyncClient, mother: Citizen, tmp_path: Path
) -> None:
    async def kill_something() -> None:
        return None

    stage = stage_on(office, http, tmp_path, kill_something)
    office.deliver("first")
    office.deliver("first")
    await stage.mail(mother, 1)
    await stage.no_surplus_mail()
    assert len(stage.timeline.lines) == 1
