"""Many citizens at once, and the offices that handle their cases: the load under which the system is disturbed."""

import asyncio
import heapq
import itertools
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

import uuid_utils

from tests.faults.rig.agencies import AgencyTopics
from tests.faults.rig.calling import Calls, Traffic
from tests.faults.rig.journey import Ended, Journey, Next
from tests.faults.rig.places import PLACES, Place
from tests.faults.rig.told import ToldList
from tests.faults.rig.wishes import draw_wish

REQUESTS_PER_SECOND = 12.0
"""What two cores bear beside the services and their servers."""
LOOK_AGAIN_SECONDS = (0.3, 1.2)
WAITING_FOR_EACH = 3
"""Cases under way at most, for each that is played at one time: the others wait for somebody's move."""
IDLE_SECONDS = 0.05
NOT_IN_TIME = "not ended in time"


@dataclass
class Progress:
    """How the journeys go. Every one begun is under way, ended, or abandoned: none is forgotten."""

    begun: int = 0
    ended: Counter[str] = field(default_factory=Counter)
    """By how they ended."""
    abandoned: Counter[str] = field(default_factory=Counter)
    """By why."""


class Load:
    """Plays journeys through the APIs, whatever happens to the services meanwhile.

    `apis` gives the base URL of a service and is asked for every request; `bearer(role, subject=, area=, agency=)`
    gives the headers of somebody's token; with `kafka` some agencies answer on their own topics. Start, stop and start
    again as often as you like, then `finish` once.
    """

    def __init__(  # noqa: PLR0917
        self,
        apis: Callable[[str], str],
        bearer: Callable[..., Mapping[str, str]],
        told: ToldList,
        kafka: str | None = None,
        prefix: str = "",
        seed: int = 0,
        *,
        requests_per_second: float = REQUESTS_PER_SECOND,
        places: Sequence[Place] = PLACES,
        invented_niks: bool = True,
    ) -> None:
        self._calls = Calls(apis, bearer, told, requests_per_second)
        self._topics = AgencyTopics(kafka, prefix) if kafka is not None else None
        self._chance = Random(seed)  # noqa: S311 - a journey's course, no secret
        self._places = places
        self._invented_niks = invented_niks
        self._order = itertools.count()
        self._waiting: list[tuple[float, int, Journey]] = []
        self._in_hand = 0
        self._under_way_limit = 0
        self._begins = False
        self._stopping = False
        self._players: list[asyncio.Task[None]] = []
        self._recorded: dict[str, str] = {}
        """Village -> a case recorded there lately."""
        self.progress = Progress()

    @property
    def traffic(self) -> Traffic:
        """Requests sent, refused by status, left without an answer."""
        return self._calls.traffic

    @property
    def under_way(self) -> int:
        return len(self._waiting) + self._in_hand

    async def start(self, concurrent: int = 20) -> None:
        """Begin journeys, and go on with those under way."""
        self._begins = True
        self._play(concurrent)

    async def stop(self) -> None:
        """Finish the requests in hand and be quiet; what is under way stays under way.

        Raises what a player did not expect.
        """
        self._stopping = True
        players, self._players = self._players, []
        for fault in await asyncio.gather(*players, return_exceptions=True):
            if fault is not None:
                raise fault

    async def finish(self, timeout: float, concurrent: int = 20) -> bool:  # noqa: ASYNC109 - what is left is counted
        """Bring every journey begun to its end; what has not ended by then is abandoned and counted.

        Whether all ended. The load is over then.
        """
        await self.stop()
        self._begins = False
        self._play(concurrent)
        deadline = time.monotonic() + timeout
        while self.under_way and time.monotonic() < deadline:
            self._raise_of_players()
            await asyncio.sleep(IDLE_SECONDS)
        await self.stop()
        left = len(self._waiting)
        self.progress.abandoned[NOT_IN_TIME] += left
        self._waiting.clear()
        await self.close()
        return left == 0

    async def close(self) -> None:
        """Let go of connections; `finish` does it."""
        await self.stop()
        await self._calls.close()
        if self._topics is not None:
            await self._topics.close()

    def _play(self, concurrent: int) -> None:
        self._stopping = False
        self._under_way_limit = WAITING_FOR_EACH * concurrent
        self._players = [asyncio.create_task(self._player(), name=f"player-{n}") for n in range(concurrent)]

    def _raise_of_players(self) -> None:
        for player in self._players:
            if player.done():
                player.result()

    async def _player(self) -> None:
        while not self._stopping:
            journey = self._next()
            if journey is None:
                await asyncio.sleep(IDLE_SECONDS)
                continue
            self._in_hand += 1
            step = await journey.step(self._calls)
            self._in_hand -= 1
            self._take_note(journey, step)

    def _next(self) -> Journey | None:
        if self._waiting and self._waiting[0][0] <= time.monotonic():
            return heapq.heappop(self._waiting)[2]
        if self._begins and self.under_way < self._under_way_limit:
            return self._begin()
        return None

    def _begin(self) -> Journey:
        chance = Random(self._chance.getrandbits(64))  # noqa: S311
        place, case = chance.choice(self._places), str(uuid_utils.uuid7())
        earlier = self._recorded.get(place.village)
        wish = draw_wish(chance, case, place, earlier, invented_niks=self._invented_niks)
        self.progress.begun += 1
        return Journey(case, place, wish, chance, self._topics)

    def _take_note(self, journey: Journey, step: Next | Ended) -> None:
        if journey.recorded:
            self._recorded[journey.place.village] = journey.case
        if isinstance(step, Ended):
            (self.progress.abandoned if step.abandoned else self.progress.ended)[step.how] += 1
            return
        pause = 0.0 if step is Next.NOW else self._chance.uniform(*LOOK_AGAIN_SECONDS)
        heapq.heappush(self._waiting, (time.monotonic() + pause, next(self._order), journey))
