"""Every error of a service as an answer: problem details for programs, a page for people."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Send

from chassis.http.asker import wants_page
from chassis.http.problem_page import keep_posted, problem_page
from chassis.http.problems import RETRY_AFTER_SECONDS, FieldFault, Problem, problem_response
from chassis.identity import IssuerUnavailable
from chassis.outbox.publisher import EventTooLarge
from chassis.store import AlreadyExists, BadCursor, NotFound, StaleEdit, StoreUnavailable, errors

log = structlog.get_logger(__name__)


def answer(request: Request, problem: Problem) -> Response:
    """A problem in the form that whoever asked can read."""
    return problem_page(request, problem) if wants_page(request) else problem_response(problem)


async def refuse_unread(request: Request, problem: Problem, send: Send) -> None:
    """Answer before any route has read what was sent; a person may send it again from the page."""
    await keep_posted(request)
    await answer(request, problem)(request.scope, request.receive, send)


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

    def known(request: Request, error: Exception) -> Response:
        return answer(request, _known(error))

    for known_kind in _KNOWN:
        app.add_exception_handler(known_kind, known)
    for kind, translate in own.items():

        def translated(request: Request, error: Exception, translate: Any = translate) -> Response:
            return answer(request, translate(error))

        app.add_exception_handler(kind, translated)
