"""/district/cases/{id}: one case, its timeline, what it may get and why, and what its reader may do next."""

from functools import partial
from typing import Any

from fastapi import APIRouter, Request, Response

from chassis.http.access import scope_of
from chassis.identity import Actor
from chassis.pages import language_of
from contracts.vocabulary import ReferralStatus
from services.referral.api.matches import MatchView
from services.referral.domain.reasons import RefusalReason, ReturnReason
from services.referral.explanations import Language
from services.referral.letters.letter import LetterState, state_of
from services.referral.pages import PAGES
from services.referral.pages.office import Office, Reading
from services.referral.pages.steps import next_step
from services.referral.pages.timeline import timeline
from services.referral.pages.words import reason_word, word
from services.referral.queries import visible_handling
from services.referral.store import HANDLINGS, StoredHandling

KINDS = {
    ReferralStatus.ISSUED: "info",
    ReferralStatus.ACCEPTED: "info",
    ReferralStatus.REJECTED: "attention",
    ReferralStatus.EXPIRED: "stuck",
    ReferralStatus.COMPLETED: "ok",
}
"""How a referral's state looks."""


def case_routes(office: Office) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/district/cases/{case_id}")
    async def show(request: Request, case_id: str, actor: Reading) -> Response:
        stored = await visible_handling(office.store.reading(scope_of(actor), HANDLINGS), actor, case_id)
        return PAGES.show(request, "district_case.html", **values_of(request, office, stored, actor))

    return router


def values_of(request: Request, office: Office, stored: StoredHandling, actor: Actor) -> dict[str, Any]:
    """What every page about one case shows."""
    handling, language = stored.handling, Language(language_of(request).value)
    rules = office.reference.rules_at(stored.area, office.clock.now())
    unverified = {programme.code for programme in rules.catalogue.programmes if not programme.verified}

    def say(text: str, **values: object) -> str:
        return PAGES.text(request, text, **values) if text else ""

    return {
        "stored": stored,
        "handling": handling,
        "complaint": handling.complaint,
        "standing": office.standing(stored),
        "zone": office.names.zone(stored.area),
        "names": office.names,
        "word": word,
        "refused_because": partial(reason_word, RefusalReason),
        "returned_because": partial(reason_word, ReturnReason),
        "referral_kinds": KINDS,
        "matches": tuple(MatchView.of(match, office.explanations, language) for match in handling.matches),
        "unverified": unverified,
        "with_letter": {
            referral.referral_id
            for referral in handling.referrals
            if state_of(referral.status, open_=referral in handling.open_referrals) is not LetterState.WITHDRAWN
        },
        "step": next_step(handling, actor),
        "lines": timeline(stored, office.names, actor.id, say),
        "days_left": office.days_left,
        "now": office.clock.now(),
    }
