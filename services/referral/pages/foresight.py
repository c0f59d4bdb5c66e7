"""What will happen if the manager approves: the decision itself, tried and not stored."""

from dataclasses import dataclass
from datetime import datetime

from chassis.outbox.outgoing import new_id
from contracts.events import NeedDecision
from contracts.vocabulary import CaseOutcome, DecisionKind, Tier
from services.referral.domain.deciding import Ruling, decide
from services.referral.domain.errors import NoPeriod, UnknownProgramme
from services.referral.domain.handling import Handling
from services.referral.domain.proposal import Proposal
from services.referral.domain.referral import Referral
from services.referral.domain.rules import DistrictRules


@dataclass(frozen=True)
class Foreseen:
    """`without_agency`: programmes to be referred for which no agency is left. `passed_up_to`: the tier above, if it
    goes there. `ends`: how the case would end at once, if nothing is left open.
    """

    referrals: tuple[Referral, ...]
    proposals: tuple[Proposal, ...]
    refusals: tuple[NeedDecision, ...]
    without_agency: tuple[str, ...]
    passed_up_to: Tier | None
    ends: CaseOutcome | None


def foresee(handling: Handling, actor_id: str, *, rules: DistrictRules, now: datetime) -> Foreseen | None:
    """None when the draft cannot be carried out any more, because the rules changed after it was made."""
    try:
        after = decide(handling, actor_id, Ruling.APPROVE, rules=rules, now=now, new_id=new_id).handling
    except (NoPeriod, UnknownProgramme):
        return None
    referrals = after.referrals[len(handling.referrals) :]
    asked = {referral.programme for referral in referrals}
    return Foreseen(
        referrals=referrals,
        proposals=after.proposals[len(handling.proposals) :],
        refusals=_with(after, DecisionKind.REFUSE),
        without_agency=tuple(
            decision.programme for decision in _with(after, DecisionKind.REFER) if decision.programme not in asked
        ),
        passed_up_to=after.tier if after.tier is not handling.tier else None,
        ends=after.resolution.outcome if after.resolution else None,
    )


def _with(handling: Handling, kind: DecisionKind) -> tuple[NeedDecision, ...]:
    return tuple(decision for decision in handling.decisions if decision.decision is kind)
