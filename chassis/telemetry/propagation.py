"""W3C trace context in Kafka headers and envelopes, written by hand.

The published Kafka instrumentation loses the handler's trace and doubles the header.
"""

from opentelemetry.context import Context
from opentelemetry.trace import Link, get_current_span
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

TRACEPARENT = "traceparent"
_PROPAGATOR = TraceContextTextMapPropagator()


def traceparent_of(context: Context | None = None) -> str:
    """The traceparent of a context (by default the current one); empty when nothing is traced."""
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier, context)
    return carrier.get(TRACEPARENT, "")


def context_from(traceparent: str | None) -> Context:
    """The context a traceparent names; an empty one, which starts a new trace, when there is none or it is broken."""
    return _PROPAGATOR.extract({TRACEPARENT: traceparent} if traceparent else {}, Context())


def link_to(traceparent: str) -> Link | None:
    context = get_current_span(context_from(traceparent)).get_span_context()
    return Link(context) if context.is_valid else None
