"""Waiting for Kafka so long and no longer."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def look_at(future: "asyncio.Future[Any]") -> None:
    """Its failure is known already: without a look it would be reported once more as never retrieved."""
    if not future.cancelled():
        future.exception()


async def within(seconds: float, work: Coroutine[Any, Any, T]) -> T:
    """Wait so long and no longer. Raises TimeoutError, and lets go of what does not even heed its cancellation.

    aiokafka never gives up a transactional batch while the broker is away, and its cleanup waits for the broker too,
    which `asyncio.wait_for` would wait out.
    """
    task = asyncio.ensure_future(work)
    try:
        done, _ = await asyncio.wait({task}, timeout=seconds)
    finally:
        if not task.done():
            task.cancel()
            task.add_done_callback(look_at)
    if not done:
        raise TimeoutError
    return task.result()
