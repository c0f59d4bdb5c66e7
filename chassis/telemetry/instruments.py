"""Every metric of the chassis, in one documented place. Prometheus shows dots as underscores."""

from opentelemetry.metrics import Meter


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
            "puskesos.batch.size", unit="{event}", description="Events in one committed batch"
        )
        self.batch_duration = meter.create_histogram(
            "messaging.process.duration", unit="s", description="From a batch's arrival to its commit"
        )
        self.batch_retries = meter.create_counter(
            "puskesos.batch.retries",
            unit="{retry}",
            description="Batches begun anew after an infrastructure error",
        )
        self.rebalances = meter.create_counter(
            "puskesos.consumer.rebalances", unit="{rebalance}", description="Assignments received"
        )
        self.consumer_lag = meter.create_gauge(
            "puskesos.consumer.lag",
            unit="{event}",
            description="Events not yet handled, by topic and partition",
        )
        self.consumer_stopped = meter.create_gauge(
            "puskesos.consumer.stopped",
            unit="1",
            description="1 when too many dead letters in a row stopped it",
        )
        self.published = meter.create_counter(
            "messaging.client.sent.messages", unit="{message}", description="Events the relay has published"
        )
        self.outbox_rows = meter.create_gauge("puskesos.outbox.rows", unit="{row}", description="Outbox rows waiting")
        self.outbox_oldest = meter.create_gauge(
            "puskesos.outbox.oldest", unit="s", description="Age of the oldest outbox row waiting"
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
            "puskesos.work.lateness", unit="s", description="How long after its due time a task was begun"
        )
        self.transaction_retries = meter.create_counter(
            "puskesos.transaction.retries",
            unit="{retry}",
            description="Units of work repeated after a conflict",
        )
