"""What one case comes to for the centre's figures, reckoned anew from the states that reporting holds of it.

The rules are those of docs/guarantees.md, said here a second time and another way: a table of what leads to which
standing, days subtracted on the calendar of the village, a need's ending looked up where it was said last.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from audit.documents import ReportedState
from contracts.events import ComplaintState, HandlingState, Resolution
from contracts.vocabulary import ClosedBy, ComplaintStatus, DecisionKind, ReferralStatus, Tier, Verdict

NOTHING_YET = "none_yet"
UPPER_LIMITS_OF_DAYS = (0, 1, 3, 7, 14, 30, 60, 120)
GIVEN = frozenset({"given", "enrolled"})
HELD_BY_AN_AGENCY = frozenset({ReferralStatus.ISSUED, ReferralStatus.ACCEPTED})
ABOVE_THE_DISTRICT = frozenset({Tier.PROVINCE, Tier.MINISTRY})
IN_HAND = frozenset({"open", "waiting_for_citizen"})

HOURS_OF_PROVINCES = {
    **dict.fromkeys(("51", "52", "53", "63", "64", "65", "71", "72", "73", "74", "75", "76"), 8),
    **dict.fromkeys(("81", "82", "91", "92", "93", "94", "95", "96"), 9),
}
"""From UTC; 7 where none is named. Keppres 41/1987; provinces made since keep their parent's."""


@dataclass(frozen=True)
class Figured:
    """What a case adds: by its own figure, and by one for each programme that it concerns."""

    area: str
    day: str
    """Of recording, on the village's calendar."""
    kind: str
    sector: str
    outcome: str
    counts: Counter[str]
    programmes: dict[tuple[str, str], Counter[str]]
    """(programme, ending) -> what is added."""


def reckon(area: str, case: ReportedState) -> Figured | None:
    """None until the village was heard: the day of recording is not known before, and it is counted nowhere."""
    complaint, handling = case.complaint, case.handling
    if complaint is None:
        return None
    resolution = _standing_resolution(complaint, handling)
    standing = _standing(complaint, resolution, {closing.round: closing.by for closing in case.closings})
    outcome = standing if standing in ("answered_at_desk", "withdrawn") else NOTHING_YET
    if outcome == NOTHING_YET and resolution is not None:
        outcome = resolution.outcome.value
    hours = HOURS_OF_PROVINCES.get(area[:2], 7)
    return Figured(
        area=area,
        day=(complaint.recorded_at + timedelta(hours=hours)).strftime("%Y-%m-%d"),
        kind=complaint.kind.value,
        sector=complaint.sector.value,
        outcome=outcome,
        counts=_of_case(case, complaint, standing, resolution),
        programmes=_of_programmes(complaint, handling, standing, resolution),
    )


def _round(complaint: ComplaintState, handling: HandlingState | None) -> int:
    return max(complaint.round, handling.round if handling else 0)


def _standing_resolution(complaint: ComplaintState, handling: HandlingState | None) -> Resolution | None:
    """The district's, unless another round has begun since."""
    resolution = handling.resolution if handling else None
    return resolution if resolution and resolution.round >= _round(complaint, handling) else None


def _standing(complaint: ComplaintState, resolution: Resolution | None, closings: dict[int, ClosedBy]) -> str:
    confirmed = closings.get(complaint.round) is ClosedBy.CONFIRMATION
    resolved = resolution is not None
    return {
        ComplaintStatus.ANSWERED: "answered_at_desk",
        ComplaintStatus.WITHDRAWN: "withdrawn",
        ComplaintStatus.CLOSED: "confirmed" if confirmed else "closed_by_silence",
        ComplaintStatus.WAITING_FOR_CITIZEN: "resolved" if resolved else "waiting_for_citizen",
        ComplaintStatus.OPEN: "resolved" if resolved else "open",
    }[complaint.status]


def _of_case(
    case: ReportedState, complaint: ComplaintState, standing: str, resolution: Resolution | None
) -> Counter[str]:
    handling = case.handling
    late = (
        handling is not None
        and handling.round == _round(complaint, handling)
        and any(clock.breached for clock in handling.clocks)
    )
    counts = Counter(
        {
            "recorded": 1,
            standing: 1,
            "fast_track": complaint.fast_track,
            "reopened": _round(complaint, handling) > 0,
            "escalated": handling is not None and handling.tier in ABOVE_THE_DISTRICT and standing in IN_HAND,
            "overdue": late and standing in IN_HAND,
            "ended_late": late and standing not in IN_HAND,
            "messages_delivered": case.delivered,
            "messages_failed": case.failed,
        }
    )
    days = _days_taken(complaint, standing, resolution)
    if days is not None:
        above = [limit for limit in UPPER_LIMITS_OF_DAYS if days <= limit]
        counts.update({"timed": 1, "days": days, f"days_{above[0]}" if above else "days_more": 1})
    return +counts


def _days_taken(complaint: ComplaintState, standing: str, resolution: Resolution | None) -> int | None:
    """Whole days from recording to the answer; of what was withdrawn, or has none yet, nothing is counted."""
    answered = complaint.ended_at if standing == "answered_at_desk" else None
    if answered is None and resolution is not None and standing not in ("answered_at_desk", "withdrawn"):
        answered = resolution.resolved_at
    if answered is None:
        return None
    return max(0, int((answered - complaint.recorded_at).total_seconds() // 86_400))


def _of_programmes(
    complaint: ComplaintState, handling: HandlingState | None, standing: str, resolution: Resolution | None
) -> dict[tuple[str, str], Counter[str]]:
    counts: dict[str, Counter[str]] = {}
    endings: dict[str, str] = {}

    def of(programme: str) -> Counter[str]:
        return counts.setdefault(programme, Counter(concerned=1))

    for programme in complaint.needs:
        of(programme)["asked"] = 1
    if handling is not None:
        for programme, verdict in {match.programme: match.verdict for match in handling.matches}.items():
            of(programme)[_MATCHED[verdict]] += 1
        for programme, decision in {need.programme: need.decision for need in handling.decisions}.items():
            of(programme)[_DECIDED[decision]] += 1
        for referral in handling.referrals:
            dropped = referral.status in HELD_BY_AN_AGENCY and standing not in IN_HAND
            of(referral.programme)["referrals"] += 1
            of(referral.programme)["referrals_dropped" if dropped else _REFERRED[referral.status]] += 1
            if referral.outcome is not None and resolution is None:
                endings[referral.programme] = referral.outcome.value
    for ended in resolution.needs if resolution else ():
        of(ended.programme)
        endings[ended.programme] = ended.ending.value
    for programme, count in counts.items():
        count["given"] = int(endings.get(programme) in GIVEN)
    return {(programme, endings.get(programme, NOTHING_YET)): +count for programme, count in counts.items()}


_MATCHED = {
    Verdict.LIKELY: "matched_likely",
    Verdict.UNLIKELY: "matched_unlikely",
    Verdict.UNKNOWN: "matched_unknown",
}
_DECIDED = {DecisionKind.REFER: "referred", DecisionKind.PROPOSE: "proposed", DecisionKind.REFUSE: "refused"}
_REFERRED = {
    ReferralStatus.ISSUED: "referrals_in_progress",
    ReferralStatus.ACCEPTED: "referrals_in_progress",
    ReferralStatus.REJECTED: "referrals_rejected",
    ReferralStatus.EXPIRED: "referrals_expired",
    ReferralStatus.COMPLETED: "referrals_completed",
}
