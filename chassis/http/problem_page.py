"""A problem as a page, for those who came with a browser: what happened and what to do, in their language."""

from collections.abc import Mapping
from contextlib import suppress

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from chassis.http.asker import SAME_ORIGIN, site_of, wants_page
from chassis.http.problems import Problem, trace_id
from chassis.pages import ROLE_NAMES, Form, Pages
from chassis.pages import lazy as _

TITLES: Mapping[int, str] = {
    400: _("This address is not complete"),
    401: _("Please sign in"),
    403: _("This is not for your role"),
    404: _("There is nothing here"),
    405: _("This cannot be done here"),
    409: _("This does not fit any more"),
    412: _("Somebody changed this meanwhile"),
    413: _("This is too large"),
    422: _("Something is to be corrected"),
    429: _("Too many attempts"),
    503: _("Not possible at the moment"),
}
WHAT_TO_DO: Mapping[int, str] = {
    400: _("Go back to the first page and find it from there."),
    401: _("Sign in to go on."),
    403: _("Your account may not see or do this."),
    404: _("The address may be mistyped, or what it shows lies outside your area."),
    405: _("Go back to the first page and find it from there."),
    409: _("Nothing was changed. Open the page again to see how it stands now."),
    412: _("Nothing of yours was saved. Open the page again, look at what changed, and repeat yours."),
    413: _("Nothing was saved. Send less at once, or a smaller file."),
    422: _("Nothing was saved. Go back and correct it."),
    429: _("Wait a while before you try again."),
    503: _("Nothing was saved. Wait a moment and try again."),
}
OTHERWISE_TITLE = _("Something went wrong here")
OTHERWISE = _("Nothing was changed. Try again; when it stays like this, tell the operator.")
FOR_PROGRAMS = frozenset(
    {
        "bad-cursor",
        "bad-request",
        "idempotency-key-needed",
        "if-match-needed",
        "internal-error",
        "invalid-input",
        "invalid-token",
        "method-not-allowed",
        "sign-in-needed",
        "stale-edit",
    }
)
"""Problems whose sentence speaks of headers, cursors and JSON."""
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


async def keep_posted(request: Request) -> None:
    """Read what a person posted before it is refused unread, so that the page can offer to send it again."""
    if wants_page(request) and request.headers.get("content-type", "").startswith(FORMS):
        with suppress(HTTPException):
            await Form.read(request)


def _to_send_again(request: Request, problem: Problem) -> list[tuple[str, str]]:
    """What was posted to no avail. Never what another site's page sent: one press would make it ours."""
    posted: Form | None = getattr(request.state, "posted", None)
    if posted is None or problem.status < 500 or site_of(request) != SAME_ORIGIN:
        return []
    return [(name, value) for name, values in posted.values.items() for value in values]


def problem_page(request: Request, problem: Problem) -> Response:
    pages: Pages = request.app.state.pages
    title = TITLES.get(problem.status, OTHERWISE_TITLE)
    what = WHAT_TO_DO.get(problem.status, OTHERWISE)
    if problem.code not in FOR_PROGRAMS and pages.knows(problem.detail):
        what = problem.detail
    response = pages.show(
        request,
        "problem.html",
        problem.status,
        title=pages.text(request, title),
        what=pages.text(request, what),
        roles=[ROLE_NAMES[role] for role in problem.roles],
        unsent=_to_send_again(request, problem),
        again=str(request.url.path) if problem.status >= 500 and request.method == "GET" else None,
        trace_id=trace_id() if problem.status >= 500 else None,
    )
    for name, value in problem.headers.items():
        response.headers.setdefault(name, value)
    return response
