"""Every message to the outside is one delivery row."""

from collections import Counter, defaultdict

from audit.documents import Delivery
from audit.evidence import Evidence, Findings
from audit.facts import Fact

INFORM_CITIZEN = "inform_citizen"
GIVEN = "given"
SEND_MESSAGE = "send-message"
IN_DOUBT = "in_doubt"
ENDS = {"delivered": "notification.delivered", "failed": "notification.failed"}


def every_message_is_one_delivery(evidence: Evidence, findings: Findings) -> None:
    """One row a message and one message an event; by one channel; each end told once; no contact read but for a row.

    A message that its provider took and then reported as lost has one that follows it, about the same event.
    No message goes out without the contact, and each reading of it is written down by the village: two databases that
    know nothing of each other have to agree.
    """
    facts = {fact.id: fact for fact in evidence.facts}
    ends: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts.values():
        if fact.topic.family in ENDS.values():
            ends[fact.subject].append(fact)
    contacts = {
        access.causing_event
        for access in evidence.holdings.accesses
        if access.purpose == INFORM_CITIZEN and access.answer == GIVEN
    }
    rows: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    for case in evidence.holdings.told_cases.values():
        for delivery in case.deliveries:
            findings.count("messages")
            findings.count(delivery.status)
            rows[delivery.id] += 1
            reasons[delivery.about] += delivery.lost_at is None
            _caused(delivery, case.id, facts.get(delivery.about), findings)
            _ended(delivery, ends[delivery.id], findings)
            if delivery.status == "delivered" and delivery.about not in contacts:
                findings.breach(f"message {delivery.id} went out, but the village gave no contact for it")
            _by_one_channel(delivery, findings)
            if delivery.status == "planned" and not _waits(evidence, delivery):
                findings.breach(f"message {delivery.id} is planned, and no row of work will send it")
    for told in ends.values():
        if told and told[0].subject not in rows:
            findings.breach(f"{told[0]}: there is no such message")
    _once(rows, "rows of message", findings)
    _once(reasons, "messages about event", findings)
    for about in sorted(about for about, number in reasons.items() if number == 0):
        findings.breach(f"the message about event {about} did not arrive, and none follows it")
    for about in sorted(contacts - reasons.keys()):
        findings.breach(f"a contact was given because of event {about}, and no message is about it")


def _by_one_channel(delivery: Delivery, findings: Findings) -> None:
    """Where a message may have been taken it stays: two channels would tell the citizen one fact twice."""
    doubted = {attempt.channel for attempt in delivery.tries if attempt.state == IN_DOUBT}
    told_by = doubted | ({delivery.channel} if delivery.status == "delivered" else set())
    if len(told_by) > 1:
        channels = ", ".join(sorted(str(channel) for channel in told_by))
        findings.breach(f"message {delivery.id} may have gone out by more than one channel: {channels}")


def _once(numbers: Counter[str], what: str, findings: Findings) -> None:
    for key, number in numbers.items():
        if number > 1:
            findings.breach(f"{number} {what} {key}")


def _caused(delivery: Delivery, case_id: str, cause: Fact | None, findings: Findings) -> None:
    if cause is None:
        findings.breach(f"message {delivery.id} is about event {delivery.about}, which is on no topic")
    elif cause.case != case_id or not cause.is_read_by("notification"):
        findings.breach(f"message {delivery.id} of case {case_id} is about {cause} of case {cause.case}")


def _ended(delivery: Delivery, told: list[Fact], findings: Findings) -> None:
    """Delivered and failed are told exactly once, and about the same event; planned and skipped never."""
    wanted = [(ENDS[delivery.status], delivery.about)] if delivery.status in ENDS else []
    found = [(fact.topic.family, fact.about) for fact in told]
    if found != wanted:
        said = ", ".join(family for family, _ in found) or "nothing"
        findings.breach(f"message {delivery.id} is {delivery.status}; what was told of it is {said}")


def _waits(evidence: Evidence, delivery: Delivery) -> bool:
    return f"{SEND_MESSAGE}:{delivery.id}" in evidence.holdings.shelves["notification"].work
