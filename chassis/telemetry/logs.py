"""Structured logs: one JSON object a line on standard output, with the trace it belongs to."""

import logging
import sys
import traceback

import structlog
from opentelemetry import trace
from structlog.typing import EventDict, WrappedLogger

_QUIET = ("aiokafka", "pymongo", "httpx", "httpcore", "faust", "mode", "uvicorn.access", "asyncio")


def _add_trace(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        event["trace_id"] = trace.format_trace_id(context.trace_id)
        event["span_id"] = trace.format_span_id(context.span_id)
    return event


def _stack_without_values(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """The type and place of an exception, never its message: libraries put the offending value, a person's, in it."""
    info = event.pop("exc_info", None)
    if info:
        error = info[1] if isinstance(info, tuple) else info if isinstance(info, BaseException) else sys.exc_info()[1]
        if error is not None:
            event["exception.type"] = f"{type(error).__module__}.{type(error).__qualname__}"
            event["exception.stacktrace"] = "".join(traceback.format_tb(error.__traceback__))
    return event


def configure_logs(service: str, level: str) -> None:
    """Send this process's logs, ours and the libraries', to standard output as JSON lines."""

    def add_service(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        event.setdefault("service", service)
        return event

    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        add_service,
        _add_trace,
        _stack_without_values,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
