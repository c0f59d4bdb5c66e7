"""What the watch has seen, as gauges. Each value is of the moment of the scrape; what is not there is not reported.

Every instance reports the whole service's values: over instances take the maximum, never the sum.
"""

from collections.abc import Callable, Iterable
from typing import Any

from opentelemetry.metrics import CallbackOptions, Meter, Observation

from chassis.operation.watch import Watch

Values = Callable[[], Iterable[Observation]]


class Gauges:
    """Registers the gauges of one running service. `poisoned`: whether dead letters stopped its consumer."""

    def __init__(self, meter: Meter, watch: Watch, group: str, poisoned: Callable[[], bool]) -> None:
        self._watch = watch
        self._group = group
        self._poisoned = poisoned
        for name, unit, description, values in (
            (
                "puskesos.stuck",
                "s",
                "Seconds without progress while there is work: consumer, outbox, work",
                self._stuck,
            ),
            ("puskesos.consumer.lag", "{event}", "Events not yet handled, by topic and partition", self._lag),
            ("puskesos.consumer.stopped", "1", "1 when too many dead letters in a row stopped it", self._stopped),
            ("puskesos.outbox.rows", "{row}", "Outbox rows waiting", self._outbox_rows),
            ("puskesos.outbox.oldest", "s", "Age of the oldest outbox row waiting", self._outbox_oldest),
            ("puskesos.outbox.held", "{event}", "Events set aside because their topic does not exist", self._held),
            ("puskesos.topics.missing", "{topic}", "Topics this service needs that do not exist", self._missing),
            ("puskesos.dead_letters.waiting", "{event}", "Dead letters that lie there now, by reason", self._letters),
            ("puskesos.work.due", "{task}", "Tasks due and not begun, by kind (counted up to 10,000)", self._due),
            ("puskesos.work.oldest_due", "s", "How long the oldest of them has been due", self._oldest_due),
            ("puskesos.work.oldest_lease", "s", "How long one task has been in hand at most, by kind", self._lease),
        ):
            meter.create_observable_gauge(name, [_callback(values)], unit=unit, description=description)

    def _stuck(self) -> Iterable[Observation]:
        watch = self._watch
        yield Observation(watch.consumer_stuck_seconds, {"puskesos.what": "consumer"})
        yield Observation(watch.outbox_stuck_seconds, {"puskesos.what": "outbox"})
        yield Observation(watch.work_stuck_seconds, {"puskesos.what": "work"})

    def _lag(self) -> Iterable[Observation]:
        seen = self._watch.kafka.seen
        for lag in seen.lags if seen else ():
            attributes = {
                "messaging.consumer.group.name": self._group,
                "messaging.destination.name": lag.topic,
                "messaging.destination.partition.id": str(lag.partition),
            }
            yield Observation(lag.events, attributes)

    def _stopped(self) -> Iterable[Observation]:
        yield Observation(int(self._poisoned()))

    def _missing(self) -> Iterable[Observation]:
        if self._watch.kafka.seen is not None:
            yield Observation(len(self._watch.missing_topics))

    def _outbox_rows(self) -> Iterable[Observation]:
        if (seen := self._watch.database.seen) is not None:
            yield Observation(seen.outbox.rows)

    def _outbox_oldest(self) -> Iterable[Observation]:
        if (seen := self._watch.database.seen) is not None:
            yield Observation(seen.outbox.oldest_seconds)

    def _held(self) -> Iterable[Observation]:
        seen = self._watch.database.seen
        for held in seen.outbox.held if seen else ():
            yield Observation(held.events, {"messaging.destination.name": held.topic})

    def _letters(self) -> Iterable[Observation]:
        seen = self._watch.database.seen
        for letters in seen.letters if seen else ():
            yield Observation(letters.count, {"puskesos.reason": letters.reason})

    def _due(self) -> Iterable[Observation]:
        return self._of_work(lambda work: work.due)

    def _oldest_due(self) -> Iterable[Observation]:
        return self._of_work(lambda work: work.oldest_seconds)

    def _lease(self) -> Iterable[Observation]:
        return self._of_work(lambda work: work.oldest_lease_seconds)

    def _of_work(self, value: Callable[[Any], float]) -> Iterable[Observation]:
        seen = self._watch.database.seen
        for work in seen.work if seen else ():
            yield Observation(value(work), {"puskesos.work.kind": work.kind})


def _callback(values: Values) -> Callable[[CallbackOptions], Iterable[Observation]]:
    return lambda _options: values()
