"""From matches to a decision: the back office recommends, the supervisor reviews, the manager decides.

Any of the two may return it with a reason; nobody approves their own draft (domain.md section 5.6).
"""

from datetime import datetime
from enum import StrEnum

from contracts.events import CaseDecided, NeedDecision
from contracts.vocabulary import DecisionKind, HandlingStatus, ProposalStatus, Track
from services.referral.domain.clocks import Clock, ClockName
from services.referral.domain.errors import OwnDraft, ReasonNeeded, UnsoundRecommendation
from services.referral.domain.handling import Handling, Recommendation, Return
from services.referral.domain.moves import Moved, Telling, told
from services.referral.domain.proposal import Proposal
from services.referral.domain.referring import NewId, refer_need, resolve_or_pass_up
from services.referral.domain.rules import DistrictRules
from services.referral.domain.village import pauses_of

TRACK_OF = {DecisionKind.REFER: Track.REFERRAL, DecisionKind.PROPOSE: Track.PROPOSAL}


class OfficeMove(StrEnum):
    """What the office does next with an undecided case."""

    RECOMMENDATION = "recommendation"
    REVIEW = "review"
    DECISION = "decision"


NEXT_MOVE = {
    HandlingStatus.ASSESSED: OfficeMove.RECOMMENDATION,
    HandlingStatus.RECOMMENDED: OfficeMove.REVIEW,
    HandlingStatus.REVIEWED: OfficeMove.DECISION,
}
"""The one move that is legal in a state; in any other the office waits for agencies, or the case has ended."""


class Ruling(StrEnum):
    """What a reviewer or the manager says to a recommendation."""

    APPROVE = "approve"
    RETURN = "return"


def recommend(
    handling: Handling,
    actor_id: str,
    decisions: tuple[NeedDecision, ...],
    *,
    rules: DistrictRules,
    now: datetime,
) -> Moved:
    """Drafts what to do about every need; programmes nobody asked for may be added.

    Stops the clock of the first response and starts the one of the verification. Tells nothing: a draft is
    the office's own. Raises UnsoundRecommendation, ReasonNeeded, UnknownProgramme, IllegalMove.
    """
    handling.must_be("recommend on", HandlingStatus.ASSESSED)
    _check(decisions, handling, rules)
    drafted = handling.but(
        status=HandlingStatus.RECOMMENDED,
        recommendation=Recommendation(decisions=decisions, drafted_by=actor_id, drafted_at=now),
        handler_id=actor_id,
    ).with_clocks(lambda clock: clock.stop(now), ClockName.FIRST_RESPONSE)
    return Moved(_with_verification_clock(drafted, rules, now))


def review(handling: Handling, actor_id: str, ruling: Ruling, *, now: datetime, reason: str | None = None) -> Moved:
    """The supervisor passes the recommendation on or returns it. Tells nothing yet.

    Raises OwnDraft, ReasonNeeded, IllegalMove.
    """
    handling.must_be("review", HandlingStatus.RECOMMENDED)
    recommendation = _draft_of_another(handling, actor_id)
    if ruling is Ruling.RETURN:
        return _returned(handling, actor_id, now, reason)
    reviewed = recommendation.but(reviewed_by=actor_id, reviewed_at=now)
    return Moved(handling.but(status=HandlingStatus.REVIEWED, recommendation=reviewed))


def decide(
    handling: Handling,
    actor_id: str,
    ruling: Ruling,
    *,
    rules: DistrictRules,
    now: datetime,
    new_id: NewId,
    reason: str | None = None,
) -> Moved:
    """The manager approves, and what was recommended happens: agencies are asked, proposals drafted for the
    next period; or returns it.

    Tells CaseDecided, then what follows for each need, then CaseResolved if nothing is left open.
    Raises OwnDraft, ReasonNeeded, NoPeriod, IllegalMove.
    """
    handling.must_be("decide", HandlingStatus.REVIEWED)
    recommendation = _draft_of_another(handling, actor_id)
    if ruling is Ruling.RETURN:
        return _returned(handling, actor_id, now, reason)
    decided = handling.but(
        status=HandlingStatus.DECIDED,
        decisions=recommendation.decisions,
        recommendation=recommendation.but(decided_by=actor_id, decided_at=now),
    ).with_clocks(lambda clock: clock.stop(now), ClockName.VERIFICATION)
    tellings: tuple[Telling, ...] = (lambda state: CaseDecided(handling=state),)
    exhausted = False
    for decision in decided.decisions:
        if decision.decision is DecisionKind.REFER:
            decided, more = refer_need(decided, decision.programme, rules=rules, now=now, new_id=new_id)
            tellings += more
            exhausted = exhausted or not more
        elif decision.decision is DecisionKind.PROPOSE:
            decided = _proposed(decided, decision.programme, rules, now, new_id)
    decided, ending = resolve_or_pass_up(decided, rules, now, exhausted=exhausted)
    return told(decided, tellings + ending)


