"""What was told of one case: recorded, decided, referred to an agency that accepts, two messages."""

from datetime import datetime, timedelta
from typing import Any

from contracts import Event, EventData
from contracts.events import (
    CaseAssessed,
    CaseDecided,
    ComplaintCreated,
    HandlingState,
    NeedDecision,
    NotificationDelivered,
    NotificationFailed,
    PartnerReferralAnswered,
    PartnerReferralIssued,
    ProgrammeMatch,
    ReferralAnswered,
    ReferralIssued,
    ReferralState,
)
from tests.harness.builders import JAMBUDIPA, RECORDED_AT, a_complaint_state

CASE = "019a8c5e-7d31-7c4b-9b1f-2f6f0a1f7e11"
PERSON = "019a8c5e-8000-7c4b-9b1f-2f6f0a1f7e12"
REFERRAL = "019a8c5e-9000-7c4b-9b1f-2f6f0a1f7e12"
EARLIER = "019a8c5e-8fff-7c4b-9b1f-2f6f0a1f7e12"
"""A referral that another agency let expire, before the story begins."""
AGENCY = "cianjur-education"
DELIVERED, FAILED, PLANNED, SKIPPED = (f"019a8c5e-9003-7c4b-9b1f-2f6f0a1f7e{number}" for number in range(20, 24))
TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
DISTRICT = "/districts/32.03"


def event_id(number: int) -> str:
    return f"019a8c5e-a000-7c4b-9b1f-2f6f0a1f{number:04d}"


def at(minute: int) -> datetime:
    return RECORDED_AT + timedelta(minutes=minute)


def told(number: int, service: str, sequence: int, data: EventData, **changes: Any) -> Event[EventData]:
    """Event number so and so: told in that minute, by a service of the district, about the case."""
    fields: dict[str, Any] = {
        "id": event_id(number),
        "source": f"{DISTRICT}/{service}",
        "subject": CASE,
        "time": at(number),
        "sequence": sequence,
        "area": JAMBUDIPA,
        "correlationid": CASE,
        "traceparent": TRACE,
    }
    return Event.of(data, **{**fields, **changes})


def a_referral(**changes: Any) -> ReferralState:
    fields: dict[str, Any] = {
        "referral_id": REFERRAL,
        "programme": "kip",
        "agency": AGENCY,
        "attempt": 1,
        "status": "issued",
        "issued_at": at(3),
        "due_at": at(5000),
    }
    return ReferralState(**{**fields, **changes})


def handling(**changes: Any) -> HandlingState:
    fields: dict[str, Any] = {
        "status": "assessed",
        "tier": "district",
        "opened_at": at(2),
        "matches": (ProgrammeMatch(programme="kip", verdict="likely", track="referral"),),
    }
    return HandlingState(**{**fields, **changes})


ASSESSED = handling()
DECIDED = handling(
    status="decided", decisions=(NeedDecision(programme="kip", decision="refer"),), referrals=(a_referral(),)
)
ACCEPTED = DECIDED.model_copy(update={"referrals": (a_referral(status="accepted", answered_at=at(6)),)})


def message(number: int) -> dict[str, Any]:
    return {"about": event_id(number), "template": "some_template", "channel": "email"}


def events() -> list[tuple[Event[EventData], str | None]]:
    """Every event and, on an agency's feed, whose."""
    asked = {"referral_id": REFERRAL, "agency": AGENCY, "programme": "kip", "attempt": 1, "due_at": at(5000)}
    accepted = {"referral_id": REFERRAL, "answer": "accepted"}
    delivered = {**message(1), "about_type": "puskesos.complaint.created.v1", "delivered_at": at(8)}
    failed = {**message(7), "about_type": "puskesos.referral.answered.v1", "reason": "gave_up", "failed_at": at(9)}
    return [
        (told(1, "intake", 1, ComplaintCreated(complaint=a_complaint_state())), None),
        (told(2, "referral", 1, CaseAssessed(handling=ASSESSED)), None),
        (told(3, "referral", 2, CaseDecided(handling=DECIDED)), None),
        (told(4, "referral", 3, ReferralIssued(**asked, reroute_of=EARLIER, handling=DECIDED)), None),
        (told(5, "referral", 1, PartnerReferralIssued(**asked, issued_at=at(3)), subject=REFERRAL), AGENCY),
        (
            told(
                6,
                "",
                1,
                PartnerReferralAnswered(**accepted),
                source=f"/agencies/{AGENCY}",
                subject=REFERRAL,
                traceparent=None,
            ),
            AGENCY,
        ),
        (told(7, "referral", 4, ReferralAnswered(**accepted, agency=AGENCY, handling=ACCEPTED)), None),
        (
            told(8, "notification", 1, NotificationDelivered(delivery_id=DELIVERED, **delivered), subject=DELIVERED),
            None,
        ),
        (told(9, "notification", 1, NotificationFailed(delivery_id=FAILED, **failed), subject=FAILED), None),
    ]
