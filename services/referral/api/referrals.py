"""/v1/referrals: an agency's own, the district's all, and the agency's answer."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from chassis.http.access import acting_as, scope_of
from chassis.http.paging import Cursor, Limit, PageOf
from chassis.http.problems import ProblemDetails
from chassis.identity import Actor, Role
from chassis.store import Store, UnitOfWork
from contracts.vocabulary import AgencyAnswer, Outcome, ReferralStatus, RejectionReason
from services.referral.api.referral_views import ReferralInCase
from services.referral.commands import answer_as_agency
from services.referral.queries import (
    READERS,
    ReferralFilters,
    agency_of,
    referral_page,
    referrals_seen_by,
    visible_referral,
)
from services.referral.reference import Reference
from services.referral.store import REFERRALS, StoredReferral

Reading = Annotated[Actor, Depends(acting_as(*READERS, Role.AGENCY))]
Answering = Annotated[Actor, Depends(acting_as(Role.AGENCY))]
ReferralId = Annotated[str, Path(description="The referral", examples=["01936d00-0000-7000-9000-000000000001"])]


class NewAnswer(BaseModel):
    """accepted; or rejected with a reason; or, once accepted, completed with an outcome."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"answer": "accepted"},
                {"answer": "rejected", "reason": "incomplete_documents"},
                {"answer": "completed", "outcome": "enrolled"},
            ]
        },
    )

    answer: AgencyAnswer
    reason: RejectionReason | None = Field(default=None, description="Of a rejection")
    outcome: Outcome | None = Field(default=None, description="Of a completion")


ANSWER_PROBLEMS: dict[int | str, dict[str, Any]] = {
    403: {"model": ProblemDetails, "description": "Not an agency's account"},
    404: {"model": ProblemDetails, "description": "No such referral for your agency"},
    409: {
        "model": ProblemDetails,
        "description": "It does not count: already-answered, not-accepted-yet, expired, case-ended",
    },
    422: {"model": ProblemDetails, "description": "It is not complete: reason-missing, outcome-missing"},
}


def referral_routes(store: Store, reference: Reference) -> APIRouter:
    router = APIRouter(prefix="/v1/referrals", tags=["referrals"])

    @router.get("", operation_id="list_referrals", summary="Referrals, the longest waiting first")
    async def browse(
        *,
        actor: Reading,
        status: ReferralStatus | None = None,
        agency: Annotated[str | None, Query(description="for the district: of one agency")] = None,
        open: Annotated[bool | None, Query(description="whether an answer would still count")] = None,  # noqa: A002
        cursor: Cursor = None,
        limit: Limit = 50,
    ) -> PageOf[ReferralInCase]:
        """An agency sees its own and only those; the district all of its area."""
        reader = store.reading(scope_of(actor), REFERRALS)
        filters = ReferralFilters(agency, status, open)
        page = await referral_page(reader, actor, filters, cursor=cursor, limit=limit)
        return PageOf[ReferralInCase].showing(page, ReferralInCase.of_copy)

    @router.get("/{referral_id}", operation_id="read_referral", summary="One referral")
    async def read(referral_id: ReferralId, actor: Reading) -> ReferralInCase:
        reader = store.reading(scope_of(actor), REFERRALS)
        return ReferralInCase.of_copy(await visible_referral(reader, referrals_seen_by(actor), referral_id))

    @router.post(
        "/{referral_id}/answer",
        operation_id="answer_referral",
        summary="The agency's answer",
        responses=ANSWER_PROBLEMS,
    )
    async def answer(referral_id: ReferralId, new: NewAnswer, actor: Answering) -> ReferralInCase:
        """Accept or reject in time; complete what was accepted. The first answer counts, whichever door it came
        through (this one, or the agency's Kafka topic). No If-Match: nobody else answers for you.
        """
        agency = agency_of(actor)

        async def deed(unit: UnitOfWork) -> StoredReferral:
            return await answer_as_agency(
                unit,
                reference,
                referral_id,
                new.answer,
                by=actor,
                agency=agency,
                reason=new.reason,
                outcome=new.outcome,
            )

        return ReferralInCase.of_copy(await store.transact(scope_of(actor), deed))

    return router
