"""What a span may say: of an error its type, since its message may hold what a person typed; of an address no query."""

from collections.abc import Mapping
from typing import Any

from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor
from opentelemetry.trace import Span, Status, StatusCode


class TypesInsteadOfMessages(SpanProcessor):
    """First of the processors: cuts a status description like "ValueError: input was ..." to "ValueError"."""

    def on_end(self, span: ReadableSpan) -> None:
        if span.status.status_code is StatusCode.ERROR and span.status.description:
            # The SDK has no way to change a span that has ended; every processor behind this one gets the same object.
            span._status = Status(StatusCode.ERROR, span.status.description.split(":", 1)[0])


def without_query(span: Span, _scope: Mapping[str, Any]) -> None:
    """For the instrumentation of HTTP: a query may hold the word agreed upon with a provider, or a letter's code."""
    address = span.attributes.get("http.url") if isinstance(span, ReadableSpan) and span.attributes else None
    if isinstance(address, str):
        span.set_attribute("http.url", address.split("?", 1)[0])
