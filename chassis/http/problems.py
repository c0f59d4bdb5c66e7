"""Problem details (RFC 9457): every refusal says what happened and what to do, and never repeats the input."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi.responses import JSONResponse
from opentelemetry import trace
from pydantic import BaseModel, Field

from chassis.identity import Role

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
        roles: Sequence[Role] = (),
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.errors = errors or []
        self.headers = dict(headers or {})
        self.roles = tuple(roles)
        """Any of these would have been needed."""


def not_ready() -> Problem:
    """What a service answers before it may touch its database, or while that does not answer."""
    return Problem(
        503,
        "not-ready",
        "The service is starting, or its database does not answer. Try again shortly.",
        headers={"Retry-After": str(RETRY_AFTER_SECONDS)},
    )


def trace_id() -> str | None:
    """The trace of what is being done, by which an operator finds it."""
    context = trace.get_current_span().get_span_context()
    return trace.format_trace_id(context.trace_id) if context.is_valid else None


def problem_response(problem: Problem) -> JSONResponse:
    body = ProblemDetails(
        type=f"urn:puskesos:problem:{problem.code}",
        title=HTTPStatus(problem.status).phrase,
        status=problem.status,
        detail=problem.detail,
        trace_id=trace_id(),
        errors=problem.errors,
    )
    return JSONResponse(
        body.model_dump(exclude_none=True), problem.status, headers=problem.headers, media_type=MEDIA_TYPE
    )


PROBLEMS: dict[int | str, dict[str, Any]] = {
    "default": {"model": ProblemDetails, "description": "A problem (RFC 9457), as application/problem+json"}
}
"""For `responses=` of an app or route."""
