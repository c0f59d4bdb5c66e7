"""Puts the named steps around the boundaries of a service, from outside: production code knows nothing of them.

Wrapped is what the libraries offer (the database session's commit, the producer's transaction, the consumer's commit,
the letter's sending); of the chassis only the worker, whose performing is the firing of a clock.
"""

import functools
from collections.abc import Awaitable, Callable, Sequence
from contextvars import ContextVar
from dataclasses import replace
from typing import Any

import aiosmtplib
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from motor.motor_asyncio import AsyncIOMotorClientSession, AsyncIOMotorCollection

from chassis.outbox.relay import Relay
from chassis.store.unit_of_work import OUTBOX
from chassis.workers import Worker, Workers
from tests.faults.rig.steps import Step, Steps

_relaying: ContextVar[bool] = ContextVar("relaying", default=False)
"""Within the relay: its transactions only read, and killing there would be counted as killing at a commit."""


def install(steps: Steps) -> None:
    """From now on every boundary of this process reports to `steps`."""
    _around_commit(steps)
    _around_publishing(steps)
    _around_await(
        steps,
        AsyncIOMotorCollection,
        "delete_many",
        Step.REMOVE_BEFORE,
        Step.REMOVE_AFTER,
        applies=lambda rows, *_: rows.name == OUTBOX,
    )
    _around_await(steps, AIOKafkaConsumer, "commit", Step.OFFSETS_BEFORE, Step.OFFSETS_AFTER)
    _around_await(steps, aiosmtplib, "send", Step.SEND_BEFORE, Step.SEND_AFTER)
    _around_work(steps)


def _always(*_: Any) -> bool:
    return True


def _around_await(
    steps: Steps, owner: Any, name: str, before: Step, after: Step, *, applies: Callable[..., bool] = _always
) -> None:
    setattr(owner, name, _awaited(steps, getattr(owner, name), before, after, applies=applies))


def _awaited(
    steps: Steps,
    plain: Callable[..., Awaitable[Any]],
    before: Step,
    after: Step,
    *,
    applies: Callable[..., bool] = _always,
) -> Callable[..., Awaitable[Any]]:
    @functools.wraps(plain)
    async def call(*args: Any, **kwargs: Any) -> Any:
        if not applies(*args):
            return await plain(*args, **kwargs)
        steps.reach(before)
        result = await plain(*args, **kwargs)
        steps.reach(after)
        return result

    return call


def _around_commit(steps: Steps) -> None:
    plain = Relay._run

    async def run(relay: Relay) -> None:
        _relaying.set(True)
        await plain(relay)

    setattr(Relay, "_run", run)  # noqa: B010 - a method is replaced on purpose
    _around_await(
        steps,
        AsyncIOMotorClientSession,
        "commit_transaction",
        Step.COMMIT_BEFORE,
        Step.COMMIT_AFTER,
        applies=lambda *_: not _relaying.get(),
    )


def _around_publishing(steps: Steps) -> None:
    begin, commit = AIOKafkaProducer.begin_transaction, AIOKafkaProducer.commit_transaction

    async def begin_transaction(producer: AIOKafkaProducer) -> None:
        await begin(producer)
        steps.reach(Step.PUBLISH_BEFORE)

    async def commit_transaction(producer: AIOKafkaProducer) -> None:
        if steps.expects(Step.PUBLISH_AFTER):
            await producer.flush()
            steps.reach(Step.PUBLISH_AFTER)
        steps.reach(Step.ACKNOWLEDGE_BEFORE)
        await commit(producer)
        steps.reach(Step.ACKNOWLEDGE_AFTER)

    AIOKafkaProducer.begin_transaction = begin_transaction
    AIOKafkaProducer.commit_transaction = commit_transaction


def _around_work(steps: Steps) -> None:
    plain = Workers.__init__

    def __init__(workers: Workers, store: Any, kinds: Sequence[Worker]) -> None:  # noqa: N807
        watched = [
            replace(kind, perform=_awaited(steps, kind.perform, Step.FIRE_BEFORE, Step.FIRE_AFTER)) for kind in kinds
        ]
        plain(workers, store, watched)

    setattr(Workers, "__init__", __init__)  # noqa: B010 - a method is replaced on purpose
