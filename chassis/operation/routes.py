"""/operation: for those who run a service. Counts only, no id of a case; like /metrics it is for the inner network."""

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from chassis.operation.reporting import report_of
from chassis.operation.situation import OperationReport
from chassis.operation.words import Words, words_of
from chassis.pages import Language, Pages, language_of

if TYPE_CHECKING:
    from chassis.service import Runtime

Wanted = Annotated[Language, Depends(language_of)]


def show_operation(request: Request, report: OperationReport, words: Words, *, hears: bool) -> HTMLResponse:
    """The operator's page of one service."""
    pages: Pages = request.app.state.pages
    return pages.show(request, "operation.html", report=report, words=words, says=words.page, hears=hears)


def operation_router(runtime: "Runtime[Any]") -> APIRouter:
    """The operator's page of one service, and the same as data. Answers from memory, whatever else is away."""
    router = APIRouter(tags=["operation"])

    @router.get("/operation", include_in_schema=False)
    async def page(request: Request, language: Wanted) -> HTMLResponse:
        words = words_of(language)
        return show_operation(request, report_of(runtime, words), words, hears=runtime.source is not None)

    @router.get("/operation.json")
    async def figures(language: Wanted) -> OperationReport:
        return report_of(runtime, words_of(language))

    return router
