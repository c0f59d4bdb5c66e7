"""Providers of one service: a tracer, a meter, a Prometheus registry and structured logs."""

from dataclasses import dataclass, replace

from opentelemetry.exporter.prometheus import PrometheusMetricReader
from opentelemetry.metrics import Meter
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_NAMESPACE, Resource
from opentelemetry.sdk.trace import SpanLimits, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.trace import NoOpTracer, Tracer
from prometheus_client import CollectorRegistry

from chassis.settings import ServiceSettings, TracesExporter
from chassis.telemetry.instruments import Instruments
from chassis.telemetry.logs import configure_logs
from chassis.telemetry.redaction import TypesInsteadOfMessages
from chassis.telemetry.zipkin import ZipkinSpanExporter

EXPORT_DELAY_MS = 500


@dataclass(frozen=True)
class Telemetry:
    """What the rest of a service measures and traces with."""

    service: str
    tracer: Tracer
    tracer_provider: TracerProvider
    meter: Meter
    meter_provider: MeterProvider
    instruments: Instruments
    registry: CollectorRegistry

    def unseen(self) -> "Telemetry":
        """The same, tracing nothing."""
        return replace(self, tracer=NoOpTracer())

    def shutdown(self) -> None:
        """Send what is waiting, then stop."""
        self.tracer_provider.shutdown()
        self.meter_provider.shutdown()


def _exporter(settings: ServiceSettings) -> SpanExporter | None:
    if settings.traces_exporter is TracesExporter.OTLP:
        # A sixth of a service's start, paid by those who use it: a killed process is back the sooner.
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415

        return OTLPSpanExporter(endpoint=settings.traces_endpoint)
    if settings.traces_exporter is TracesExporter.ZIPKIN and settings.traces_endpoint:
        return ZipkinSpanExporter(settings.traces_endpoint)
    return None


def start_telemetry(service: str, settings: ServiceSettings) -> Telemetry:
    """Make the providers of one service; nothing global is set, so that several can live in one process."""
    configure_logs(service, settings.log_level)
    resource = Resource.create({SERVICE_NAME: service, SERVICE_NAMESPACE: "puskesos"})
    # No span events: instrumentations record an exception's message as one, with the offending value in it.
    tracer_provider = TracerProvider(resource=resource, span_limits=SpanLimits(max_events=0))
    tracer_provider.add_span_processor(TypesInsteadOfMessages())
    exporter = _exporter(settings)
    if exporter is not None:
        tracer_provider.add_span_processor(
            BatchSpanProcessor(exporter, schedule_delay_millis=EXPORT_DELAY_MS, max_queue_size=16384)
        )
    registry = CollectorRegistry()
    meter_provider = MeterProvider(resource=resource, metric_readers=[PrometheusMetricReader(registry=registry)])
    meter = meter_provider.get_meter("puskesos.chassis")
    return Telemetry(
        service=service,
        tracer=tracer_provider.get_tracer("puskesos.chassis"),
        tracer_provider=tracer_provider,
        meter=meter,
        meter_provider=meter_provider,
        instruments=Instruments(meter),
        registry=registry,
    )
