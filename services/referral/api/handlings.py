"""/v1/handlings: the queue, the whole of a case, and the office's moves: recommend, review, decide."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from chassis.http.access import scope_of
from chassis.http.editing import ExpectedEdition, tag
from chassis.http.paging import Cursor, Limit, PageOf
from chassis.http.problems import ProblemDetails
from chassis.identity import Actor, Role
from chassis.store import Store, UnitOfWork
from contracts.events import NeedDecision
from contracts.fields import Code
from contracts.vocabulary import DecisionKind, HandlingStatus, Tier
from services.referral.api.access import in_a_district
from services.referral.api.handling_views import HandlingItem, HandlingView
from services.referral.commands import decide_handling, recommend_handling, review_handling
from services.referral.domain.deciding import Ruling
from services.referral.domain.reasons import RefusalReason, ReturnReason
from services.referral.explanations import Explanations, Language
from services.referral.queries import READERS, handling_page, visible_handling
from services.referral.reference import Reference
from services.referral.store import HANDLINGS, StoredHandling

Reading = Annotated[Actor, Depends(in_a_district(*READERS, Role.SUPERVISOR))]
Drafting = Annotated[Actor, Depends(in_a_district(Role.BACK_OFFICE))]
Reviewing = Annotated[Actor, Depends(in_a_district(Role.SUPERVISOR))]
Deciding = Annotated[Actor, Depends(in_a_district(Role.MANAGER))]

CaseId = Annotated[str, Path(description="The case", examples=["01936d00-0000-7000-8000-000000000001"])]
InLanguage = Annotated[Language, Query(description="Of the explanations: Indonesian or English")]
DECISIONS_LIMIT = 50


class Decision(BaseModel):
    """What to do about one need."""

    model_config = ConfigDict(extra="forbid")

    programme: Code = Field(examples=["kip"])
    decision: DecisionKind = Field(description="refer: ask an agency; propose: for the next period; refuse")
    reason: RefusalReason | None = Field(default=None, description="A refusal needs one", examples=["above_threshold"])


class NewRecommendation(BaseModel):
    """One decision for every need of the case; programmes nobody asked for may be added."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "decisions": [
                        {"programme": "pkh", "decision": "propose"},
                        {"programme": "kip", "decision": "refer"},
                        {"programme": "sembako", "decision": "refuse", "reason": "above_threshold"},
                    ]
                }
            ]
        },
    )

    decisions: list[Decision] = Field(max_length=DECISIONS_LIMIT)

    def as_decided(self) -> tuple[NeedDecision, ...]:
        return tuple(NeedDecision.model_validate(dict(decision)) for decision in self.decisions)


class NewRuling(BaseModel):
    """Approve, or return with a reason."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"ruling": "approve"}]})

    ruling: Ruling
    reason: ReturnReason | None = Field(default=None, description="A return needs one", examples=["letter_missing"])


MOVE_PROBLEMS: dict[int | str, dict[str, Any]] = {
    403: {"model": ProblemDetails, "description": "Another role, or your own draft"},
    404: {"model": ProblemDetails, "description": "No such handling in your area"},
    409: {"model": ProblemDetails, "description": "Not possible in this state; says what is"},
    412: {"model": ProblemDetails, "description": "It changed since you read it"},
    422: {"model": ProblemDetails, "description": "What was sent does not fit the case"},
    428: {"model": ProblemDetails, "description": "If-Match is missing"},
}


def handling_routes(store: Store, reference: Reference, explanations: Explanations) -> APIRouter:
    router = APIRouter(prefix="/v1/handlings", tags=["handlings"])

    def shown(stored: StoredHandling, language: Language, response: Response) -> HandlingView:
        tag(response, stored)
        return HandlingView.whole(stored, explanations, language)

    @router.get("", operation_id="list_handlings", summary="The queue, by urgency")
    async def browse(
        actor: Reading,
        status: Annotated[list[HandlingStatus] | None, Query(description="else what waits for your role")] = None,
        tier: Annotated[Tier | None, Query(description="who holds the case now")] = None,
        cursor: Cursor = None,
        limit: Limit = 50,
    ) -> PageOf[HandlingItem]:
        """The case due first comes first. Without `status`, what waits for your role: recommendations to draft
        (back office), to review (supervisor), to decide (manager). A supervisor sees nothing else.
        """
        reader = store.reading(scope_of(actor), HANDLINGS)
        page = await handling_page(reader, actor, status or (), tier, cursor=cursor, limit=limit)
        return PageOf[HandlingItem].showing(page, HandlingItem.of)

    @router.get("/{case_id}", operation_id="read_handling", summary="The whole of one case")
    async def read(
        case_id: CaseId, actor: Reading, response: Response, language: InLanguage = Language.ID
    ) -> HandlingView:
        """Matches with a reason per criterion in words, decisions, referrals, proposals, clocks, who did what."""
        stored = await visible_handling(store.reading(scope_of(actor), HANDLINGS), actor, case_id)
        return shown(stored, language, response)

    @router.post(
        "/{case_id}/recommendation", operation_id="recommend", summary="Draft what to do", responses=MOVE_PROBLEMS
    )
    async def recommend(
        *,
        case_id: CaseId,
        new: NewRecommendation,
        actor: Drafting,
        expected: ExpectedEdition,
        response: Response,
        language: InLanguage = Language.ID,
    ) -> HandlingView:
        """The back office drafts a decision for every need. A supervisor reviews it next."""

        async def deed(unit: UnitOfWork) -> StoredHandling:
            return await recommend_handling(unit, actor, reference, case_id, new.as_decided(), expected=expected)

        return shown(await store.transact(scope_of(actor), deed), language, response)

    @router.post("/{case_id}/review", operation_id="review", summary="Pass on, or return", responses=MOVE_PROBLEMS)
    async def review(
        *,
        case_id: CaseId,
        new: NewRuling,
        actor: Reviewing,
        expected: ExpectedEdition,
        response: Response,
        language: InLanguage = Language.ID,
    ) -> HandlingView:
        """The supervisor of the sub-district. Nobody approves their own draft. The manager decides next."""

        async def deed(unit: UnitOfWork) -> StoredHandling:
            return await review_handling(unit, actor, case_id, new.ruling, reason=new.reason, expected=expected)

        return shown(await store.transact(scope_of(actor), deed), language, response)

    @router.post("/{case_id}/decision", operation_id="decide", summary="Decide, or return", responses=MOVE_PROBLEMS)
    async def decide(
        *,
        case_id: CaseId,
        new: NewRuling,
        actor: Deciding,
        expected: ExpectedEdition,
        response: Response,
        language: InLanguage = Language.ID,
    ) -> HandlingView:
        """The manager approves, and it happens: agencies are asked, proposals drafted for the next period."""

        async def deed(unit: UnitOfWork) -> StoredHandling:
            return await decide_handling(
                unit, actor, reference, case_id, new.ruling, reason=new.reason, expected=expected
            )

        return shown(await store.transact(scope_of(actor), deed), language, response)

    return router
