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

from deploy.demo.errors import NotThere, StoryBroke
from deploy.demo.facts import Fact, Facts
from deploy.demo.people import Answer, Person
from deploy.demo.timeline import Timeline
from deploy.embedded.endpoints import Endpoints

T = TypeVar("T")

PATIENCE_SECONDS = 60.0
LOOK_SECONDS = 0.2

NOT_HEARD_OF = Answer(None, None)
"""A service that was killed hears of a case only once it is back."""

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
    _citizens: dict[str, Citizen] = field(default_factory=dict)

    @property
    def undisturbed(self) -> bool:
        """Whether nothing is done to the system between the steps."""
        return self.between is nothing_between

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

        Raises StoryBroke when they do not come, or when more come than the story has.
        """
        self._citizens[citizen.case_number] = citizen
        mails = await self.until(
            lambda: self._mails(citizen), lambda seen: len(seen) >= count, f"{count} messages to {citizen.name}"
        )
        for subject in list(mails.values())[citizen.shown : count]:
            self.timeline.told(citizen.name, subject, citizen.case_number)
        citizen.shown = count
        _refuse_surplus(citizen, mails)

    async def no_surplus_mail(self) -> None:
        """Nobody has got more than the story has shown so far. Raises StoryBroke."""
        for citizen in self._citizens.values():
            _refuse_surplus(citizen, await self._mails(citizen))

    async def _mails(self, citizen: Citizen) -> dict[str, str]:
        """Subjects by Message-ID, oldest first.

        The address may get mail about an earlier case of the same person: each message names its case. A message
        repeated after a crash carries the same Message-ID and counts once; where nothing crashed, none is repeated.
        """
        query = {"to": citizen.address}
        answer = await self.http.get(f"{self.endpoints.pages.home.rstrip('/')}/mail", params=query)
        mails = [mail for mail in answer.raise_for_status().json() if citizen.case_number in mail["subject"]]
        by_id = {mail["message_id"]: mail["subject"] for mail in mails}
        if self.undisturbed and len(by_id) < len(mails):
            raise StoryBroke(f"{citizen.name} got {len(mails)} mails, but only {len(by_id)} messages: one came twice.")
        return by_id

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
            try:
                return await person.read(service, path, **query)
            except NotThere:
                return NOT_HEARD_OF

        return await self.until(
            look, lambda answer: answer is not NOT_HEARD_OF and good(answer.body), f"{name} to see {what}"
        )

    @asynccontextmanager
    async def step(self, who: str, what: str) -> AsyncIterator[Person]:
        """One deed of one person; after it, whatever the test does between steps."""
        self.timeline.deed(who, what)
        yield self.person(who)
        await self.between()


def _refuse_surplus(citizen: Citizen, mails: dict[str, str]) -> None:
    surplus = list(mails.values())[citizen.shown :]
    if surplus:
        raise StoryBroke(
            f"{citizen.name} got {len(mails)} messages, {citizen.shown} were expected; surplus: {'; '.join(surplus)}."
        )
