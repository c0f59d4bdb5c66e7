"""The letter as a file for those who see its referral, and the public page that says whether a letter is genuine."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from starlette.responses import RedirectResponse

from chassis.identity import Actor, Role
from chassis.pages import lazy as _
from chassis.signin import signed_in_as
from chassis.store import Store
from chassis.tries import Counted, TooManyTries, Tries
from services.referral.letters.api import file_for, handed_out
from services.referral.letters.desk import LetterDesk
from services.referral.letters.letter import LetterState, as_code, spelled
from services.referral.pages import PAGES
from services.referral.pages.names import ZONE_NAMES
from services.referral.queries import READERS

Reading = Annotated[Actor, Depends(signed_in_as(*READERS, Role.AGENCY))]

STATES = {
    LetterState.VALID: ("ok", _("Valid"), _("The agency has been asked and has not answered yet.")),
    LetterState.ANSWERED: ("info", _("Answered"), _("The agency has answered this referral.")),
    LetterState.WITHDRAWN: ("stuck", _("Withdrawn"), _("This referral does not count any more.")),
}
"""Kind, word and sentence of a state."""
WRONG_CODES = 30
"""From one address. Nobody guesses 128 bits; this spares the database."""


def letter_pages(store: Store, desk: LetterDesk, tries: Tries) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/referrals/{referral_id}/letter.pdf")
    async def file(referral_id: str, actor: Reading) -> Response:
        return handed_out(await file_for(store, desk, actor, referral_id))

    @router.get("/letters")
    async def ask(request: Request, code: str | None = None) -> Response:
        if code:
            return RedirectResponse(f"/letters/{as_code(code) or 'unknown'}", 303)
        return PAGES.show(request, "letter_ask.html")

    @router.get("/letters/{typed}")
    async def confirm(request: Request, typed: str) -> Response:
        counted = Counted("address", request.client.host if request.client else "", WRONG_CODES)
        try:
            await tries.count(counted)
        except TooManyTries as wait:
            seconds = max(1, round((wait.again_at - store.clock.now()).total_seconds()))
            page = PAGES.show(request, "letter_wait.html", status=429, minutes=max(1, round(seconds / 60)))
            page.headers["Retry-After"] = str(seconds)
            return page
        code = as_code(typed)
        found = await desk.confirm(code) if code else None
        if found is None or code is None:
            return PAGES.show(request, "letter_unknown.html", status=404)
        await tries.forgive(counted)
        kind, word, sentence = STATES[found.state]
        return PAGES.show(
            request,
            "letter_confirmed.html",
            letter=found,
            zone=ZONE_NAMES[found.zone],
            spelled=spelled(code),
            kind=kind,
            word=word,
            sentence=sentence,
        )

    return router
