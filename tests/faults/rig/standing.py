"""A system under fault with people on it: what a campaign and the fault tests disturb and judge."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.faults.rig.disturbance import Entry, Harm
from tests.faults.rig.disturbances import DISTURBANCES
from tests.faults.rig.harm_to_processes import TookTooLong
from tests.faults.rig.instances import NotReady
from tests.faults.rig.judging import Judgement, judge
from tests.faults.rig.people import Load
from tests.faults.rig.servers import Servers
from tests.faults.rig.system import FaultSystem
from tests.faults.rig.told import ToldList
from tests.faults.rig.watch import CannotMark, Watch

LEFT_SHOWN = 4


@dataclass(frozen=True)
class Outcome:
    """What became of one entry. `recovery_seconds` None: nothing was done, or it never recovered (`stuck` says why)."""

    entry: Entry
    harm: Harm
    recovery_seconds: float | None = None
    stuck: str = ""

    def recovered_within(self, seconds: float) -> bool:
        return not self.stuck and (self.recovery_seconds or 0.0) < seconds


class Standing:
    """Disturb it, and see how long it takes to recover; bring it to rest, and judge.

    What is not done `patience_seconds` after a disturbance is stuck.
    """

    def __init__(
        self, system: FaultSystem, load: Load, told: ToldList, watch: Watch, *, patience_seconds: float
    ) -> None:
        self.system = system
        self.load = load
        self.told = told
        self._watch = watch
        self._patience_seconds = patience_seconds

    async def disturb(self, *entries: Entry) -> list[Outcome]:
        """All at the same time; after each, everything that waited must be done and its processes be ready."""
        return await asyncio.gather(*(self._disturb(entry) for entry in entries))

    async def judge(self) -> Judgement:
        """The people pause, the system comes to rest, the laws are stated."""
        await self.load.stop()
        return await judge(self.system, self.told)

    async def _disturb(self, entry: Entry) -> Outcome:
        try:
            harm = await DISTURBANCES[entry.name].do(self.system, entry)
        except (TookTooLong, NotReady) as fault:
            return Outcome(entry, Harm.now(), stuck=str(fault))
        if not harm.done:
            return Outcome(entry, harm)
        stuck = await self._recover(entry.where)
        return Outcome(entry, harm, time.monotonic() - harm.over_at, stuck)

    async def _recover(self, where: str) -> str:
        """What was not done within the limit; empty when all was."""
        try:
            mark = await self._watch.mark()
            recovery, _ = await asyncio.gather(
                self._watch.caught_up(mark, self._patience_seconds),
                self.system.until_ready(where, self._patience_seconds),
            )
        except (CannotMark, NotReady) as fault:
            return str(fault)
        return _in_short(recovery.left)


def _in_short(left: tuple[str, ...]) -> str:
    more = f"; and {len(left) - LEFT_SHOWN} more" if len(left) > LEFT_SHOWN else ""
    return "; ".join(left[:LEFT_SHOWN]) + more


@asynccontextmanager
async def standing(
    servers: Servers, folder: Path, *, seed: int, requests_per_second: float, patience_seconds: float
) -> AsyncIterator[Standing]:
    """The system with its people ready to begin; nothing is left of it afterwards but its folder."""
    async with FaultSystem(servers, folder) as system:
        told = ToldList(folder / "told.jsonl")
        load = Load(
            system.api,
            system.identity.bearer,
            told,
            servers.kafka,
            system.prefix,
            seed,
            requests_per_second=requests_per_second,
        )

        def now(_service: str) -> datetime:
            return datetime.now(UTC) + timedelta(seconds=system.clock_offset_seconds)

        watch = Watch(servers.kafka, system.prefix, system.databases(), now)
        try:
            yield Standing(system, load, told, watch, patience_seconds=patience_seconds)
        finally:
            await load.close()
            await watch.close()
            told.close()
