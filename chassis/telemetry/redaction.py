"""What a span may say: of an error its type, for its message may hold what a person typed; of an address no secret."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor
from opentelemetry.trace import Span, Status, StatusCode

ADDRESSES = ("http.url", "http.target")


class TypesInsteadOfMessages(SpanProcessor):
    """First of the processors: cuts a status description like "ValueError: input was ..." to "ValueError"."""

    def on_end(self, span: ReadableSpan) -> None:
        if span.status.status_code is StatusCode.ERROR and span.status.description:
            # The SDK has no way to change a span that has ended; every processor behind this one gets the same object.
            span._status = Status(StatusCode.ERROR, span.status.description.split(":", 1)[0])


def redacted_addresses(secrets_behind: Sequence[str]) -> Callable[[Span, Mapping[str, Any]], None]:
    """For the instrumentation of HTTP: of an address neither the query, which may hold the word agreed upon with a
    provider, nor what stands behind one of these paths, such as a letter's code."""

    def redact(span: Span, _scope: Mapping[str, Any]) -> None:
        told = span.attributes if isinstance(span, ReadableSpan) else None
        for name in ADDRESSES:
            address = told.get(name) if told else None
            if isinstance(address, str):
                span.set_attribute(name, _redacted(address, secrets_behind))

    return redact


def _redacted(address: str, secrets_behind: Sequence[str]) -> str:
    address = address.split("?", 1)[0]
    for path in secrets_behind:
        before, found, secret = address.partition(path)
        if found and secret:
            return f"{before}{path}-"
    return address
