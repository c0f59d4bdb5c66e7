"""/operation: for those who run a service. Counts only, no id of a case; like /metrics it is for the inner network."""

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Header, Query
from fastapi.responses import HTMLResponse

from chassis.operation.page import POLICY, Pages
from chassis.operation.reporting import report_of
from chassis.operation.situation import OperationReport
from chassis.operation.words import Language, words_of

if TYPE_CHECKING:
    from chassis.service import Runtime

Lang = Annotated[str | None, Query(description="id or en; else by Accept-Language, else Indonesian")]
Accepted = Annotated[str | None, Header(alias="accept-language", include_in_schema=False)]


def operation_router(runtime: "Runtime[Any]") -> APIRouter:
    """The operator's page of one service, and the same as data. Answers from memory, whatever else is away."""
    router = APIRouter(tags=["operation"])
    pages = Pages()

    @router.get("/operation", include_in_schema=False)
    async def page(lang: Lang = None, accepted: Accepted = None) -> HTMLResponse:
        words = words_of(Language.wanted(lang, accepted))
        html = pages.of_service(report_of(runtime, words), words, hears=runtime.source is not None)
        return HTMLResponse(html, headers={"Content-Security-Policy": POLICY, "Vary": "Accept-Language"})

    @router.get("/operation.json")
    async def figures(lang: Lang = None, accepted: Accepted = None) -> OperationReport:
        return report_of(runtime, words_of(Language.wanted(lang, accepted)))

    return router
