"""Finishing what must not be cut in the middle, whatever is cancelled around it."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


async def unbroken(work: Coroutine[Any, Any, T]) -> T:
    """Run `work` to its end through every cancellation of the caller; only then is the cancellation raised.

    Without it a cancelled batch would let its source acknowledge what was not committed, and a cancelled commit
    would hand a session in mid-commit to the next user.
    """
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        if not task.cancelled():
            task.exception()  # looked at, so that it is not reported as never retrieved
        raise cancelled
    return task.result()
