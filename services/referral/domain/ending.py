"""The end of a round: when every need has an ending, the case is resolved and the citizen may reopen it."""

from datetime import datetime

from contracts.events import CaseResolved, NeedDecision, NeedOutcome, Resolution
from contracts.vocabulary import CaseOutcome, DecisionKind, HandlingStatus, NeedEnding
from services.referral.domain.handling import Handling
from services.referral.domain.moves import Telling
from services.referral.domain.rules import DistrictRules

GIVEN = frozenset({NeedEnding.GIVEN, NeedEnding.ENROLLED})
AWAITING = frozenset({NeedEnding.PROPOSED, NeedEnding.WAITING_LIST})


def ending_of(decision: NeedDecision, handling: Handling) -> NeedEnding | None:
    """How a decided need ended; None while an agency still holds it.

    A proposal counts as ended: it is handed to its period's clock, which runs for months, and the citizen
    is told the next cut-off and result. A need whose referrals were all rejected or expired is exhausted.
    """
    if decision.decision is DecisionKind.REFUSE:
        return NeedEnding.REFUSED
    if decision.decision is DecisionKind.PROPOSE:
        return NeedEnding.PROPOSED
    referrals = handling.referrals_for(decision.programme)
    if not referrals:
        return NeedEnding.EXHAUSTED
    last = referrals[-1]
    if last.open:
        return None
    return NeedEnding(last.outcome.value) if last.outcome else NeedEnding.EXHAUSTED


def undecided_needs(handling: Handling) -> tuple[str, ...]:
    """Needs on which nothing was decided in this round: asked for when the manager had decided already.

    They hold the case open for nobody, and end as exhausted: no agency helped, and nobody decided against
    them. Left out, the case would count as given although the citizen still asks for something.
    """
    decided = {decision.programme for decision in handling.decisions}
    return tuple(need for need in dict.fromkeys(handling.complaint.needs) if need not in decided)


def outcome_of(endings: tuple[NeedEnding, ...]) -> CaseOutcome:
    """How the whole case ended, summed over its needs."""
    given = [ending in GIVEN for ending in endings]
    if all(given):
        return CaseOutcome.GIVEN
    if any(given):
        return CaseOutcome.PARTLY_GIVEN
    if any(ending in AWAITING for ending in endings):
        return CaseOutcome.AWAITING_RESULT
    return CaseOutcome.NOT_GIVEN


def resolve_when_ended(handling: Handling, rules: DistrictRules, now: datetime) -> tuple[Handling, tuple[Telling, ...]]:
    """Resolves a decided case whose last need has just ended; leaves any other as it is."""
    endings = [(decision.programme, ending_of(decision, handling)) for decision in handling.decisions]
    endings += [(need, NeedEnding.EXHAUSTED) for need in undecided_needs(handling)]
    needs = tuple(
        NeedOutcome(programme=programme, ending=ending) for programme, ending in endings if ending is not None
    )
    if handling.status is not HandlingStatus.DECIDED or len(needs) < len(endings):
        return handling, ()
    resolution = Resolution(
        round=handling.round,
        outcome=outcome_of(tuple(need.ending for need in needs)),
        needs=needs,
        resolved_at=now,
        reopen_until=rules.calendar.due_after(now, rules.limits.reopening),
    )
    resolved = handling.but(status=HandlingStatus.RESOLVED, resolution=resolution).with_clocks(
        lambda clock: clock.stop(now)
    )
    return resolved, (
        lambda state: CaseResolved(
            round=resolution.round,
            outcome=resolution.outcome,
            reopen_until=resolution.reopen_until,
            handling=state,
        ),
    )
