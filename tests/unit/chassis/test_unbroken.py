"""What must not be cut in the middle is finished through every cancellation."""

import asyncio

import pytest

from chassis.unbroken import unbroken


async def test_cancelled_twice_it_still_finishes_and_then_says_so() -> None:
    begun, may_finish, finished = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def work() -> None:
        begun.set()
        await may_finish.wait()
        finished.set()

    task = asyncio.create_task(unbroken(work()))
    await begun.wait()
    for _ in range(2):
        task.cancel()
        await asyncio.sleep(0)
    assert not task.done()
    may_finish.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert finished.is_set()


async def test_without_cancellation_results_and_errors_pass_through() -> None:
    async def value() -> int:
        return 7

    async def fail() -> None:
        raise LookupError

    assert await unbroken(value()) == 7
    with pytest.raises(LookupError):
        await unbroken(fail())
