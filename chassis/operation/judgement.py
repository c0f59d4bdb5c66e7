"""What figures mean: pure, so that every rule of "attention" and "stuck" can be read and tested in one place."""

from collections.abc import Iterator
from dataclasses import dataclass

from chassis.operation.situation import Concern, Situation, State

STUCK_AFTER_SECONDS = 60.0
LATE_AFTER_SECONDS = 300.0
FILLING_SHARE = 0.5
_RANK = {State.STUCK: 0, State.ATTENTION: 1, State.OK: 2}


@dataclass(frozen=True)
class Judged:
    """One concern with what its sentence names."""

    concern: Concern
    state: State
    seconds: float = 0.0
    count: int = 0
    names: tuple[str, ...] = ()


def judge(situation: Situation) -> tuple[Judged, ...]:
    """What is to be said, the most urgent first; never empty."""
    found = sorted(_concerns(situation), key=lambda judged: _RANK[judged.state])
    return tuple(found) or (Judged(Concern.ALL_WELL, State.OK),)


def _concerns(now: Situation) -> Iterator[Judged]:
    if now.since is None or (now.outbox is None and not now.database_silent_seconds):
        yield Judged(Concern.STARTING, State.ATTENTION)
    for concern, silent in (
        (Concern.DATABASE_SILENT, now.database_silent_seconds),
        (Concern.KAFKA_SILENT, now.kafka_silent_seconds),
    ):
        if silent:
            yield Judged(concern, _by_time(silent), seconds=silent)
    yield from _consumer(now)
    yield from _outbox(now)
    yield from _work(now)
    letters = now.letters or ()
    if letters:
        yield Judged(Concern.LETTERS_WAIT, State.ATTENTION, count=sum(of_reason.count for of_reason in letters))


def _consumer(now: Situation) -> Iterator[Judged]:
    consumer = now.consumer
    if consumer is None:
        return
    if consumer.stopped:
        yield Judged(Concern.CONSUMER_STOPPED, State.STUCK, count=consumer.lag)
    elif consumer.partitions_stuck and not now.kafka_silent_seconds:
        yield Judged(
            Concern.CONSUMER_STUCK,
            State.STUCK,
            seconds=consumer.stuck_seconds,
            count=consumer.partitions_stuck,
            names=tuple(topic.topic for topic in consumer.topics if topic.events),
        )


def _outbox(now: Situation) -> Iterator[Judged]:
    outbox = now.outbox
    held = outbox.held if outbox else ()
    if held:
        yield Judged(
            Concern.FACTS_HELD,
            _by_time(max(of_topic.oldest_seconds for of_topic in held)),
            count=sum(of_topic.events for of_topic in held),
            names=tuple(of_topic.topic for of_topic in held),
        )
    elif now.topics_missing:
        yield Judged(Concern.TOPICS_MISSING, State.ATTENTION, names=now.topics_missing)
    if outbox is None:
        return
    if outbox.rows > outbox.limit_rows:
        yield Judged(Concern.OUTBOX_FULL, State.STUCK, count=outbox.rows)
    elif outbox.rows > outbox.limit_rows * FILLING_SHARE:
        yield Judged(Concern.OUTBOX_FILLING, State.ATTENTION, count=outbox.rows)
    if outbox.rows and outbox.stuck_seconds > STUCK_AFTER_SECONDS and not now.database_silent_seconds:
        yield Judged(Concern.OUTBOX_STUCK, State.STUCK, seconds=outbox.stuck_seconds, count=outbox.rows)


def _work(now: Situation) -> Iterator[Judged]:
    late = [work for work in now.work if work.oldest_due_seconds > LATE_AFTER_SECONDS]
    if now.kinds_stuck and not now.database_silent_seconds:
        yield Judged(Concern.WORK_STUCK, State.STUCK, seconds=now.work_stuck_seconds, names=now.kinds_stuck)
    elif late:
        yield Judged(
            Concern.WORK_LATE,
            State.ATTENTION,
            seconds=max(work.oldest_due_seconds for work in late),
            count=sum(work.due for work in late),
            names=tuple(work.kind for work in late),
        )


def _by_time(seconds: float) -> State:
    return State.STUCK if seconds > STUCK_AFTER_SECONDS else State.ATTENTION
