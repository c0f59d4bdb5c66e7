"""What a case adds to the figures. Figures change by what a case adds after an event minus what it added before it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from contracts.vocabulary import DecisionKind, NeedEnding, ReferralStatus, Verdict
from services.reporting.domain.days import BUCKETS, bucket_of
from services.reporting.domain.standing import Standing
from services.reporting.domain.view import CaseView, NeedView

GIVEN = (NeedEnding.GIVEN.value, NeedEnding.ENROLLED.value)
TIMED = "timed"
DAYS = "days"


class Subject(StrEnum):
    """What a figure counts."""

    CASES = "cases"
    PROGRAMMES = "programmes"


STANDINGS = tuple(standing.value for standing in Standing)
CASE_COUNTS = (
    "recorded",
    *STANDINGS,
    "fast_track",
    "reopened",
    "escalated",
    "overdue",
    "ended_late",
    "messages_delivered",
    "messages_failed",
)
DURATION_COUNTS = (TIMED, DAYS, *BUCKETS)
REFERRAL_STATES = (
    "referrals_in_progress",
    "referrals_dropped",
    "referrals_rejected",
    "referrals_expired",
    "referrals_completed",
)
"""Each referral is in exactly one of them, so that they add up to `referrals`."""
PROGRAMME_COUNTS = (
    "concerned",
    "asked",
    "matched_likely",
    "matched_unlikely",
    "matched_unknown",
    "referred",
    "proposed",
    "refused",
    "referrals",
    *REFERRAL_STATES,
    "given",
)


@dataclass(frozen=True)
class FigureKey:
    """Which figure: by day of recording and by what was recorded. `kind`/`sector` of cases, `programme` of needs."""

    subject: Subject
    day: str
    outcome: str
    kind: str = ""
    sector: str = ""
    programme: str = ""


Contribution = Mapping[FigureKey, Mapping[str, int]]


@dataclass(frozen=True)
class Messages:
    """How many messages to the citizen arrived, and how many did not."""

    delivered: int = 0
    failed: int = 0


def contribution(case: CaseView, messages: Messages) -> Contribution:
    """What a case adds to which figures. Nothing before the village was heard: until then its day is not known."""
    if case.recorded_on is None or case.kind is None or case.sector is None:
        return {}
    day = case.recorded_on.isoformat()
    key = FigureKey(Subject.CASES, day, case.outcome, kind=case.kind.value, sector=case.sector.value)
    added: dict[FigureKey, Mapping[str, int]] = {key: _without_zeros(_of_case(case, messages))}
    for need in case.needs:
        needed = FigureKey(Subject.PROGRAMMES, day, need.ending, programme=need.programme)
        added[needed] = _without_zeros(_of_need(need, case.standing))
    return added


def difference(before: Contribution, after: Contribution) -> Iterator[tuple[FigureKey, Mapping[str, int]]]:
    """By how much each figure moves; figures that stay are left out."""
    for key in sorted({*before, *after}, key=str):
        moved = Counter(after.get(key, {}))
        moved.subtract(before.get(key, {}))
        changed = _without_zeros(moved)
        if changed:
            yield key, changed


def _of_case(case: CaseView, messages: Messages) -> dict[str, int]:
    counts = {
        "recorded": 1,
        case.standing.value: 1,
        "fast_track": int(case.fast_track),
        "reopened": int(case.round > 0),
        "escalated": int(case.escalated_to is not None and case.standing.in_hand),
        "overdue": int(case.overdue),
        "ended_late": int(case.ended_late),
        "messages_delivered": messages.delivered,
        "messages_failed": messages.failed,
    }
    if case.days is not None:
        counts |= {TIMED: 1, DAYS: case.days, bucket_of(case.days): 1}
    return counts


def _of_need(need: NeedView, standing: Standing) -> dict[str, int]:
    status = need.referrals
    in_progress = need.unanswered if standing.in_hand else 0
    return {
        "concerned": 1,
        "asked": int(need.asked),
        "matched_likely": int(need.verdict is Verdict.LIKELY),
        "matched_unlikely": int(need.verdict is Verdict.UNLIKELY),
        "matched_unknown": int(need.verdict is Verdict.UNKNOWN),
        "referred": int(need.decision is DecisionKind.REFER),
        "proposed": int(need.decision is DecisionKind.PROPOSE),
        "refused": int(need.decision is DecisionKind.REFUSE),
        "referrals": sum(status.values()),
        "referrals_in_progress": in_progress,
        "referrals_dropped": need.unanswered - in_progress,  # the case ended without waiting for the agency
        "referrals_rejected": status.get(ReferralStatus.REJECTED, 0),
        "referrals_expired": status.get(ReferralStatus.EXPIRED, 0),
        "referrals_completed": status.get(ReferralStatus.COMPLETED, 0),
        "given": int(need.ending in GIVEN),
    }


def _without_zeros(counts: Mapping[str, int]) -> dict[str, int]:
    return {name: count for name, count in counts.items() if count}
