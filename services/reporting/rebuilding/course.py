"""The course of a rebuild, from the first event to the switch and a little beyond. Killed anywhere, it goes on from
there when it is started again; until the switch nothing that is live is touched.
"""

import asyncio
import contextlib
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from chassis.dead_letters.of_rebuild import LettersOfRebuild
from chassis.service import Runtime
from chassis.store.errors import INFRASTRUCTURE
from chassis.store.generation import Building, Stage
from chassis.store.generations import Generations
from chassis.store.leases import Lease
from services.reporting.erasing import carry_over
from services.reporting.rebuilding.comparing import Comparison, add_letters, compare
from services.reporting.rebuilding.progress import Progress
from services.reporting.rebuilding.reading import Reading
from services.reporting.store import READ_MODELS

LEASE = "rebuild"
LEASE_SECONDS = 10.0
LEASE_RETRY_SECONDS = 0.5


class AnotherIsAtWork(Exception):
    """Another process rebuilds at this moment."""


class AnotherRecipe(Exception):
    """What was begun follows another release's rules, and cannot be gone on with by this one's."""


@dataclass(frozen=True)
class Outcome:
    """`comparison` is None when a switch that was cut off only had to be finished."""

    building: Building
    comparison: Comparison | None
    switched: bool


@asynccontextmanager
async def alone(runtime: Runtime[Any]) -> AsyncIterator[str]:
    """Hold the rebuild's lease during the block, under the name it gives. Raises AnotherIsAtWork.

    A killed predecessor's lease runs out within the wait; a living one's does not.
    """
    lease = Lease(runtime.store.database, LEASE, LEASE_SECONDS)
    patience = time.monotonic() + LEASE_SECONDS + LEASE_RETRY_SECONDS
    while not await lease.acquire():
        if time.monotonic() > patience:
            raise AnotherIsAtWork
        await asyncio.sleep(LEASE_RETRY_SECONDS)

    async def keep() -> None:
        while True:
            await asyncio.sleep(LEASE_SECONDS / 3)
            with contextlib.suppress(*INFRASTRUCTURE):  # then whoever takes over is told apart by its name
                await lease.acquire()

    renewal = asyncio.create_task(keep(), name="rebuild-lease")
    try:
        yield os.urandom(8).hex()
    finally:
        renewal.cancel()
        with contextlib.suppress(*INFRASTRUCTURE):
            await lease.release()


class Course:
    """One run of it, by the holder of the lease. `tell` hears what differs before anything is switched."""

    def __init__(
        self, runtime: Runtime[Any], progress: Progress, holder: str, tell: Callable[[Comparison], None]
    ) -> None:
        self._runtime = runtime
        self._store = runtime.store
        self._progress = progress
        self._holder = holder
        self._tell = tell
        self._generations = Generations(runtime.store, READ_MODELS)

    async def run(self, *, compare_only: bool, accept_differences: bool, patience_seconds: float) -> Outcome:
        """Build or go on building, compare, and switch when both are equal or differences are accepted.

        Raises AnotherRecipe; LeaseLost when another process took over or somebody abandoned it.
        """
        building = await self._begun()
        reading = Reading(self._runtime, building, self._progress)
        try:
            if building.stage is Stage.SETTLING:
                self._progress.says(f"generation {building.number} is live already; finishing what the switch left")
                await self._settle(building, reading)
                return Outcome(building, None, switched=True)
            await reading.to_the_ends()
            comparison = await self._compared(building, reading, patience_seconds)
            self._tell(comparison)
            if compare_only or not (comparison.equal or accept_differences):
                return Outcome(building, comparison, switched=False)
            await reading.to_the_ends()
            building = await self._generations.switch(building)
            self._progress.says(f"generation {building.number} is live")
            await self._settle(building, reading)
            return Outcome(building, comparison, switched=True)
        finally:
            await reading.close()

    async def _begun(self) -> Building:
        building = await self._generations.building()
        if building is None:
            building = await self._generations.begin(self._holder)
            self._progress.says(f"building generation {building.number} beside the live one")
        elif building.recipe != READ_MODELS.recipe and building.stage is not Stage.SETTLING:
            raise AnotherRecipe
        else:
            building = await self._generations.take_over(building, self._holder)
            self._progress.says(f"going on with generation {building.number}")
        await self._generations.create(building.generation)
        if building.stage is Stage.COPYING:
            await carry_over(self._store, building.generation)
            building = await self._generations.begin_reading(building)
        return building

    async def _compared(self, building: Building, reading: Reading, patience_seconds: float) -> Comparison:
        letters = LettersOfRebuild(self._store, building)
        for letter in [letter async for letter in letters.only_here()]:
            await reading.processor.replay(letter)  # it may have died of what has been mended since
        for topic in await reading.begins_late():
            self._progress.says(f"{topic} no longer holds its first events: what they told cannot be rebuilt")
        live = (await self._generations.live()).generation
        self._progress.says(f"comparing generation {building.number} with {live.number}, which is live")
        async with reading.following():
            comparison = await compare(self._store, live, building.generation, patience_seconds=patience_seconds)
            await add_letters(comparison, letters)
        return comparison

    async def _settle(self, building: Building, reading: Reading) -> None:
        """A batch in flight at the switch went to the generation before. What it held is on the topics by now."""
        await reading.to_the_ends()
        letters = LettersOfRebuild(self._store, building)
        await letters.settle(reading.offsets)
        await self._generations.end(building)
        await letters.forget()
