"""Waiting for a condition, never for a time."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

PATIENCE_SECONDS = 30.0
POLL_SECONDS = 0.05


async def eventually(
    look: Callable[[], Awaitable[T]], until: Callable[[T], bool] = bool, *, patience: float = PATIENCE_SECONDS
) -> T:
    """Look again and again until `until` holds of what is seen, and return that; fails with what was seen last."""
    deadline = time.monotonic() + patience
    while True:
        seen = await look()
        if until(seen):
            return seen
        assert time.monotonic() < deadline, f"not within {patience} s; last seen: {seen!r}"
        await asyncio.sleep(POLL_SECONDS)
