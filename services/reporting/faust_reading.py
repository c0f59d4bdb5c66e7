"""One Faust application's life: from its first batch to the first thing that goes wrong, and no further.

An application whose agent has ended, in whatever way, is never used again. Faust would restart the agent on the same
stream, where the buffer of the agent before still takes events out that nobody handles: later offsets committed from
there would pass over them. Instead a new application begins at the committed offsets.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import faust
import structlog
from faust.transport.consumer import Consumer
from faust.types import TP, EventT

from chassis.bus import BatchProcessor, Stopping, TooManyDeadLetters
from chassis.unbroken import unbroken
from services.reporting.faust_app import FaustApp, offsets_after, to_message

log = structlog.get_logger(__name__)

TAKE_WITHIN_SECONDS = 0.1
COMMIT_TIMEOUT_SECONDS = 20.0
STOP_TIMEOUT_SECONDS = 20.0
EXIT_UNFORESEEN = 70  # EX_SOFTWARE of sysexits.h


@dataclass
class Reading:
    """Reads one application's events until `over`; `poisoned` says that too many dead letters ended it."""

    app: FaustApp
    processor: BatchProcessor[Any]
    prefix: str
    batch_limit: int
    end_process: Callable[[int], object]
    over: asyncio.Event = field(default_factory=asyncio.Event)
    in_hand: asyncio.Lock = field(default_factory=asyncio.Lock)
    poisoned: TooManyDeadLetters | None = None

    async def hear(self, stream: faust.StreamT[Any]) -> None:
        """Faust's agent."""
        if self.over.is_set():
            return  # Faust restarted an agent that had ended
        try:
            batches = cast("faust.Stream[Any]", stream).take_events(self.batch_limit, within=TAKE_WITHIN_SECONDS)
            async for events in batches:
                async with self.in_hand:
                    if self.over.is_set():
                        return
                    await unbroken(self._handle(events))
        finally:
            self.over.set()

    async def end(self) -> None:
        """Finish the batch in hand, acknowledge it, leave the group."""
        self.over.set()
        async with self.in_hand:
            try:
                await asyncio.wait_for(self.app.stop(), STOP_TIMEOUT_SECONDS)
            except Exception as fault:
                log.warning("faust did not stop; its consumer may keep this process from ending", exc_info=fault)

    async def _handle(self, events: Sequence[EventT[Any]]) -> None:
        """One batch to its end; never raises."""
        try:
            await self.processor.process([to_message(event, self.prefix) for event in events])
        except TooManyDeadLetters as fault:
            self.poisoned = fault
            self.over.set()
            return
        except Stopping:
            self.over.set()
            return
        except BaseException as fault:
            log.critical("a batch ended in a way nobody foresaw; the process ends here", exc_info=fault)
            self.over.set()
            self.end_process(EXIT_UNFORESEEN)
            return
        await self._acknowledge(offsets_after(events))

    async def _acknowledge(self, offsets: Mapping[TP, int]) -> None:
        try:
            # Faust answers False when the partitions went to someone else meanwhile: they repeat the batch, and
            # repetitions vanish. It does not answer at all when its consumer's thread has died.
            committing = cast("Consumer", self.app.consumer)._commit(dict(offsets))
            committed = await asyncio.wait_for(committing, COMMIT_TIMEOUT_SECONDS)
        except Exception as fault:
            log.warning("offsets not committed", exc_info=fault)
            self.over.set()
            return
        if not committed:
            log.info("offsets not committed after a rebalance")
