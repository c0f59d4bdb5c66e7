"""What the village hears: how the district handles its cases, and whether its citizens were told."""

from datetime import datetime
from typing import Any

from chassis.bus import Handlers, Reaction
from chassis.outbox.outgoing import Outgoing
from contracts import Event, EventData
from contracts.events import (
    CaseAssessed,
    CaseDecided,
    CaseEscalated,
    CaseResolved,
    HandlingState,
    NotificationDelivered,
    NotificationFailed,
    ReferralAnswered,
    ReferralExpired,
    ReferralIssued,
    Resolution,
)
from services.intake.domain.closing import hear_resolution
from services.intake.domain.complaint import HeardResolution
from services.intake.domain.timeline import Details, Teller, TimelineEntry, with_entries
from services.intake.own_deeds import moved_on
from services.intake.silence import closing_of_silent_case
from services.intake.store import COMPLAINTS, StoredComplaint


class UnknownCase(Exception):
    """A fact about a case that was never recorded here: nothing of it can be kept. Set aside for the operator."""

    dead_letter_reason = "unknown_case"


def build_handlers() -> Handlers[StoredComplaint]:
    """The handlers of every topic that intake reads."""
    handlers = Handlers(COMPLAINTS)

    @handlers.on(
        CaseAssessed, CaseDecided, CaseEscalated, CaseResolved, ReferralIssued, ReferralAnswered, ReferralExpired
    )
    def hear_district(stored: StoredComplaint | None, event: Event[Any], now: datetime) -> Reaction[StoredComplaint]:
        case = _noted(stored, event, Teller.DISTRICT)
        state: HandlingState = event.data.handling
        if event.sequence > case.heard.latest(event.source, event.subject):
            case = case.model_copy(update={"handling": state})
        return _with_resolution(case, state, now)

    @handlers.on(NotificationDelivered, NotificationFailed)
    def hear_messenger(stored: StoredComplaint | None, event: Event[Any], now: datetime) -> Reaction[StoredComplaint]:
        return Reaction(_noted(stored, event, Teller.MESSENGER), only_noted=True)

    return handlers


def _noted(stored: StoredComplaint | None, event: Event[EventData], teller: Teller) -> StoredComplaint:
    """The case with the event in its timeline. An older event heard late finds its place there, and only there."""
    if stored is None:
        raise UnknownCase
    entry = TimelineEntry(
        at=event.time,
        teller=teller,
        what=event.data.topic,
        about=event.subject,
        order=event.sequence,
        details=details_of(event.data),
    )
    return stored.model_copy(update={"timeline": with_entries(stored.timeline, entry)})


def _with_resolution(case: StoredComplaint, state: HandlingState, now: datetime) -> Reaction[StoredComplaint]:
    """Hear how a round was resolved, from whichever fact says it first: a missing case.resolved is healed by the next.

    Of two resolutions of one round the later counts, so that the order of hearing decides nothing.
    """
    resolution = _resolution_of(state.resolution)
    known = case.complaint.resolution
    if resolution is None or (known is not None and resolution.resolved_at <= known.resolved_at):
        return Reaction(case, only_noted=True)
    moved = hear_resolution(case.complaint, resolution)
    if moved.complaint == case.complaint:
        return Reaction(case, only_noted=True)
    return Reaction(
        moved_on(case, moved, now=now),
        events=tuple(Outgoing(fact) for fact in moved.facts),
        work=(closing_of_silent_case(moved.complaint, resolution),),
    )


def _resolution_of(said: Resolution | None) -> HeardResolution | None:
    if said is None:
        return None
    return HeardResolution(
        round=said.round, outcome=said.outcome, resolved_at=said.resolved_at, reopen_until=said.reopen_until
    )


def details_of(data: EventData) -> Details:  # noqa: PLR0911 - one answer a fact
    """What a fact says beside the whole state, in codes."""
    match data:
        case CaseEscalated():
            return Details(cause=data.cause, clock=data.clock, tier=data.to_tier)
        case CaseResolved():
            return Details(round=data.round, outcome=data.outcome, until=data.reopen_until)
        case ReferralIssued():
            return Details(programme=data.programme, agency=data.agency, attempt=data.attempt, until=data.due_at)
        case ReferralAnswered():
            return Details(agency=data.agency, answer=data.answer, reason=data.reason, outcome=data.outcome)
        case ReferralExpired():
            return Details(agency=data.agency, follow=data.follow)
        case NotificationDelivered():
            return Details(template=data.template, channel=data.channel)
        case NotificationFailed():
            return Details(template=data.template, channel=data.channel, reason=data.reason)
    return Details()
