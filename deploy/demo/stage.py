"""The stage: people, facts, mail and clock of one installation, and how a scene uses them."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx
import uuid_utils

from deploy.demo.errors import StoryBroke
from deploy.demo.facts import Fact, Facts
from deploy.demo.people import Answer, Person
from deploy.demo.timeline import Timeline
from deploy.embedded.endpoints import Endpoints

T = TypeVar("T")

PATIENCE_SECONDS = 60.0
LOOK_SECONDS = 0.2

BetweenSteps = Callable[[], Awaitable[None]]
"""Called after each step; a test kills services here."""


async def nothing_between() -> None:
    """The ordinary story: one step follows the other."""


@dataclass
class Citizen:
    """Who is told how the case goes."""

    name: str
    address: str
    case_number: str
    shown: int = 0


@dataclass
class Stage:
    """What every scene plays on."""

    endpoints: Endpoints
    http: httpx.AsyncClient
    facts: Facts
    timeline: Timeline
    between: BetweenSteps = nothing_between
    _people: dict[str, Person] = field(default_factory=dict)

    def person(self, name: str) -> Person:
        return self._people.setdefault(name, Person(name, self.endpoints, self.http))

    def new_case(self) -> str:
        return str(uuid_utils.uuid7())

    def new_address(self, who: str) -> str:
        """An address nobody else has, so that the story finds its own mail."""
        return f"{who}.{uuid.uuid4().hex[:8]}@rekaan.example"

    async def told(self, case: str, *topics: str) -> list[Fact]:
        """Wait for the facts of a step and show them."""
        found = await self.facts.expect(case, *topics)
        self.timeline.facts(found)
        return found

    async def mail(self, citizen: Citizen, count: int) -> None:
        """Wait until `count` messages in all about the case have reached the citizen, and show those not shown yet.

        The address may get mail about an earlier case of the same person: each message names its case. Messages
        repeated after a crash carry the same Message-ID and count once.
        """

        async def look() -> dict[str, str]:
            query = {"to": citizen.address}
            answer = await self.http.get(f"{self.endpoints.pages.home.rstrip('/')}/mail", params=query)
            mails = answer.raise_for_status().json()
            return {mail["message_id"]: mail["subject"] for mail in mails if citizen.case_number in mail["subject"]}

        mails = await self.until(look, lambda seen: len(seen) >= count, f"{count} messages to {citizen.name}")
        for message_id in list(mails)[citizen.shown : count]:
            self.timeline.told(citizen.name, mails[message_id], citizen.case_number)
        citizen.shown = count

    async def forward(self, working_days: int) -> None:
        """Move the demonstration's clock forward."""
        answer = await self.http.post(
            f"{self.endpoints.pages.home.rstrip('/')}/clock", json={"forward_working_days": working_days}
        )
        answer.raise_for_status()
        self.timeline.deed("the clock", f"{working_days} working days go by")

    async def until(self, look: Callable[[], Awaitable[T]], good: Callable[[T], bool], what: str) -> T:
        """Look until it is good. Raises StoryBroke with what was seen last."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            seen = await look()
            if good(seen):
                return seen
            if time.monotonic() > deadline:
                raise StoryBroke(f"waited {PATIENCE_SECONDS:.0f} s for {what}; last seen: {seen!r}")
            await asyncio.sleep(LOOK_SECONDS)

    async def seen_by(
        self, name: str, service: str, path: str, good: Callable[[Any], bool], what: str, **query: str
    ) -> Answer:
        """Wait until what a person reads is good."""
        person = self.person(name)

        async def look() -> Answer:
            return await person.read(service, path, **query)

        return await self.until(look, lambda answer: good(answer.body), f"{name} to see {what}")

    @asynccontextmanager
    async def step(self, who: str, what: str) -> AsyncIterator[Person]:
        """One deed of one person; after it, whatever the test does between steps."""
        self.timeline.deed(who, what)
        yield self.person(who)
        await self.between()
