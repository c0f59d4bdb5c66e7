"""What the district does on hearing a fact: the village's facts about a case, and agencies' answers."""

import re
from datetime import datetime
from functools import lru_cache
from typing import Any

from chassis.bus import Handlers, Reaction
from chassis.outbox.outgoing import Outgoing, new_id
from contracts import Event, EventData
from contracts.events import (
    CaseClosed,
    CaseReopened,
    ComplaintAmended,
    ComplaintAnswered,
    ComplaintCreated,
    ComplaintState,
    ComplaintWithdrawn,
    PartnerAnswerRefused,
    PartnerReferralAnswered,
)
from contracts.manifest import Manifest, ManifestError, Party
from services.referral.consequences import consequences
from services.referral.domain.answering import answer_referral
from services.referral.domain.errors import AnswerRefused, HandlingRefusal
from services.referral.domain.handling import Handling
from services.referral.domain.hearing import hear_village, open_handling
from services.referral.domain.moves import Moved
from services.referral.domain.village import VillageFact
from services.referral.history import answered
from services.referral.reference import Reference
from services.referral.store import HANDLINGS, StoredHandling


class NotHeard(Exception):
    """A fact that cannot count; it becomes a dead letter with this reason."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.dead_letter_reason = reason


def build_handlers(reference: Reference) -> Handlers[StoredHandling]:
    """The handlers of everything the manifest says this service reads."""
    handlers = Handlers(HANDLINGS, check=on_its_own_topic, foreign=written_by_agencies)

    @handlers.on(ComplaintCreated, ComplaintAmended, ComplaintAnswered, ComplaintWithdrawn, CaseReopened, CaseClosed)
    def village_says(stored: StoredHandling | None, event: Event[Any], now: datetime) -> Reaction[StoredHandling]:
        complaint: ComplaintState = event.data.complaint
        fact = VillageFact.of(complaint, sequence=event.sequence, type=event.type, at=event.time)
        area = event.area if stored is None else stored.area
        rules = reference.rules_at(area, now)
        try:
            if stored is None:
                moved = open_handling(event.correlationid, area, fact, complaint, rules=rules, now=now)
            else:
                moved = hear_village(stored.handling, fact, complaint, rules=rules)
        except HandlingRefusal as refusal:
            raise NotHeard(refusal.code) from refusal
        if stored is None:
            return _reaction(None, StoredHandling.opened(moved.handling), moved)
        return _reaction(stored.handling, stored.moved(moved.handling), moved)

    @handlers.on(PartnerReferralAnswered)
    def agency_answers(
        stored: StoredHandling | None, event: Event[PartnerReferralAnswered], now: datetime
    ) -> Reaction[StoredHandling]:
        if stored is None:
            # Nobody can be told on whose behalf: the case is not one of this district's.
            raise NotHeard("unknown_referral")
        answer, agency = event.data, agency_of(event.source)
        try:
            moved = answer_referral(
                stored.handling,
                agency,
                answer.referral_id,
                answer.answer,
                rules=reference.rules_at(stored.area, now),
                now=now,
                new_id=new_id,
                reason=answer.reason,
                outcome=answer.outcome,
            )
        except AnswerRefused as refused:
            refusal = PartnerAnswerRefused(answer_id=event.id, referral_id=answer.referral_id, reason=refused.reason)
            return Reaction(stored, events=(Outgoing(refusal, subject=event.id, agency=agency),))
        deed = answered(answer.referral_id, answer.answer, answer.reason, answer.outcome, by=event.source, at=now)
        return _reaction(stored.handling, stored.moved(moved.handling, deed), moved)

    return handlers


def _reaction(before: Handling | None, document: StoredHandling, moved: Moved) -> Reaction[StoredHandling]:
    follows = consequences(before, moved)
    return Reaction(
        document, events=follows.events, work=follows.work, undo_work=follows.undo_work, copies=follows.copies
    )


# Agencies write to Kafka themselves: what they may say is what their own topic is for, and in their own name only.


def agency_of(source: str) -> str:
    """The agency that speaks; NotHeard when the source is no agency's."""
    _, kind, *names = source.split("/")
    if kind != "agencies" or len(names) != 1:
        raise NotHeard("no_agency")
    return names[0]


def on_its_own_topic(event: Event[EventData], topic: str) -> None:
    """Raises NotHeard for an event of another type than its topic's, or of another agency than its topic's."""
    model, agency = _said_on(topic)
    if model is not type(event.data):
        raise NotHeard("wrong_topic")
    if agency is not None and agency_of(event.source) != agency:
        raise NotHeard("other_agency")


@lru_cache(maxsize=1024)
def written_by_agencies(topic: str) -> bool:
    """Whether it is a topic that an agency writes itself."""
    try:
        return Manifest.load().topic(topic).owner is Party.AGENCY
    except ManifestError:
        return False


@lru_cache(maxsize=1024)
def _said_on(topic: str) -> tuple[type[EventData] | None, str | None]:
    try:
        line = Manifest.load().topic(topic)
    except ManifestError:
        return None, None
    said = re.match(line.pattern, topic)
    return line.model, said.groupdict().get("agency") if said else None
