"""Every event had exactly one effect in each reader that the manifest names, or is a dead letter with its reason."""

from collections import Counter, defaultdict

from audit.evidence import Evidence, Findings
from audit.facts import Fact, Facts, Key
from audit.holdings import Shelf

Hearers = dict[Key, list[str]]
"""Event -> ids of the documents that heard it."""


def every_event_had_one_effect(evidence: Evidence, findings: Findings) -> None:
    for service, shelf in evidence.holdings.shelves.items():
        hearers = _hearers(shelf)
        for fact in evidence.facts:
            if fact.is_read_by(service):
                _judge(fact, shelf, hearers[fact.key], findings)
        _nothing_heard_that_nobody_said(service, hearers, evidence.facts, findings)
        for unreadable in evidence.facts.unreadable:
            if service in unreadable.topic.readers and str(unreadable.place) not in shelf.letters:
                findings.breach(f"{service}: the unreadable record at {unreadable.place} is no dead letter")
        _letters_have_reasons(shelf, findings)


def _judge(fact: Fact, shelf: Shelf, heard_by: list[str], findings: Findings) -> None:
    letters = [shelf.letters[str(copy.place)] for copy in fact.copies if str(copy.place) in shelf.letters]
    if heard_by == [fact.case]:
        findings.count("effects")
        if len(letters) == len(fact.copies):
            findings.breach(f"{shelf.service}: {fact} had its effect and is a dead letter as well")
        elif letters:
            # An earlier copy died, a later one was heard: the letter can be discarded.
            findings.notes.append(f"{shelf.service}: {fact} was heard after a copy of it had died")
    elif heard_by:
        findings.breach(f"{shelf.service}: {fact} of case {fact.case} was heard by {', '.join(heard_by)}")
    elif not letters:
        findings.breach(f"{shelf.service}: {fact} ({fact.id}) had no effect and is no dead letter")


def _hearers(shelf: Shelf) -> Hearers:
    hearers: Hearers = defaultdict(list)
    for document in shelf.documents:
        for entry in document.heard.entries:
            for sequence in entry.sequences:
                hearers[Key(entry.source, entry.subject, sequence)].append(document.id)
    return hearers


def _nothing_heard_that_nobody_said(service: str, hearers: Hearers, facts: Facts, findings: Findings) -> None:
    for key, documents in hearers.items():
        if documents and key not in facts.by_key:
            findings.breach(f"{service}: {', '.join(documents)} heard {tuple(key)}, which is on no topic")


def _letters_have_reasons(shelf: Shelf, findings: Findings) -> None:
    reasons = Counter(letter.reason for letter in shelf.letters.values())
    findings.count("dead letters", len(shelf.letters))
    if reasons.pop("", 0):
        findings.breach(f"{shelf.service}: a dead letter has no reason")
    for reason, number in sorted(reasons.items()):
        findings.notes.append(f"{shelf.service}: {number} dead letters because of {reason}")
