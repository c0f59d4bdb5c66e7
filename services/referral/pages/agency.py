"""/agency: a partner agency's referrals, and its answers."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel

from chassis.http.access import scope_of
from chassis.http.idempotency import create_once, key_of_form
from chassis.identity import Actor, Role
from chassis.pages import Form, WrongInput, language_of
from chassis.pages import lazy as _
from chassis.signin import signed_in_as
from chassis.store import UnitOfWork
from contracts.vocabulary import AgencyAnswer, AnswerRefusal, Outcome, ReferralStatus, RejectionReason
from services.referral.api.matches import ReasonView
from services.referral.commands import answer_as_agency
from services.referral.domain.errors import AnswerRefused
from services.referral.explanations import Language
from services.referral.letters.letter import LetterState, state_of
from services.referral.pages import PAGES
from services.referral.pages.office import Office
from services.referral.pages.words import word
from services.referral.queries import Shelf, agency_of, shelf_counts, shelf_page, visible_referral
from services.referral.store import HANDLINGS, REFERRALS, StoredReferral

Agent = Annotated[Actor, Depends(signed_in_as(Role.AGENCY))]
ON_A_PAGE = 50

SHELVES = {
    Shelf.TO_ANSWER: _("To answer"),
    Shelf.IN_PROGRESS: _("In progress"),
    Shelf.OVER: _("Over"),
}
EMPTY = {
    Shelf.TO_ANSWER: _("No referral waits for your answer."),
    Shelf.IN_PROGRESS: _("No accepted referral waits for its outcome."),
    Shelf.OVER: _("No referral is over yet."),
}
WITHDRAWN = ("stuck", _("Withdrawn"))
STANDS = {
    ReferralStatus.ISSUED: ("attention", _("To answer")),
    ReferralStatus.ACCEPTED: ("info", _("In progress")),
    ReferralStatus.REJECTED: ("quiet", _("Rejected")),
    ReferralStatus.EXPIRED: WITHDRAWN,
    ReferralStatus.COMPLETED: ("ok", _("Completed")),
}
"""Kind and word of how a referral stands."""

REPORTED = {
    AgencyAnswer.ACCEPTED: _("Accepted. Report the outcome here once the family has been helped."),
    AgencyAnswer.REJECTED: _("Rejected. The social office was told, and asks the next agency."),
    AgencyAnswer.COMPLETED: _("Completed. The social office was told the outcome."),
}
REFUSED = {
    AnswerRefusal.ALREADY_ANSWERED: _("This referral has been answered meanwhile, and the first answer counts."),
    AnswerRefusal.NOT_ACCEPTED_YET: _("Accept the referral first, then report its outcome."),
    AnswerRefusal.EXPIRED: _(
        "The time to answer has passed, and the social office has gone on. Nothing is left to do."
    ),
    AnswerRefusal.CASE_ENDED: _("The case has ended meanwhile. Nothing is left to do."),
}
"""Why an answer did not count, where the page did not offer it or somebody was quicker."""


class Answer(BaseModel):
    """What was chosen on the page."""

    answer: AgencyAnswer
    reason: RejectionReason | None = None
    outcome: Outcome | None = None


def agency_pages(office: Office) -> APIRouter:
    router = APIRouter(prefix="/agency", include_in_schema=False)
    store = office.store

    @router.get("")
    async def browse(
        request: Request, actor: Agent, shelf: Shelf = Shelf.TO_ANSWER, cursor: str | None = None
    ) -> Response:
        agency, reader = agency_of(actor), store.reading(scope_of(actor), REFERRALS)
        found = await shelf_page(reader, agency, shelf, cursor=cursor, limit=ON_A_PAGE)
        return PAGES.show(
            request,
            "agency_list.html",
            agency=office.names.agency(agency),
            shelves=SHELVES,
            shelf=shelf,
            empty_text=EMPTY[shelf],
            counts=await shelf_counts(reader, agency),
            found=found,
            cursor=cursor,
            office=office,
            now=office.clock.now(),
            standing=standing,
            waits_for_citizen=waits_for_citizen,
        )

    @router.get("/referrals/{referral_id}")
    async def read(request: Request, referral_id: str, actor: Agent) -> Response:
        return await shown(request, actor, referral_id)

    @router.post("/referrals/{referral_id}/answer")
    async def answer(request: Request, referral_id: str, actor: Agent) -> Response:
        form = await Form.read(request)
        copy = await visible_referral(store.reading(scope_of(actor), REFERRALS), agency_of(actor), referral_id)
        try:
            given = complete(form)
        except WrongInput:
            return await shown(request, actor, referral_id, form, status=422)

        async def deed(unit: UnitOfWork) -> str:
            answered = await answer_as_agency(
                unit,
                office.reference,
                referral_id,
                given.answer,
                by=actor,
                agency=copy.agency,
                reason=given.reason,
                outcome=given.outcome,
            )
            return answered.id

        try:
            await create_once(store, scope_of(actor), key_of_form(request, actor, form.values), copy.area, deed)
        except AnswerRefused as refused:
            # What the page did not offer, or what somebody did meanwhile: the page as it is now says what to do.
            if refused.reason not in REFUSED:
                raise
            return await shown(request, actor, referral_id, refused=REFUSED[refused.reason], status=409)
        return PAGES.see(f"/agency/referrals/{referral_id}", notice=REPORTED[given.answer])

    async def shown(
        request: Request,
        actor: Actor,
        referral_id: str,
        form: Form | None = None,
        *,
        refused: str | None = None,
        status: int = 200,
    ) -> Response:
        scope = scope_of(actor)
        copy = await visible_referral(store.reading(scope, REFERRALS), agency_of(actor), referral_id)
        handling = (await store.reading(scope, HANDLINGS).get(copy.case_id)).handling
        match = next((one for one in handling.matches if one.programme == copy.referral.programme), None)
        language = Language(language_of(request).value)
        return PAGES.show(
            request,
            "agency_referral.html",
            status,
            form=form,
            copy=copy,
            referral=copy.referral,
            has_letter=state_of(copy.status, open_=copy.open) is not LetterState.WITHDRAWN,
            reasons=[
                ReasonView.of(reason, office.explanations, language) for reason in (match.reasons if match else ())
            ],
            standing=standing(copy),
            refused=refused,
            paused=waits_for_citizen(copy),
            office=office,
            now=office.clock.now(),
            zone=office.names.zone(copy.area),
            rejection_reasons=[(reason.value, PAGES.text(request, word(reason))) for reason in RejectionReason],
            outcomes=[(outcome.value, PAGES.text(request, word(outcome))) for outcome in Outcome],
            word=word,
        )

    return router


def complete(form: Form) -> Answer:
    """The answer that was chosen. Raises WrongInput when something is missing, with what in the form."""
    given = form.into(Answer)
    if given.answer is AgencyAnswer.REJECTED and given.reason is None:
        form.refuse("reason", _("Choose why you do not take it: the social office goes by it."))
    if given.answer is AgencyAnswer.COMPLETED and given.outcome is None:
        form.refuse("outcome", _("Choose how it ended: the family is told."))
    form.check()
    return given


def standing(copy: StoredReferral) -> tuple[str, str]:
    """How a referral stands for its agency: kind and word."""
    if copy.referral.open and not copy.open:
        return WITHDRAWN
    return STANDS[copy.status]


def waits_for_citizen(copy: StoredReferral) -> bool:
    """Whether its clock stands now."""
    pauses = copy.referral.pauses
    return copy.open and copy.referral.unanswered and bool(pauses) and pauses[-1].until is None
