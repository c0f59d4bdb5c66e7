"""What stands in a district's database after everything it heard, without a database."""

from datetime import datetime, timedelta
from typing import Any

from chassis.bus import Reaction
from chassis.outbox.outgoing import Outgoing
from contracts import Event, EventData
from contracts.events import (
    ComplaintCreated,
    PartnerReferralAnswered,
)
from contracts.vocabulary import (
    AgencyAnswer,
    Outcome,
    RejectionReason,
)
from services.referral.consequences import copies_of, deadlines_of
from services.referral.handlers import build_handlers
from services.referral.reference import Reference
from services.referral.store import StoredHandling, StoredReferral
from tests.harness.builders import an_event
from tests.unit.referral.builders import CASE, MONDAY, complaint, decided

HANDLERS = build_handlers(Reference.load())
NOW = MONDAY + timedelta(days=1)
EDUCATION, HEALTH = "cianjur-education", "cianjur-health"


class District:
    """What stands in the database after everything heard, without one."""

    def __init__(self, stored: StoredHandling | None = None) -> None:
        self.stored = stored
        self.told: list[Outgoing] = []
        handling = stored.handling if stored else None
        self.work = {work.row_id: work for work in deadlines_of(handling)} if handling else {}
        self.copies = {copy.id: copy for copy in copies_of(handling)} if handling else {}

    def hear(self, event: Event[Any]) -> None:
        stored = self.stored
        if stored is not None and stored.heard.contains(event.source, event.subject, event.sequence):
            return
        handler = HANDLERS.handler_of(event)
        assert handler is not None
        reaction: Reaction[StoredHandling] = handler(stored, event, NOW)
        assert reaction.document is not None
        heard = reaction.document.heard.adding(event.source, event.subject, event.sequence)
        self.stored = reaction.document.model_copy(update={"heard": heard})
        self.told.extend(reaction.events)
        self.work.update({work.row_id: work for work in reaction.work})
        for kind, key in reaction.undo_work:
            del self.work[f"{kind}:{key}"]
        for copy in reaction.copies:
            assert isinstance(copy.document, StoredReferral)
            self.copies[copy.document.id] = copy.document

    @property
    def document(self) -> StoredHandling:
        assert self.stored is not None
        return self.stored

    @property
    def view(self) -> dict[str, object]:
        return self.document.model_dump(exclude={"heard", "published", "revision"})

    def standing_is_what_the_handling_wants(self) -> None:
        """No deadline is forgotten, none is watched in vain, no copy is stale."""
        handling = self.document.handling
        assert self.work == {work.row_id: work for work in deadlines_of(handling)}
        assert self.copies == {copy.id: copy for copy in copies_of(handling)}


def said(sequence: int, data: EventData, at: datetime = MONDAY) -> Event[EventData]:
    return an_event(data, case=CASE, sequence=sequence).model_copy(update={"time": at})


def created(**changes: Any) -> Event[EventData]:
    return said(1, ComplaintCreated(complaint=complaint(**changes)))


def after_decision() -> StoredHandling:
    return StoredHandling.opened(decided().handling)


def referral_to(agency: str, stored: StoredHandling) -> str:
    return next(one.referral_id for one in stored.handling.referrals if one.agency == agency)


def answer(
    agency: str,
    referral_id: str,
    what: AgencyAnswer = AgencyAnswer.ACCEPTED,
    *,
    sequence: int = 1,
    reason: RejectionReason | None = None,
    outcome: Outcome | None = None,
) -> Event[EventData]:
    return an_event(
        PartnerReferralAnswered(referral_id=referral_id, answer=what, reason=reason, outcome=outcome),
        case=CASE,
        subject=referral_id,
        source=f"/agencies/{agency}",
        sequence=sequence,
    )
