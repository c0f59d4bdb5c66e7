"""Every event carries the trace of its deed."""

from audit.evidence import Evidence, Findings


def every_event_carries_its_trace(evidence: Evidence, findings: Findings) -> None:
    """In the envelope and, the same, in the header of every copy. Agencies' own events may have none."""
    for fact in evidence.facts:
        if not fact.of_the_house:
            continue
        findings.count("events")
        if not fact.traced:
            findings.breach(f"{fact}: no trace context in the envelope")
        for copy in fact.copies:
            if not copy.traced_alike:
                findings.breach(f"{fact} at {copy.place}: the header's trace context is not the envelope's")
