"""Spans for Zipkin, and logs that never repeat a person's data."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import Link, SpanKind, Status, StatusCode

from chassis.settings import ServiceSettings
from chassis.telemetry import start_telemetry
from chassis.telemetry.logs import configure_logs
from chassis.telemetry.propagation import context_from, link_to, traceparent_of
from chassis.telemetry.zipkin import to_zipkin


@pytest.fixture
def spans() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def settings() -> Iterator[ServiceSettings]:
    """Any settings; starting telemetry takes the logs over, so they are given back."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield ServiceSettings(kafka_bootstrap_servers="", mongodb_uri="", mongodb_database="", oidc_issuer="")
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


@pytest.fixture
def provider(spans: InMemorySpanExporter) -> TracerProvider:
    provider = TracerProvider(resource=Resource({SERVICE_NAME: "intake"}))
    provider.add_span_processor(SimpleSpanProcessor(spans))
    return provider


def test_zipkin_gets_kind_remote_endpoint_links_and_error(
    provider: TracerProvider, spans: InMemorySpanExporter
) -> None:
    tracer = provider.get_tracer("test")
    with tracer.start_as_current_span("earlier") as earlier:
        pass
    with tracer.start_as_current_span(
        "process complaint.created",
        kind=SpanKind.CONSUMER,
        links=[Link(earlier.get_span_context())],
        attributes={"messaging.system": "kafka"},
    ) as span:
        span.set_status(Status(StatusCode.ERROR, "HandlerBroke"))
    encoded = to_zipkin(spans.get_finished_spans()[1])
    assert encoded["kind"] == "CONSUMER"
    assert encoded["localEndpoint"] == {"serviceName": "intake"}
    assert encoded["remoteEndpoint"] == {"serviceName": "kafka"}
    tags = encoded["tags"]
    assert isinstance(tags, dict)
    assert tags["error"] == "HandlerBroke"
    assert tags["link.0"].startswith(str(to_zipkin(spans.get_finished_spans()[0])["traceId"]))


def test_a_traceparent_leads_back_to_its_span(provider: TracerProvider) -> None:
    with provider.get_tracer("test").start_as_current_span("deed") as span:
        header = traceparent_of()
    link = link_to(header)
    assert link is not None
    assert link.context.trace_id == span.get_span_context().trace_id
    with provider.get_tracer("test").start_as_current_span("effect", context=context_from(header)) as effect:
        assert effect.get_span_context().trace_id == span.get_span_context().trace_id


def test_a_broken_traceparent_starts_a_new_trace_instead_of_failing() -> None:
    assert link_to("not a header") is None
    assert link_to("00-" + "0" * 32 + "-" + "0" * 16 + "-01") is None


def test_a_logged_exception_tells_its_type_and_place_but_not_its_message(capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    try:
        configure_logs("intake", "INFO")
        name = "Siti".join(("", " Aminah"))
        try:
            raise ValueError(name)
        except ValueError as error:
            structlog.get_logger("test").warning("refused", exc_info=error)
            logging.getLogger("some.library").exception("it failed")
    finally:
        root.handlers, root.level = handlers, level
        structlog.reset_defaults()
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["exception.type"] for line in lines] == ["builtins.ValueError"] * 2
    assert all("test_telemetry" in line["exception.stacktrace"] for line in lines)
    assert all(line["service"] == "intake" for line in lines)
    assert not any("Siti Aminah" in json.dumps(line) for line in lines)


def test_a_span_tells_the_type_of_an_error_but_neither_its_message_nor_its_events(
    spans: InMemorySpanExporter, settings: ServiceSettings
) -> None:
    telemetry = start_telemetry("intake", settings)
    telemetry.tracer_provider.add_span_processor(SimpleSpanProcessor(spans))
    name = "Siti".join(("", " Aminah"))
    with pytest.raises(ValueError, match=name), telemetry.tracer.start_as_current_span("deed"):
        raise ValueError(name)
    (span,) = spans.get_finished_spans()
    assert span.status.description == "ValueError"
    assert name not in span.to_json()
