"""Spans for the embedded stack's Zipkin (API v2, JSON).

Our own because the published exporter drops links and sends no remote endpoint, which leaves Zipkin's service
graph empty, and is deprecated by the specification. Installations use OTLP.
"""

from collections.abc import Sequence

import httpx
from opentelemetry.sdk.resources import SERVICE_NAME
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.trace import SpanKind, StatusCode, format_span_id, format_trace_id

_KINDS = {
    SpanKind.CLIENT: "CLIENT",
    SpanKind.SERVER: "SERVER",
    SpanKind.PRODUCER: "PRODUCER",
    SpanKind.CONSUMER: "CONSUMER",
}


def _remote(attributes: dict[str, str]) -> str | None:
    return attributes.get("peer.service") or attributes.get("messaging.system") or attributes.get("db.system.name")


def to_zipkin(span: ReadableSpan) -> dict[str, object]:
    """One span as Zipkin's v2 model has it."""
    tags = {key: str(value) for key, value in (span.attributes or {}).items()}
    tags |= {
        f"link.{number}": f"{format_trace_id(link.context.trace_id)}/{format_span_id(link.context.span_id)}"
        for number, link in enumerate(span.links)
    }
    if span.status.status_code is StatusCode.ERROR:
        tags["error"] = span.status.description or "error"
    context = span.get_span_context()
    start_ns, end_ns = span.start_time or 0, span.end_time or 0
    encoded: dict[str, object] = {
        "traceId": format_trace_id(context.trace_id) if context else "",
        "id": format_span_id(context.span_id) if context else "",
        "name": span.name,
        "timestamp": start_ns // 1000,
        "duration": max((end_ns - start_ns) // 1000, 1),
        "localEndpoint": {"serviceName": str(span.resource.attributes.get(SERVICE_NAME, "unknown"))},
        "tags": tags,
    }
    if span.parent is not None:
        encoded["parentId"] = format_span_id(span.parent.span_id)
    if span.kind in _KINDS:
        encoded["kind"] = _KINDS[span.kind]
        remote = _remote(tags)
        if remote is not None:
            encoded["remoteEndpoint"] = {"serviceName": remote}
    return encoded


class ZipkinSpanExporter(SpanExporter):
    """Sends spans to `endpoint` (…/api/v2/spans); a viewer that is away costs spans, never the service."""

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint
        self._client = httpx.Client(timeout=5.0, trust_env=False)

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        try:
            answer = self._client.post(self._endpoint, json=[to_zipkin(span) for span in spans])
        except httpx.HTTPError:
            return SpanExportResult.FAILURE
        return SpanExportResult.SUCCESS if answer.is_success else SpanExportResult.FAILURE

    def shutdown(self) -> None:
        self._client.close()

    def force_flush(self, timeout_millis: int = 30000) -> bool:
        return True