def _check(decisions: tuple[NeedDecision, ...], handling: Handling, rules: DistrictRules) -> None:
    programmes = [decision.programme for decision in decisions]
    if not decisions:
        raise UnsoundRecommendation("recommend something for at least one programme")
    if len(set(programmes)) < len(programmes):
        raise UnsoundRecommendation("a programme is decided on twice: keep one decision for each")
    forgotten = sorted(set(handling.complaint.needs) - set(programmes))
    if forgotten:
        raise UnsoundRecommendation(f"decide on every need; missing: {', '.join(forgotten)}")
    for decision in decisions:
        if decision.decision is DecisionKind.REFUSE:
            _check_refusal(decision, handling, rules)
            continue
        match = rules.catalogue.programme(decision.programme).match(handling.complaint.family)
        wanted = TRACK_OF[decision.decision]
        if wanted is not match.track:
            raise UnsoundRecommendation(
                f"this family gets {decision.programme} by {match.track.value}, not by {wanted.value}"
            )
        if decision.decision is DecisionKind.PROPOSE:
            # Found here and not when the manager decides, who could do nothing about it.
            rules.periods.rule_of(decision.programme)


def _check_refusal(decision: NeedDecision, handling: Handling, rules: DistrictRules) -> None:
    if decision.reason is None:
        raise ReasonNeeded(f"refusing {decision.programme}")
    # A citizen may have asked for what no catalogue has: refusing is then all that can be done about it.
    if decision.programme not in handling.complaint.needs:
        rules.catalogue.programme(decision.programme)


def _with_verification_clock(handling: Handling, rules: DistrictRules, now: datetime) -> Handling:
    # One a round: a returned and drafted again recommendation goes on in the time of the first.
    if any(clock.name is ClockName.VERIFICATION for clock in handling.clocks_of_round):
        return handling
    limit = rules.limits.of(ClockName.VERIFICATION, fast_track=handling.complaint.fast_track)
    clock = Clock.started(ClockName.VERIFICATION, now, limit, rules.calendar, round=handling.round)
    waiting_too = clock.with_pauses(pauses_of(handling.village), rules.calendar)
    return handling.but(clocks=(*handling.clocks, waiting_too))


def _draft_of_another(handling: Handling, actor_id: str) -> Recommendation:
    recommendation = handling.recommendation
    if recommendation is None:  # a stored handling that was never in this state
        raise UnsoundRecommendation("there is no recommendation: draft one")
    if recommendation.drafted_by == actor_id:
        raise OwnDraft
    return recommendation


def _returned(handling: Handling, actor_id: str, now: datetime, reason: str | None) -> Moved:
    if not reason:
        raise ReasonNeeded("returning a recommendation")
    returned = Return(by=actor_id, at=now, step=handling.status, reason=reason)
    return Moved(handling.but(status=HandlingStatus.ASSESSED, returns=(*handling.returns, returned)))


def _proposed(handling: Handling, programme: str, rules: DistrictRules, now: datetime, new_id: NewId) -> Handling:
    period = rules.periods.next_period(programme, rules.calendar.local_day(now))
    proposal = Proposal(
        proposal_id=new_id(),
        programme=programme,
        round=handling.round,
        period=period.code,
        status=ProposalStatus.DRAFTED,
        cut_off=period.cut_off,
        result_expected=period.result_expected,
        dates_verified=period.verified,
        drafted_at=now,
    )
    return handling.but(proposals=(*handling.proposals, proposal))
