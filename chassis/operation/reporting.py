"""Puts a service's situation together: from what its watch has seen, and what it counted. Asks nobody."""

from collections import defaultdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from prometheus_client import CollectorRegistry

from chassis.operation.judgement import STUCK_AFTER_SECONDS, judge
from chassis.operation.sentences import Say, says
from chassis.operation.situation import (
    Consumer,
    Counted,
    Finding,
    HeldBack,
    Letters,
    OperationReport,
    Outbox,
    Situation,
    TopicLag,
    WorkKind,
)
from chassis.operation.watch import Watch
from chassis.pages import Formats, Language

if TYPE_CHECKING:
    from chassis.service import Runtime


def report_of(runtime: "Runtime[Any]", language: Language, say: Say) -> OperationReport:
    """How the service does at this moment, in the words of one language, which `say` speaks."""
    return told(situation_of(runtime), _command(runtime), language, say)


def told(situation: Situation, command: str, language: Language, say: Say) -> OperationReport:
    """A situation with what it means."""
    judged, formats = judge(situation), Formats(language)
    return OperationReport(
        **dict(situation),
        state=judged[0].state,
        findings=tuple(
            Finding(concern=one.concern, state=one.state, says=says(one, command, say, formats)) for one in judged
        ),
    )


def situation_of(runtime: "Runtime[Any]") -> Situation:
    watch = runtime.watch
    database = watch.database.seen
    return Situation(
        service=runtime.definition.name,
        at=datetime.now(UTC),
        since=runtime.started_at,
        kafka_silent_seconds=watch.silence(watch.kafka),
        database_silent_seconds=watch.silence(watch.database),
        consumer=_consumer(runtime),
        outbox=_outbox(watch, runtime.settings.outbox_limit_rows),
        work=tuple(
            WorkKind(
                kind=work.kind,
                due=work.due,
                oldest_due_seconds=work.oldest_seconds,
                in_hand=work.in_hand,
                oldest_lease_seconds=work.oldest_lease_seconds,
            )
            for work in (database.work if database else ())
        ),
        work_stuck_seconds=watch.work_stuck_seconds,
        kinds_stuck=watch.still_kinds(STUCK_AFTER_SECONDS),
        letters=_letters(watch, _command(runtime)),
        topics_missing=watch.missing_topics if watch.kafka.seen else None,
        counted=_counted(runtime.telemetry.registry),
    )


def _command(runtime: "Runtime[Any]") -> str:
    return f"python -m services.{runtime.definition.name}"


def _consumer(runtime: "Runtime[Any]") -> Consumer | None:
    watch = runtime.watch
    if watch.kafka.seen is None or runtime.source is None:
        return None
    events: defaultdict[str, int] = defaultdict(int)
    behind: defaultdict[str, int] = defaultdict(int)
    for lag in watch.kafka.seen.lags:
        events[lag.topic] += lag.events
        behind[lag.topic] += lag.events > 0
    return Consumer(
        stopped=runtime.stopped_by_poison,
        lag=sum(events.values()),
        topics=tuple(
            TopicLag(topic=topic, events=events[topic], partitions_behind=behind[topic]) for topic in sorted(events)
        ),
        stuck_seconds=watch.consumer_stuck_seconds,
        partitions_stuck=watch.still_partitions(STUCK_AFTER_SECONDS),
    )


def _outbox(watch: Watch, limit_rows: int) -> Outbox | None:
    if watch.database.seen is None:
        return None
    outbox = watch.database.seen.outbox
    return Outbox(
        rows=outbox.rows,
        limit_rows=limit_rows,
        oldest_seconds=outbox.oldest_seconds,
        stuck_seconds=watch.outbox_stuck_seconds,
        held=tuple(
            HeldBack(topic=held.topic, events=held.events, oldest_seconds=held.oldest_seconds) for held in outbox.held
        ),
    )


def _letters(watch: Watch, command: str) -> tuple[Letters, ...] | None:
    if watch.database.seen is None:
        return None
    letters = f"{command} dead-letters"
    return tuple(
        Letters(
            reason=found.reason,
            count=found.count,
            oldest_at=found.oldest_at,
            list_them=f"{letters} list --reason {found.reason}",
            try_them=f"{letters} replay --reason {found.reason} --dry-run",
            replay_them=f"{letters} replay --reason {found.reason}",
        )
        for found in watch.database.seen.letters
    )


def _counted(registry: CollectorRegistry) -> Counted:
    """The counters as Prometheus gets them, over all their labels."""
    totals: defaultdict[str, int] = defaultdict(int)
    for family in registry.collect():
        for sample in family.samples:
            if sample.name.endswith("_total"):
                totals[sample.name.removesuffix("_total")] += int(sample.value)
    return Counted(
        events_handled=totals["puskesos_events_handled"],
        events_repeated=totals["puskesos_events_repeated"],
        events_set_aside=totals["puskesos_dead_letters"],
        events_published=totals["messaging_client_sent_messages"],
        work_done=totals["puskesos_work_done"],
        work_failed=totals["puskesos_work_failed"],
        batch_retries=totals["puskesos_batch_retries"],
        publishing_retries=totals["puskesos_relay_failures"],
        transaction_retries=totals["puskesos_transaction_retries"],
        rebalances=totals["puskesos_consumer_rebalances"],
    )
