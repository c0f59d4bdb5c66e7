"""A case at the window: how it stands, what happened, and what may be done with it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from chassis.http.access import scope_of
from chassis.identity import Actor
from chassis.pages import Form, WrongInput
from chassis.pages import lazy as _
from chassis.store import StaleEdit, UnitOfWork
from services.intake.domain.complaint import Move
from services.intake.domain.errors import IntakeRefusal
from services.intake.pages.access import OfTheVillage
from services.intake.pages.house import House, may_act
from services.intake.pages.how_told import has_agreed
from services.intake.pages.refusals import show_in
from services.intake.pages.telling import happened
from services.intake.queries import Case, page_of_accesses, read_case
from services.intake.store import CITIZEN_CODES, StoredComplaint

CaseId = Annotated[str, Path(pattern=r"^[0-9a-f-]{36}$")]
Deed = Callable[[UnitOfWork, int], Awaitable[StoredComplaint]]
"""What is done to a case, and the edition of it that the decision rests on."""

CHANGED_MEANWHILE = _("The case changed while you had it open. Look at how it stands now, then send again.")
SHOWN_ACCESSES = 20


@dataclass(frozen=True)
class Sent:
    """A form of the case's page, as somebody sent it."""

    request: Request
    actor: Actor
    case_id: str
    form: Form


Again = Callable[[Sent, int], Awaitable[Response]]
"""Shows the page of a form again, with a status."""


@dataclass(frozen=True)
class CasePage:
    """Shows a case, and does to it what a form of its page says."""

    house: House

    async def show(
        self, request: Request, actor: Actor, case_id: str, form: Form | None = None, status: int = 200
    ) -> Response:
        scope, store = scope_of(actor), self.house.store
        case = await read_case(store, scope, case_id)
        return self.house.show(
            request,
            "case.html",
            status,
            form=form,
            case=case,
            complaint=case.stored.complaint,
            handling=case.stored.handling,
            happened=happened(case.stored.timeline, partial(self.house.pages.text, request)),
            moves=case.stored.complaint.possible_moves if may_act(actor) else (),
            Move=Move,
            may_act=may_act(actor),
            accesses=(await page_of_accesses(store, scope, case_id, limit=SHOWN_ACCESSES)).items,
            receipt=await store.reading(scope, CITIZEN_CODES).find(case_id),
            may_be_told=self._may_be_told(case),
        )

    async def done(self, sent: Sent, deed: Deed, notice: str, again: Again | None = None) -> Response:
        """Do the deed once, and show the case after it; or the page `again`, by default the case's, with what was
        typed and why not."""
        again = again or self._again
        case = await read_case(self.house.store, scope_of(sent.actor), sent.case_id)

        async def once(unit: UnitOfWork) -> str:
            return (await deed(unit, edition_of(sent.form))).id

        try:
            sent.form.check()
            await self.house.do_once(sent.request, sent.actor, sent.form, case.stored.area, once)
        except WrongInput:
            return await again(sent, 422)
        except StaleEdit:
            sent.form.refuse("", CHANGED_MEANWHILE)
            return await again(sent, 412)
        except IntakeRefusal as refusal:
            show_in(sent.form, refusal)
            return await again(sent, 422)
        return self.house.pages.see(f"/village/cases/{sent.case_id}", notice=notice)

    async def _again(self, sent: Sent, status: int) -> Response:
        return await self.show(sent.request, sent.actor, sent.case_id, sent.form, status)

    def _may_be_told(self, case: Case) -> bool:
        reporter = case.reporter
        if reporter is None or reporter.person.contact is None or not reporter.person.wants_messages:
            return False
        return has_agreed(self.house, reporter)


def case_routes(house: House) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/village/cases/{case_id}")
    async def show(request: Request, case_id: CaseId, actor: OfTheVillage) -> Response:
        return await CasePage(house).show(request, actor, case_id)

    return router


def edition_of(form: Form) -> int:
    """The edition of the case on the page that was sent; one that cannot be read is surely stale."""
    typed = form.text("edition")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else -1
