"""Which facts a citizen should know, and what the message about each says.

Not told: amendments that change nothing for the citizen (facts corrected, documents completed, no longer waiting),
and the first referral of a need, which the message about the decision names.
"""

from contracts import EventData
from contracts import events as facts
from contracts.vocabulary import (
    AgencyAnswer,
    Amendment,
    DecisionKind,
    EscalationCause,
    ExpiryFollow,
    ReferralStatus,
)
from services.notification.domain import message
from services.notification.domain.message import Message


class UnknownReferral(Exception):
    """An event speaks of a referral that its own state does not list: its writer is broken, nobody can be told."""

    dead_letter_reason = "unknown_referral"


def message_about(fact: EventData) -> Message | None:
    """The message about a fact; None when the citizen need not know it. Raises UnknownReferral."""
    return _of_village(fact) or _of_district(fact)


def _of_village(fact: EventData) -> Message | None:  # noqa: PLR0911 - one line a fact
    match fact:
        case facts.ComplaintCreated(complaint=complaint):
            return message.ComplaintReceived(kind=complaint.kind, fast_track=complaint.fast_track)
        case facts.ComplaintAmended(change=Amendment.WAITING_FOR_CITIZEN):
            return message.ComplaintWaiting()
        case facts.ComplaintAnswered():
            return message.ComplaintAnswered()
        case facts.ComplaintWithdrawn(reason=reason):
            return message.ComplaintWithdrawn(reason=reason)
        case facts.CaseReopened():
            return message.CaseReopened()
        case facts.CaseClosed(by=by):
            return message.CaseClosed(by=by)
    return None


def _of_district(fact: EventData) -> Message | None:  # noqa: PLR0911 - one line a fact
    match fact:
        case facts.CaseDecided(handling=handling):
            return _decided(handling)
        case facts.CaseEscalated(cause=EscalationCause.BREACHED_CLOCK, to_tier=tier):
            return message.CaseLate(to_tier=tier)
        case facts.CaseEscalated(to_tier=tier):
            return message.CasePassedUp(to_tier=tier)
        case facts.ReferralIssued(programme=programme, agency=agency, due_at=due_at) if fact.reroute_of is not None:
            return message.ReferralPassedOn(programme=programme, agency=agency, answer_by=due_at)
        case facts.ReferralAnswered():
            return _answered(fact)
        case facts.ReferralExpired(agency=agency, follow=follow):
            programme = _programme(fact.referral_id, fact.handling)
            passed_on = follow is ExpiryFollow.REROUTED
            return message.ReferralExpired(programme=programme, agency=agency, passed_on=passed_on)
        case facts.CaseResolved(outcome=outcome, reopen_until=reopen_until, handling=handling):
            endings = handling.resolution.needs if handling.resolution else ()
            needs = tuple(message.EndedNeed(programme=need.programme, ending=need.ending) for need in endings)
            return message.CaseResolved(outcome=outcome, needs=needs, reopen_until=reopen_until)
    return None


def _decided(handling: facts.HandlingState) -> message.CaseDecided:
    referred: list[message.ReferredNeed] = []
    proposed: list[message.ProposedNeed] = []
    refused: list[message.RefusedNeed] = []
    for need in handling.decisions:
        if need.decision is DecisionKind.REFUSE:
            refused.append(message.RefusedNeed(programme=need.programme, reason=need.reason))
        elif need.decision is DecisionKind.REFER:
            referred.append(_referred(need.programme, handling))
        else:
            # The latest: an earlier round may have proposed the same need for an earlier period.
            periods = [proposal for proposal in handling.proposals if proposal.programme == need.programme]
            proposed += [
                message.ProposedNeed(
                    programme=need.programme, cut_off=proposal.cut_off, result_expected=proposal.result_expected
                )
                for proposal in periods[-1:]
            ]
    return message.CaseDecided(referred=tuple(referred), proposed=tuple(proposed), refused=tuple(refused))


def _referred(programme: str, handling: facts.HandlingState) -> message.ReferredNeed:
    """A state that carries the whole case may hold an earlier round's referrals: only an open one is news."""
    waiting = [
        referral
        for referral in handling.referrals
        if referral.programme == programme and referral.status is ReferralStatus.ISSUED
    ]
    if not waiting:
        return message.ReferredNeed(programme=programme)
    return message.ReferredNeed(programme=programme, agency=waiting[-1].agency, answer_by=waiting[-1].due_at)


def _answered(fact: facts.ReferralAnswered) -> Message:
    programme = _programme(fact.referral_id, fact.handling)
    if fact.answer is AgencyAnswer.ACCEPTED:
        return message.ReferralAccepted(programme=programme, agency=fact.agency)
    if fact.answer is AgencyAnswer.COMPLETED:
        return message.ReferralCompleted(programme=programme, agency=fact.agency, outcome=fact.outcome)
    # Facts of one deed carry the state after all of it: what was asked anew is in it already.
    passed_on = any(
        referral.programme == programme and referral.status is ReferralStatus.ISSUED
        for referral in fact.handling.referrals
    )
    return message.ReferralRejected(programme=programme, agency=fact.agency, reason=fact.reason, passed_on=passed_on)


def _programme(referral_id: str, handling: facts.HandlingState) -> str:
    for referral in handling.referrals:
        if referral.referral_id == referral_id:
            return referral.programme
    raise UnknownReferral
