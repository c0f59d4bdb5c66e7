"""How a move is shown and made: on the state its reader saw, once, and with nothing typed lost when it is not."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response

from chassis.http.access import scope_of
from chassis.http.idempotency import FIELD, create_once, key_of_form
from chassis.http.problems import Problem
from chassis.identity import Actor
from chassis.pages import Form, language_of
from chassis.pages import lazy as _
from chassis.store import NotFound, StaleEdit, UnitOfWork
from services.referral.api.matches import MatchView
from services.referral.domain.deciding import NEXT_MOVE, OfficeMove
from services.referral.domain.errors import HandlingRefusal, IllegalMove, NoPeriod, OwnDraft
from services.referral.domain.reasons import RefusalReason, ReturnReason
from services.referral.explanations import Language
from services.referral.pages import PAGES
from services.referral.pages.case import values_of
from services.referral.pages.drafting import choices_of
from services.referral.pages.foresight import foresee
from services.referral.pages.office import Office
from services.referral.pages.steps import is_own_draft
from services.referral.pages.words import word
from services.referral.queries import visible_handling
from services.referral.store import HANDLINGS, StoredHandling

TEMPLATES = {
    OfficeMove.RECOMMENDATION: "district_recommendation.html",
    OfficeMove.REVIEW: "district_review.html",
    OfficeMove.DECISION: "district_decision.html",
}
GONE_ON = _("The case has gone on meanwhile: this step is done, or not possible any more.")
NOT_YOURS = _("This case does not wait for you: the step is done, or the case is not in your area.")
RULES_CHANGED = _("The rules of a programme have changed meanwhile. Check each choice and send it again.")
NO_PERIOD = _("No period is known for a programme to be proposed. Have its days entered first, or choose another way.")
QUEUE = "/district"
LONGEST_EDITION = 9

Deed = Callable[[UnitOfWork, int], Awaitable[object]]
"""What a move does, with the edition that it rests on."""


@dataclass(frozen=True)
class Moving:
    """One reader at one move of one case."""

    office: Office
    request: Request
    actor: Actor
    case_id: str
    move: OfficeMove

    @property
    def case_page(self) -> str:
        return f"{QUEUE}/cases/{self.case_id}"

    async def stored(self) -> StoredHandling:
        """The case as it is now. Raises NotFound also when this reader does not see it any more."""
        reader = self.office.store.reading(scope_of(self.actor), HANDLINGS)
        return await visible_handling(reader, self.actor, self.case_id)

    async def open(self) -> Response:
        """The page of the move; the case's page, which says why, when the move is not possible.

        A case that this reader does not see (any more) leads to the queue: by the browser's way back a supervisor
        comes here after every review.
        """
        try:
            stored = await self.stored()
        except NotFound:
            return PAGES.see(QUEUE, notice=NOT_YOURS)
        if not self._possible(stored):
            return PAGES.see(self.case_page, notice=None if self._own_draft(stored) else GONE_ON)
        return self._shown(stored)

    def _shown(self, stored: StoredHandling, form: Form | None = None, status: int = 200) -> Response:
        values = self._values(stored) | {"overtaken": status == 409}
        return PAGES.show(self.request, TEMPLATES[self.move], status, form=form, **values)

    async def make(self, form: Form, deed: Deed, done: Response) -> Response:
        """Make the move, once for one form however often it is sent; answers `done`, or the form and why not."""
        scope = scope_of(self.actor)

        async def once(unit: UnitOfWork) -> str:
            await deed(unit, _edition(form))
            return self.case_id

        try:
            key = key_of_form(self.request, self.actor, form.values)
            await create_once(self.office.store, scope, key, scope.area, once)
        except (StaleEdit, IllegalMove):
            return await self.again(form, status=409)
        except Problem as problem:
            if problem.code != "idempotency-key-reused":
                raise
            # The page was left, changed and sent again by the browser's way back: its key belongs to the first.
            unsent = Form({name: texts for name, texts in form.values.items() if name != FIELD}, posted=True)
            return await self.again(unsent, status=409)
        except OwnDraft:
            return PAGES.see(self.case_page)
        except NotFound:
            return PAGES.see(QUEUE, notice=GONE_ON)
        except HandlingRefusal as refusal:
            form.refuse("", NO_PERIOD if isinstance(refusal, NoPeriod) else RULES_CHANGED)
            return await self.again(form)
        return done

    async def again(self, form: Form, *, status: int = 422) -> Response:
        """The form again, with all that was typed: on the state as it is now, or beside it when the case went on.

        422: something in it is wrong. 409: somebody changed the case since it was read.
        """
        try:
            stored = await self.stored()
        except NotFound:
            return PAGES.see(QUEUE, notice=GONE_ON)
        if self._possible(stored):
            return self._shown(stored, form, status)
        return PAGES.show(self.request, "district_overtaken.html", 409, form=form, **self._values(stored))

    def _values(self, stored: StoredHandling) -> dict[str, Any]:
        office, now = self.office, self.office.clock.now()
        rules = office.reference.rules_at(stored.area, now)
        language = Language(language_of(self.request).value)
        choices = choices_of(stored.handling, rules)
        values = values_of(self.request, office, stored, self.actor) | {
            "choices": choices,
            "explained": {one.programme: MatchView.of(one.match, office.explanations, language) for one in choices},
            "refusal_reasons": tuple(RefusalReason),
            "return_reasons": [(one.value, PAGES.text(self.request, word(one))) for one in ReturnReason],
        }
        if self.move is OfficeMove.DECISION and self._possible(stored):
            values["foreseen"] = foresee(stored.handling, self.actor.id, rules=rules, now=now)
        return values

    def _possible(self, stored: StoredHandling) -> bool:
        return NEXT_MOVE.get(stored.handling.status) is self.move and not self._own_draft(stored)

    def _own_draft(self, stored: StoredHandling) -> bool:
        return self.move is not OfficeMove.RECOMMENDATION and is_own_draft(stored.handling, self.actor)


def _edition(form: Form) -> int:
    """The edition that the reader saw; one that no document has when the field is missing."""
    given = form.text("edition")
    return int(given) if given.isascii() and given.isdigit() and len(given) <= LONGEST_EDITION else -1
