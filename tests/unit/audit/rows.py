"""The databases of the small house, as rows: what each service would keep of its one case."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from audit.addresses import SERVICES
from contracts import Event, EventData
from contracts.manifest import Manifest
from tests.harness.builders import JAMBUDIPA, RECORDED_AT, a_complaint_state
from tests.unit.audit.story import (
    ACCEPTED,
    AGENCY,
    CASE,
    DELIVERED,
    FAILED,
    PERSON,
    PLANNED,
    REFERRAL,
    SKIPPED,
    at,
    event_id,
)

Row = dict[str, Any]
Stored = dict[str, dict[str, list[Row]]]
MANIFEST = Manifest.load()


def empty() -> Stored:
    return {service: defaultdict(list) for service in SERVICES}


def fill(stored: Stored, events: Sequence[Event[EventData]]) -> None:
    """What the services keep after hearing and telling these events."""
    complaint, handling = a_complaint_state().model_dump(mode="json"), ACCEPTED.model_dump(mode="json")
    stored["intake"]["complaints"].append(
        {
            **_document("intake", events),
            "complaint": {**complaint, "story": "told in the village only"},
            "handling": handling,
            "timeline": [_happening(event) for event in events if _heard("intake", event) or _is(event, "intake")],
        }
    )
    basis = {"purpose": "notify", "noted_at": at(1), "withdrawn_at": None}
    stored["intake"]["persons"].append({"_id": PERSON, "area": JAMBUDIPA, "bases": [basis]})
    stored["intake"]["contact_accesses"] += [_access(1, "given"), _access(7, "no_contact")]
    stored["intake"]["idempotency_keys"].append({"_id": "used", "area": JAMBUDIPA, "resource": CASE})
    stored["referral"]["handlings"].append(
        {
            **_document("referral", events),
            "handling": {
                **handling,
                "complaint": complaint,
                "village": [{"sequence": 1, "type": "puskesos.complaint.created.v1"}],
                "clocks": [_clock("first_response", stopped_at=at(3)), _clock("handling")],
            },
            "history": [
                {"what": "recommended", "by": "back-office"},
                {"what": "review_approved", "by": "supervisor"},
                {"what": "decision_approved", "by": "manager"},
                {"what": "referral_accepted", "by": f"/agencies/{AGENCY}", "about": REFERRAL},
            ],
        }
    )
    stored["referral"]["work"].append({"_id": f"clock:{CASE}:handling:0", "due_at": at(5000)})
    copy = {"_id": REFERRAL, "area": JAMBUDIPA, "case_id": CASE, "status": "accepted"}
    stored["referral"]["referrals"].append({**copy, "referral": {**handling["referrals"][0], "round": 0}})
    stored["notification"]["cases"].append(
        {
            **_document("notification", events),
            "village": {"status": "open", "round": 0},
            "district": {"status": "decided", "round": 0},
            "deliveries": [
                _delivery(DELIVERED, 1, "delivered", "complaint_received"),
                _delivery(PLANNED, 3, "planned", "case_decided"),
                {
                    **_delivery(SKIPPED, 4, "skipped", "referral_passed_on"),
                    "skipped": "too_old",
                    "planned_at": at(4) + timedelta(days=8),
                },
                _delivery(FAILED, 7, "failed", "referral_accepted"),
            ],
        }
    )
    stored["notification"]["work"].append({"_id": f"send-message:{PLANNED}", "due_at": at(4)})
    _fill_reporting(stored["reporting"], events, complaint, handling)


def _fill_reporting(reporting: dict[str, list[Row]], events: Sequence[Event[EventData]], *states: Row) -> None:
    complaint, handling = states
    case = {
        "complaint": complaint,
        "complaint_sequence": 1,
        "handling": handling,
        "handling_sequence": 4,
        "closings": [],
        "delivered": 1,
        "failed": 1,
        "timeline": [{"event": event.id} for event in events if _heard("reporting", event)],
    }
    reporting["cases"].append({**_document("reporting", events), "case": case})
    around = {"area": JAMBUDIPA, "day": "2026-11-16", "outcome": "none_yet"}
    counts = {"recorded": 1, "open": 1, "messages_delivered": 1, "messages_failed": 1}
    of_case = {"kind": "participation", "sector": "social_assistance", "programme": ""}
    reporting["case_figures"].append({"_id": "c", **around, **of_case, **counts})
    of_need = {**around, "kind": "", "sector": ""}
    asked = {"concerned": 1, "asked": 1}
    kip = {**asked, "matched_likely": 1, "referred": 1, "referrals": 1, "referrals_in_progress": 1}
    reporting["programme_figures"] += [
        {"_id": "kip", **of_need, "programme": "kip", **kip},
        {"_id": "pkh", **of_need, "programme": "pkh", **asked},
    ]


def _document(service: str, events: Sequence[Event[EventData]]) -> Row:
    threads: dict[tuple[str, str], list[int]] = defaultdict(list)
    for event in events:
        if _heard(service, event):
            threads[event.source, event.subject].append(event.sequence)
    published = Counter(event.subject for event in events if _is(event, service))
    return {
        "_id": CASE,
        "area": JAMBUDIPA,
        "heard": {
            "entries": [
                {"source": source, "subject": subject, "ranges": [[sequence, sequence] for sequence in heard]}
                for (source, subject), heard in threads.items()
            ]
        },
        "published": [{"subject": subject, "count": count} for subject, count in published.items()],
    }


def _heard(service: str, event: Event[EventData]) -> bool:
    return service in MANIFEST.topic_of(type(event.data)).readers


def _is(event: Event[EventData], service: str) -> bool:
    return event.source.endswith(f"/{service}")


def _happening(event: Event[EventData]) -> Row:
    teller = {"intake": "village", "referral": "district", "notification": "messenger"}[event.source.split("/")[-1]]
    entry = {"at": event.time, "teller": teller, "what": event.data.topic, "about": event.subject}
    return {**entry, "order": event.sequence, "actor": "facilitator" if teller == "village" else None}


def _access(about: int, answer: str) -> Row:
    asked = {"case_id": CASE, "purpose": "inform_citizen", "asked_at": at(8)}
    return {"_id": f"access-{about}", "area": JAMBUDIPA, **asked, "causing_event": event_id(about), "answer": answer}


def _clock(name: str, **changes: Any) -> Row:
    return {"name": name, "round": 0, "started_at": RECORDED_AT, "due_at": at(5000), "pauses": [], **changes}


def _delivery(key: str, about: int, status: str, template: str) -> Row:
    return {
        "id": key,
        "about": event_id(about),
        "about_type": "puskesos.some.fact.v1",
        "status": status,
        "message": {"template": template},
        "round": 0,
        "happened_at": at(about),
        "planned_at": at(about),
    }


@dataclass
class InMemory:
    """A service's database that is a dictionary."""

    kept: dict[str, list[Row]]

    def collections(self) -> list[str]:
        return sorted(self.kept)

    def rows(self, collection: str, fields: Sequence[str]) -> list[Row]:
        return self.kept.get(collection, [])

    def tellers_and_hearers(self, collection: str) -> list[Row]:
        return [row for row in self.kept[collection] if "heard" in row]

    def count(self, collection: str) -> int:
        return len(self.rows(collection, ()))
