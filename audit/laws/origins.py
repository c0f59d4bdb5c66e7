"""No event without a deed: a document counts what a topic holds, and the topic's owner says it."""

from collections import defaultdict

from audit.evidence import Evidence, Findings
from audit.facts import Key


def no_event_without_a_deed(evidence: Evidence, findings: Findings) -> None:
    """Agencies write their own feeds; their events have no database of ours behind them."""
    told: dict[tuple[str, str], int] = defaultdict(int)
    for service, shelf in evidence.holdings.shelves.items():
        for document in shelf.documents:
            for published in document.published:
                source = f"/districts/{document.district}/{service}"
                told[source, published.subject] = max(told[source, published.subject], published.count)
    ids: dict[str, Key] = {}
    for fact in evidence.facts:
        if not fact.of_the_house:
            continue
        findings.count("events")
        if fact.sequence > told[fact.source, fact.subject]:
            findings.breach(f"{fact} ({fact.id}): no document of {fact.topic.owner} counts it")
        if fact.speaker != fact.topic.owner.value:
            findings.breach(f"{fact} ({fact.id}): the topic is {fact.topic.owner}'s")
        if ids.setdefault(fact.id, fact.key) != fact.key:
            findings.breach(f"{fact}: its id {fact.id} is another event's too")
        if any(copy.key != fact.subject for copy in fact.copies):
            findings.breach(f"{fact} ({fact.id}): its key on Kafka is not its subject")
    for unreadable in evidence.facts.unreadable:
        if unreadable.topic.owner in evidence.holdings.shelves:
            findings.breach(f"the record at {unreadable.place} is no event ({unreadable.reason})")
