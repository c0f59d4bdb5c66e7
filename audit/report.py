"""What the audit found, for people and for tools."""

import json
from collections.abc import Iterator

from audit.evidence import Standing, Verdict


def is_broken(verdicts: tuple[Verdict, ...]) -> bool:
    return any(verdict.findings.standing is Standing.BROKEN for verdict in verdicts)


def as_text(verdicts: tuple[Verdict, ...], shown: int) -> str:
    """A law a line with its counts; below it at most `shown` breaches."""
    return "\n".join(line for verdict in verdicts for line in _lines(verdict, shown)) + "\n" + _sum(verdicts) + "\n"


def _lines(verdict: Verdict, shown: int) -> Iterator[str]:
    findings = verdict.findings
    yield f"{findings.standing:<11} {verdict.law.statement}"
    counted = ", ".join(f"{number:,} {what}" for what, number in findings.counted.items() if number)
    if counted:
        yield f"{'':11} {counted}"
    yield from (f"{'':11} note: {note}" for note in findings.notes[:shown])
    yield from (f"{'':11} - {breach}" for breach in findings.breaches[:shown])
    if len(findings.breaches) > shown:
        yield f"{'':11} - and {len(findings.breaches) - shown:,} more; see them with --show"


def _sum(verdicts: tuple[Verdict, ...]) -> str:
    broken = [verdict for verdict in verdicts if verdict.findings.standing is Standing.BROKEN]
    if broken:
        breaches = sum(len(verdict.findings.breaches) for verdict in broken)
        return f"{len(broken)} of {len(verdicts)} laws are broken, {breaches:,} times in all"
    not_judged = sum(verdict.findings.standing is Standing.NOT_JUDGED for verdict in verdicts)
    return "all laws hold" if not not_judged else f"all laws hold that could be judged; {not_judged} could not"


def as_json(verdicts: tuple[Verdict, ...]) -> str:
    """Everything, every breach included."""
    laws = [
        {
            "law": verdict.law.name,
            "statement": verdict.law.statement,
            "standing": verdict.findings.standing.value,
            "counted": dict(verdict.findings.counted),
            "notes": verdict.findings.notes,
            "breaches": verdict.findings.breaches,
        }
        for verdict in verdicts
    ]
    return json.dumps({"holds": not is_broken(verdicts), "laws": laws}, indent=2, ensure_ascii=False) + "\n"
