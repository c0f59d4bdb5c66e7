"""/operation: for those who run a service. Counts only, no id of a case; like /metrics it is for the inner network."""

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from chassis.operation.reporting import report_of
from chassis.operation.sentences import COUNTED, STATES
from chassis.operation.situation import OperationReport
from chassis.pages import Language, Pages, language_of

if TYPE_CHECKING:
    from chassis.service import Runtime

Wanted = Annotated[Language, Depends(language_of)]


def show_operation(request: Request, report: OperationReport, *, hears: bool) -> HTMLResponse:
    """The operator's page of one service."""
    pages: Pages = request.app.state.pages
    return pages.show(request, "operation.html", report=report, states=STATES, counted=COUNTED, hears=hears)


def operation_router(runtime: "Runtime[Any]") -> APIRouter:
    """The operator's page of one service, and the same as data. Answers from memory, whatever else is away."""
    router = APIRouter(tags=["operation"])

    def report(request: Request, language: Language) -> OperationReport:
        pages: Pages = request.app.state.pages
        return report_of(runtime, language, lambda text: pages.text(request, text))

    @router.get("/operation", include_in_schema=False)
    async def page(request: Request, language: Wanted) -> HTMLResponse:
        return show_operation(request, report(request, language), hears=runtime.source is not None)

    @router.get("/operation.json")
    async def figures(request: Request, language: Wanted) -> OperationReport:
        return report(request, language)

    return router
