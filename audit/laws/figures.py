"""The centre's figures, added up afresh from its cases; the cases themselves are compared with the topics.

Added up over days and outcomes: those, the days a case took and what was given are not stated here a second time.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable

from audit.documents import Figure, ReportedState
from audit.evidence import Evidence, Findings
from contracts.events import ComplaintState, HandlingState
from contracts.vocabulary import ComplaintStatus, DecisionKind, ReferralStatus, Tier, Verdict

STANDINGS = (
    "open",
    "waiting_for_citizen",
    "answered_at_desk",
    "withdrawn",
    "resolved",
    "confirmed",
    "closed_by_silence",
)
"""Exactly one holds of every case, so that together they are the cases recorded."""
TOGETHER = "standings"

Group = tuple[str, ...]
Sums = dict[Group, Counter[str]]

CASE_COUNTS = (
    "recorded",
    TOGETHER,
    "fast_track",
    "reopened",
    "escalated",
    "overdue",
    "ended_late",
    "messages_delivered",
    "messages_failed",
)
PROGRAMME_COUNTS = (
    "asked",
    "matched_likely",
    "matched_unlikely",
    "matched_unknown",
    "referred",
    "proposed",
    "refused",
    "referrals",
    "referrals_in_progress",
    "referrals_dropped",
    "referrals_rejected",
    "referrals_expired",
    "referrals_completed",
)
_VERDICTS = {
    Verdict.LIKELY: "matched_likely",
    Verdict.UNLIKELY: "matched_unlikely",
    Verdict.UNKNOWN: "matched_unknown",
}
_DECISIONS = {DecisionKind.REFER: "referred", DecisionKind.PROPOSE: "proposed", DecisionKind.REFUSE: "refused"}
_REFERRALS = {
    ReferralStatus.REJECTED: "referrals_rejected",
    ReferralStatus.EXPIRED: "referrals_expired",
    ReferralStatus.COMPLETED: "referrals_completed",
}


def figures_add_up(evidence: Evidence, findings: Findings) -> None:
    cases: Sums = defaultdict(Counter)
    programmes: Sums = defaultdict(Counter)
    for reported in evidence.holdings.reported_cases.values():
        complaint = reported.case.complaint
        if complaint is None:
            continue  # until the village was heard its day is not known, and it is counted nowhere
        cases[reported.area, complaint.kind.value, complaint.sector.value].update(_of_case(complaint, reported.case))
        for programme, count in _of_needs(complaint, reported.case.handling):
            programmes[reported.area, programme][count] += 1
    holdings = evidence.holdings
    kept_cases = _kept(((f.area, f.kind, f.sector), f) for f in holdings.case_figures)
    kept_programmes = _kept(((f.area, f.programme), f) for f in holdings.programme_figures)
    _compare(CASE_COUNTS, cases, kept_cases, findings)
    _compare(PROGRAMME_COUNTS, programmes, kept_programmes, findings)


def _of_case(complaint: ComplaintState, case: ReportedState) -> dict[str, int]:
    handling = case.handling
    begun = max(complaint.round, handling.round if handling else 0)
    # Only the present round's clocks speak: the district's state of an earlier round says nothing of it.
    late = handling is not None and handling.round == begun and any(clock.breached for clock in handling.clocks)
    in_hand = _in_hand(complaint, handling)
    return {
        "recorded": 1,
        TOGETHER: 1,
        "fast_track": int(complaint.fast_track),
        "reopened": int(begun > 0),
        "escalated": int(in_hand and handling is not None and handling.tier in (Tier.PROVINCE, Tier.MINISTRY)),
        "overdue": int(late and in_hand),
        "ended_late": int(late and not in_hand),
        "messages_delivered": case.delivered,
        "messages_failed": case.failed,
    }


def _in_hand(complaint: ComplaintState, handling: HandlingState | None) -> bool:
    """Neither ended in the village nor resolved by the district in the present round."""
    if complaint.status in (ComplaintStatus.ANSWERED, ComplaintStatus.WITHDRAWN, ComplaintStatus.CLOSED):
        return False
    if handling is None or handling.resolution is None:
        return True
    return handling.resolution.round < max(complaint.round, handling.round)


def _of_needs(complaint: ComplaintState, handling: HandlingState | None) -> Iterable[tuple[str, str]]:
    """(programme, what it adds one to), for everything a case says of a programme."""
    for programme in set(complaint.needs):
        yield programme, "asked"
    if handling is None:
        return
    for programme, verdict in {match.programme: match.verdict for match in handling.matches}.items():
        yield programme, _VERDICTS[verdict]
    for programme, decision in {need.programme: need.decision for need in handling.decisions}.items():
        yield programme, _DECISIONS[decision]
    for referral in handling.referrals:
        yield referral.programme, "referrals"
        ended = _REFERRALS.get(referral.status)
        waited_for = "referrals_in_progress" if _in_hand(complaint, handling) else "referrals_dropped"
        yield referral.programme, ended or waited_for


def _kept(figures: Iterable[tuple[Group, Figure]]) -> Sums:
    sums: Sums = defaultdict(Counter)
    for group, figure in figures:
        sums[group].update(figure.counts)
        sums[group][TOGETHER] += sum(figure.counts.get(standing, 0) for standing in STANDINGS)
    return sums


def _compare(names: tuple[str, ...], rebuilt: Sums, kept: Sums, findings: Findings) -> None:
    for group in sorted(rebuilt.keys() | kept.keys()):
        findings.count("figures", len(names))
        for name in names:
            shown, wanted = kept.get(group, Counter())[name], rebuilt.get(group, Counter())[name]
            if shown != wanted:
                findings.breach(f"reporting, figures of {', '.join(group)}: {name} is {shown}, its cases add {wanted}")
