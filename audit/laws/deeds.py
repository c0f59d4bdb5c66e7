"""Every deed is exactly one event, in sequences without gaps.

Judged twice: by the count of told events that each document keeps, and by what the documents say was done.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable

from audit.evidence import Evidence, Findings
from contracts.manifest import Manifest, Party

HISTORY = {
    "decision_approved": "case.decided",
    "referral_accepted": "referral.answered",
    "referral_rejected": "referral.answered",
    "referral_completed": "referral.answered",
    "referral_expired": "referral.expired",
}
"""Lines of a handling's history that are told, and as what. What is between colleagues (a draft, a review) is not."""
ENDED = {"delivered": "notification.delivered", "failed": "notification.failed"}
"""Ends of a message that are told. A message that was overtaken is told to nobody."""


def every_deed_is_one_event(evidence: Evidence, findings: Findings) -> None:
    _by_count(evidence, findings)
    _by_name(evidence, findings)
    for known, other in evidence.facts.clashes:
        if known.of_the_house or other.of_the_house:
            findings.breach(f"{known}: two events have this place, {known.id} and {other.id}")
        else:
            findings.notes.append(f"an agency gave two events one place: {known.id} and {other.id}")


def _by_count(evidence: Evidence, findings: Findings) -> None:
    sequences: dict[tuple[str, str], set[int]] = defaultdict(set)
    for fact in evidence.facts:
        if fact.of_the_house:
            sequences[fact.source, fact.subject].add(fact.sequence)
            findings.count("copies besides", len(fact.copies) - 1)
    tellers: dict[tuple[str, str], str] = {}
    for service, shelf in evidence.holdings.shelves.items():
        for document in shelf.documents:
            for published in document.published:
                thread = (f"/districts/{document.district}/{service}", published.subject)
                findings.count("sequences")
                findings.count("deeds", published.count)
                if thread in tellers:
                    findings.breach(f"{thread[0]} about {thread[1]}: {tellers[thread]} and {document.id} both count")
                tellers[thread] = document.id
                missing = set(range(1, published.count + 1)) - sequences[thread]
                if missing:
                    findings.breach(f"{thread[0]} about {thread[1]}: on no topic are {_some(missing)}")
    # What no document counts is the business of another law; holes in it are this one's.
    for thread, heard in sequences.items():
        missing = set(range(1, max(heard, default=0) + 1)) - heard
        if missing and thread not in tellers:
            findings.breach(f"{thread[0]} about {thread[1]}: on no topic are {_some(missing)}")


def _by_name(evidence: Evidence, findings: Findings) -> None:
    """What was done, case by case and name by name, against what was told."""
    done: Counter[tuple[str, str]] = Counter()
    holdings = evidence.holdings
    told_by_village = tuple(topic.family for topic in Manifest.load().published_by(Party.INTAKE))
    for complaint in holdings.complaints.values():
        done.update((complaint.id, entry.what) for entry in complaint.deeds(*told_by_village))
    for handling in holdings.handlings.values():
        done.update((handling.id, HISTORY[deed.what]) for deed in handling.history if deed.what in HISTORY)
    for case in holdings.told_cases.values():
        done.update((case.id, ENDED[each.status]) for each in case.deliveries if each.status in ENDED)
    named = {*told_by_village, *HISTORY.values(), *ENDED.values()}
    told = Counter((fact.case, fact.topic.family) for fact in evidence.facts if fact.topic.family in named)
    for case_id, name in sorted(done.keys() | told.keys()):
        findings.count("named deeds", done[case_id, name])
        if done[case_id, name] != told[case_id, name]:
            findings.breach(f"case {case_id}: {name} was done {done[case_id, name]} times, told {told[case_id, name]}")


def _some(sequences: Iterable[int], shown: int = 5) -> str:
    ordered = sorted(sequences)
    more = f" and {len(ordered) - shown} more" if len(ordered) > shown else ""
    return ", ".join(map(str, ordered[:shown])) + more
