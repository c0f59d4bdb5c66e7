"""The events of one case, as intake, referral and notification would tell them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from chassis.bus.handlers import Reaction
from contracts import Event, EventData
from contracts.events import (
    CaseAssessed,
    CaseClosed,
    CaseDecided,
    CaseEscalated,
    CaseReopened,
    CaseResolved,
    ClockState,
    ComplaintAmended,
    ComplaintAnswered,
    ComplaintCreated,
    ComplaintWithdrawn,
    HandlingState,
    NeedDecision,
    NeedOutcome,
    NotificationDelivered,
    NotificationFailed,
    ProgrammeMatch,
    ProposalState,
    ReferralAnswered,
    ReferralExpired,
    ReferralIssued,
    ReferralState,
    Resolution,
)
from services.reporting.domain.case import ReportedCase
from services.reporting.handlers import take_in
from services.reporting.store import StoredCase
from tests.harness.builders import RECORDED_AT, a_complaint_state, an_event

CASE = "019a8c5e-7d31-7c4b-9b1f-2f6f0a1f7e11"
REFERRAL = "019a8c5e-9000-7c4b-9b1f-2f6f0a1f7e12"
SECOND_REFERRAL = "019a8c5e-9001-7c4b-9b1f-2f6f0a1f7e13"
PROPOSAL = "019a8c5e-9002-7c4b-9b1f-2f6f0a1f7e14"
DELIVERY = "019a8c5e-9003-7c4b-9b1f-2f6f0a1f7e{:02d}"
INTAKE, REFERRAL_SOURCE, NOTIFICATION = (f"/districts/32.03/{name}" for name in ("intake", "referral", "notification"))


def day(number: float) -> datetime:
    """So many days after the case was recorded."""
    return RECORDED_AT + timedelta(days=number)


def a_referral(**changes: Any) -> ReferralState:
    fields: dict[str, Any] = {
        "referral_id": REFERRAL,
        "programme": "kip",
        "agency": "cianjur-education",
        "attempt": 1,
        "status": "issued",
        "issued_at": day(2),
        "due_at": day(5),
    }
    return ReferralState(**{**fields, **changes})


def a_handling_state(**changes: Any) -> HandlingState:
    fields: dict[str, Any] = {
        "status": "assessed",
        "tier": "district",
        "opened_at": RECORDED_AT,
        "clocks": (ClockState(name="handling", due_at=day(20)),),
        "matches": (
            ProgrammeMatch(programme="kip", verdict="likely", track="referral"),
            ProgrammeMatch(programme="pkh", verdict="unknown", track="proposal"),
        ),
    }
    return HandlingState(**{**fields, **changes})


def a_resolution(**changes: Any) -> Resolution:
    fields: dict[str, Any] = {
        "round": 0,
        "outcome": "partly_given",
        "needs": (NeedOutcome(programme="kip", ending="given"), NeedOutcome(programme="pkh", ending="proposed")),
        "resolved_at": day(6.5),
        "reopen_until": day(20),
    }
    return Resolution(**{**fields, **changes})


def told_by(source: str, *facts: EventData, subject: str = CASE, case: str = CASE) -> list[Event[Any]]:
    """Facts of one source about one subject, in the order it told them, an hour apart."""
    events = []
    for number, fact in enumerate(facts, start=1):
        event = an_event(fact, case=case, subject=subject, source=source, sequence=number)
        events.append(event.model_copy(update={"time": RECORDED_AT + timedelta(hours=number)}))
    return events


def decided() -> dict[str, Any]:
    return {
        "decisions": (
            NeedDecision(programme="kip", decision="refer"),
            NeedDecision(programme="pkh", decision="propose"),
        ),
        "proposals": (
            ProposalState(
                proposal_id=PROPOSAL,
                programme="pkh",
                period="2026-12",
                status="drafted",
                cut_off=date(2026, 12, 17),
                result_expected=date(2027, 1, 15),
            ),
        ),
    }


def a_whole_case() -> list[Event[Any]]:
    """Recorded, referred, expired, passed on, completed, resolved, reopened, resolved again, closed by the citizen."""
    expired = a_referral(status="expired")
    second = a_referral(referral_id=SECOND_REFERRAL, agency="cianjur-baznas", attempt=2)
    done = second.model_copy(update={"status": "completed", "answered_at": day(6), "outcome": "given"})
    late = {"clocks": (ClockState(name="handling", due_at=day(5), breached=True),), "tier": "province"}
    states = [
        a_handling_state(),
        a_handling_state(status="decided", **decided()),
        a_handling_state(status="decided", **decided(), referrals=(a_referral(),)),
        a_handling_state(status="decided", **decided(), referrals=(expired,)),
        a_handling_state(status="decided", **decided(), referrals=(expired, second)),
        a_handling_state(status="decided", **decided(), **late, referrals=(expired, second)),
        a_handling_state(status="decided", **decided(), **late, referrals=(expired, ReferralState(**dict(done)))),
        a_handling_state(status="resolved", **decided(), **late, resolution=a_resolution()),
        a_handling_state(status="resolved", round=1, **decided(), **late, resolution=a_resolution(round=1)),
    ]
    asked = {"programme": "kip", "due_at": day(5)}
    first, again = {"referral_id": REFERRAL}, {"referral_id": SECOND_REFERRAL}
    village = told_by(
        INTAKE,
        ComplaintCreated(complaint=a_complaint_state()),
        ComplaintAmended(
            change="waiting_for_citizen",
            complaint=a_complaint_state(status="waiting_for_citizen", waiting_since=day(1)),
        ),
        ComplaintAmended(change="no_longer_waiting", complaint=a_complaint_state(sector="education")),
        CaseReopened(round=1, complaint=a_complaint_state(sector="education", round=1)),
        CaseClosed(
            by="confirmation",
            round=1,
            complaint=a_complaint_state(sector="education", round=1, status="closed", ended_at=day(12)),
        ),
    )
    district = told_by(
        REFERRAL_SOURCE,
        CaseAssessed(handling=states[0]),
        CaseDecided(handling=states[1]),
        ReferralIssued(**asked, **first, agency="cianjur-education", attempt=1, handling=states[2]),
        ReferralExpired(**first, agency="cianjur-education", follow="rerouted", handling=states[3]),
        ReferralIssued(**asked, **again, agency="cianjur-baznas", attempt=2, reroute_of=REFERRAL, handling=states[4]),
        CaseEscalated(cause="breached_clock", clock="handling", to_tier="province", handling=states[5]),
        ReferralAnswered(**again, agency="cianjur-baznas", answer="completed", outcome="given", handling=states[6]),
        CaseResolved(round=0, outcome="partly_given", reopen_until=day(20), handling=states[7]),
        CaseResolved(round=1, outcome="partly_given", reopen_until=day(20), handling=states[8]),
    )
    return [*village, *district, *messages(village[0])]


def messages(about: Event[Any]) -> list[Event[Any]]:
    """Two deliveries that arrived in the same millisecond, and one that nobody got."""
    common = {"about": about.id, "about_type": about.type, "template": "received"}
    told: list[Event[Any]] = []
    for number in (1, 2):
        delivery = DELIVERY.format(number)
        fact = NotificationDelivered(delivery_id=delivery, channel="email", delivered_at=day(0), **common)
        told += told_by(NOTIFICATION, fact, subject=delivery)
    delivery = DELIVERY.format(3)
    failed = NotificationFailed(delivery_id=delivery, reason="no_contact", failed_at=day(0), **common)
    return [*told, *told_by(NOTIFICATION, failed, subject=delivery)]


def answered_at_the_desk() -> list[Event[Any]]:
    return told_by(
        INTAKE,
        ComplaintCreated(complaint=a_complaint_state(kind="enquiry", needs=())),
        ComplaintAnswered(
            answer="explained",
            complaint=a_complaint_state(kind="enquiry", needs=(), status="answered", ended_at=day(0.2)),
        ),
    )


def taken_back() -> list[Event[Any]]:
    return told_by(
        INTAKE,
        ComplaintCreated(complaint=a_complaint_state()),
        ComplaintWithdrawn(reason="taken_back", complaint=a_complaint_state(status="withdrawn", ended_at=day(1))),
    )


class Hearing:
    """What the batch processor does with one case's events, in memory: repetitions vanish, figures add up."""

    def __init__(self) -> None:
        self.stored: StoredCase | None = None
        self.figures: dict[tuple[str, str], int] = {}

    def hear(self, *events: Event[Any]) -> "Hearing":
        for event in events:
            if self.stored and self.stored.heard.contains(event.source, event.subject, event.sequence):
                continue
            reaction: Reaction[StoredCase] = take_in(self.stored, event, datetime.now(UTC))
            assert reaction.document is not None
            heard = reaction.document.heard.adding(event.source, event.subject, event.sequence)
            self.stored = reaction.document.model_copy(update={"heard": heard})
            for moved in reaction.increments:
                for name, count in moved.counts.items():
                    place = (f"{moved.collection}:{moved.key}", name)
                    self.figures[place] = self.figures.get(place, 0) + count
        self.figures = {place: count for place, count in self.figures.items() if count}
        return self

    @property
    def case(self) -> ReportedCase:
        assert self.stored is not None
        return self.stored.case


def summed(hearing: Hearing) -> dict[str, int]:
    """Every count of the case figures, whatever the key."""
    totals: dict[str, int] = {}
    for (place, name), count in hearing.figures.items():
        if place.startswith("case_figures"):
            totals[name] = totals.get(name, 0) + count
    return totals


def of_programme(hearing: Hearing, programme: str) -> dict[str, int]:
    """Every count of one programme's figures, whatever the day and outcome."""
    totals: dict[str, int] = {}
    for (place, name), count in hearing.figures.items():
        if place.startswith("programme_figures") and f"|{programme}|" in place:
            totals[name] = totals.get(name, 0) + count
    return {name: count for name, count in totals.items() if count}
