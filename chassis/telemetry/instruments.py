"""What a service counts and times, in one documented place. Prometheus shows dots as underscores.

What lies and waits in a service (lag, outbox, work, dead letters) is measured beside it: chassis/operation/gauges.py.
"""

from opentelemetry.metrics import Meter

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0)
"""Boundaries that the semantic conventions advise for durations of messaging."""
LATENESS = (0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0, 14400.0, 86400.0)
SHORT_SECONDS = (0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0)
EVENTS = (1, 2, 5, 10, 25, 50, 100, 250, 500, 1000)


class Instruments:
    """Counters and histograms by their purpose; units are in the OpenTelemetry unit field."""

    def __init__(self, meter: Meter) -> None:
        self.events_handled = meter.create_counter(
            "puskesos.events.handled",
            unit="{event}",
            description="Events whose effect was committed, by type",
        )
        self.events_repeated = meter.create_counter(
            "puskesos.events.repeated",
            unit="{event}",
            description="Events dropped because they were heard before",
        )
        self.dead_letters = meter.create_counter(
            "puskesos.dead_letters", unit="{event}", description="Events set aside, by reason"
        )
        self.batch_size = meter.create_histogram(
            "puskesos.batch.size",
            unit="{event}",
            description="Events in one committed batch",
            explicit_bucket_boundaries_advisory=EVENTS,
        )
        self.batch_duration = meter.create_histogram(
            "messaging.process.duration",
            unit="s",
            description="From a batch's arrival to its commit, retries included",
            explicit_bucket_boundaries_advisory=SECONDS,
        )
        self.handler_duration = meter.create_histogram(
            "puskesos.handler.duration",
            unit="s",
            description="What a handler took for one event whose effect was committed, by type",
            explicit_bucket_boundaries_advisory=SHORT_SECONDS,
        )
        self.batch_retries = meter.create_counter(
            "puskesos.batch.retries",
            unit="{retry}",
            description="Batches begun anew after an infrastructure error",
        )
        self.rebalances = meter.create_counter(
            "puskesos.consumer.rebalances", unit="{rebalance}", description="Assignments received"
        )
        self.published = meter.create_counter(
            "messaging.client.sent.messages", unit="{message}", description="Events the relay has published"
        )
        self.relay_failures = meter.create_counter(
            "puskesos.relay.failures",
            unit="{failure}",
            description="Publishing passes given up and begun anew",
        )
        self.work_done = meter.create_counter(
            "puskesos.work.done", unit="{task}", description="Leased tasks finished, by kind"
        )
        self.work_failed = meter.create_counter(
            "puskesos.work.failed", unit="{task}", description="Attempts at leased tasks that failed, by kind"
        )
        self.work_lateness = meter.create_histogram(
            "puskesos.work.lateness",
            unit="s",
            description="How long after its due time a task was begun, by kind",
            explicit_bucket_boundaries_advisory=LATENESS,
        )
        self.transaction_retries = meter.create_counter(
            "puskesos.transaction.retries",
            unit="{retry}",
            description="Units of work repeated after a conflict",
        )
