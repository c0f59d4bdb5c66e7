"""Outboxes are empty at rest."""

from audit.evidence import Evidence, Findings


def outboxes_are_empty(evidence: Evidence, findings: Findings) -> None:
    """A row that stays is a deed nobody is told of."""
    for shelf in evidence.holdings.shelves.values():
        findings.count("outboxes")
        if shelf.outbox_rows:
            findings.breach(f"{shelf.service}: {shelf.outbox_rows} rows wait in the outbox")
