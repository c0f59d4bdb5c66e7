"""Problem details (RFC 9457): every refusal says what happened and what to do, and never repeats the input."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from opentelemetry import trace
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from chassis.identity import IssuerUnavailable
from chassis.outbox.publisher import EventTooLarge
from chassis.store import AlreadyExists, BadCursor, NotFound, StaleEdit, StoreUnavailable, errors

log = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 5


class FieldFault(BaseModel):
    """One field that was not accepted, and why."""

    field: str
    message: str


class ProblemDetails(BaseModel):
    """The body of every refusal."""

    type: str = Field(examples=["urn:puskesos:problem:not-found"])
    title: str
    status: int
    detail: str = Field(description="What happened and what to do")
    trace_id: str | None = Field(default=None, description="Name this when asking the operator")
    errors: list[FieldFault] = []


class Problem(Exception):
    """A refusal with its own code. Services subclass it, or map their domain's errors to it in one place."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        errors: list[FieldFault] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.errors = errors or []
        self.headers = dict(headers or {})


def not_ready() -> Problem:
    """What a service answers before it may touch its database, or while that does not answer."""
    return Problem(
        503,
        "not-ready",
        "The service is starting, or its database does not answer. Try again shortly.",
        headers={"Retry-After": str(RETRY_AFTER_SECONDS)},
    )


def problem_response(problem: Problem) -> JSONResponse:
    context = trace.get_current_span().get_span_context()
    body = ProblemDetails(
        type=f"urn:puskesos:problem:{problem.code}",
        title=HTTPStatus(problem.status).phrase,
        status=problem.status,
        detail=problem.detail,
        trace_id=trace.format_trace_id(context.trace_id) if context.is_valid else None,
        errors=problem.errors,
    )
    return JSONResponse(
        body.model_dump(exclude_none=True), problem.status, headers=problem.headers, media_type=MEDIA_TYPE
    )


def _validation(error: RequestValidationError) -> Problem:
    faults = [
        FieldFault(field=".".join(str(part) for part in fault["loc"]), message=str(fault["msg"]))
        for fault in error.errors()
    ]
    return Problem(
        422,
        "invalid-input",
        "Some fields were not accepted; nothing was saved. Correct them and send again.",
        errors=faults,
    )


_WHAT_TO_DO = {
    400: "The request cannot be read. Send JSON as the description at /openapi.json says.",
    404: "There is nothing at this address. The description at /openapi.json lists what there is.",
    405: "This address does not take this method. The description at /openapi.json says which it takes.",
}


def _http(error: HTTPException) -> Problem:
    code = HTTPStatus(error.status_code).phrase.lower().replace(" ", "-")
    detail = _WHAT_TO_DO.get(error.status_code, f"{str(error.detail).rstrip('.')}.")
    return Problem(error.status_code, code, detail, headers=error.headers)


def _known(error: Exception) -> Problem:  # noqa: PLR0911 - one line an error
    """The chassis' own errors as problems: the one place where they are mapped."""
    retry = {"Retry-After": str(RETRY_AFTER_SECONDS)}
    match error:
        case Problem():
            return error
        case NotFound():
            return Problem(404, "not-found", str(error))
        case AlreadyExists():
            return Problem(409, "already-exists", str(error))
        case StaleEdit():
            return Problem(412, "stale-edit", str(error), headers={"ETag": f'"{error.current}"'})
        case EventTooLarge():
            return Problem(422, "event-too-large", str(error))
        case BadCursor():
            return Problem(400, "bad-cursor", str(error))
        case StoreUnavailable():
            return Problem(503, "store-unavailable", str(error), headers=retry)
        case errors.DatabaseError() if errors.is_outage(error):
            # Read outside a deed, perhaps after one: what was done is done.
            return Problem(
                503,
                "store-unavailable",
                "The database does not answer at the moment. Try again in a few seconds; what you sent with an "
                "Idempotency-Key is not done twice.",
                headers=retry,
            )
        case IssuerUnavailable():
            return Problem(
                503,
                "issuer-unavailable",
                "Sign-in cannot be checked at the moment. Try again shortly.",
                headers=retry,
            )
        case RequestValidationError():
            return _validation(error)
        case HTTPException():
            return _http(error)
    log.error("request failed", exc_info=error)
    return Problem(
        500,
        "internal-error",
        "Something went wrong here; nothing was changed. Tell the operator the trace_id.",
    )


PROBLEMS: dict[int | str, dict[str, Any]] = {
    "default": {"model": ProblemDetails, "description": "A problem (RFC 9457), as application/problem+json"}
}
"""For `responses=` of an app or route."""


_KNOWN: tuple[type[Exception], ...] = (
    Problem,
    NotFound,
    AlreadyExists,
    StaleEdit,
    EventTooLarge,
    BadCursor,
    StoreUnavailable,
    errors.DatabaseError,
    IssuerUnavailable,
    RequestValidationError,
    HTTPException,
    Exception,
)


def answer_with_problems(app: FastAPI, own: Mapping[type[Exception], Any]) -> None:
    """Answer every error of `app` as a problem. `own` maps a service's domain errors: type -> (error) -> Problem."""

    def known(_request: Request, error: Exception) -> JSONResponse:
        return problem_response(_known(error))

    for known_kind in _KNOWN:
        app.add_exception_handler(known_kind, known)
    for kind, translate in own.items():

        def translated(_request: Request, error: Exception, translate: Any = translate) -> JSONResponse:
            return problem_response(translate(error))

        app.add_exception_handler(kind, translated)
