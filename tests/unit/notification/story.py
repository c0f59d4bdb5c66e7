"""The facts of cases, as intake and referral tell them, for the tests of notification."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from chassis.outbox.outgoing import new_id
from contracts import Event, EventData
from contracts.events import (
    CaseClosed,
    CaseDecided,
    CaseEscalated,
    CaseReopened,
    CaseResolved,
    ComplaintAmended,
    ComplaintAnswered,
    ComplaintCreated,
    ComplaintWithdrawn,
    HandlingState,
    NeedDecision,
    NeedOutcome,
    ProposalState,
    ReferralAnswered,
    ReferralExpired,
    ReferralIssued,
    ReferralState,
    Resolution,
)
from contracts.vocabulary import (
    AgencyAnswer,
    Amendment,
    CaseOutcome,
    ClosedBy,
    ComplaintStatus,
    DecisionKind,
    EscalationCause,
    ExpiryFollow,
    HandlingStatus,
    NeedEnding,
    Outcome,
    ProposalStatus,
    ReferralStatus,
    RejectionReason,
    Tier,
    WithdrawalReason,
)
from tests.harness.builders import JAMBUDIPA, RECORDED_AT, a_complaint_state

DUE_AT = RECORDED_AT + timedelta(days=3)
KIP, HEALTH, BPJS, PROPOSAL = new_id(), new_id(), new_id(), new_id()
"""Ids of the referrals (KIP to the education office, PBI-JK to the health office, then to BPJS) and of the proposal."""


def a_referral(referral_id: str, **changes: Any) -> ReferralState:
    agency = {KIP: "cianjur-education", HEALTH: "cianjur-health", BPJS: "cianjur-health-bpjs"}[referral_id]
    fields: dict[str, Any] = {
        "referral_id": referral_id,
        "programme": "kip" if referral_id == KIP else "pbi_jk",
        "agency": agency,
        "attempt": 2 if referral_id == BPJS else 1,
        "status": ReferralStatus.ISSUED,
        "issued_at": RECORDED_AT,
        "due_at": DUE_AT,
    }
    return ReferralState(**{**fields, **changes})


def a_handling_state(**changes: Any) -> HandlingState:
    """Decided: KIP and PBI-JK referred, PKH proposed, sembako refused."""
    fields: dict[str, Any] = {
        "status": HandlingStatus.DECIDED,
        "tier": Tier.DISTRICT,
        "opened_at": RECORDED_AT,
        "decisions": (
            NeedDecision(programme="kip", decision=DecisionKind.REFER),
            NeedDecision(programme="pbi_jk", decision=DecisionKind.REFER),
            NeedDecision(programme="pkh", decision=DecisionKind.PROPOSE),
            NeedDecision(programme="sembako", decision=DecisionKind.REFUSE, reason="already_receiving"),
        ),
        "referrals": (a_referral(KIP), a_referral(HEALTH)),
        "proposals": (
            ProposalState(
                proposal_id=PROPOSAL,
                programme="pkh",
                period="2026-12",
                status=ProposalStatus.DRAFTED,
                cut_off=date(2026, 12, 17),
                result_expected=date(2027, 1, 8),
            ),
        ),
    }
    return HandlingState(**{**fields, **changes})


def a_resolved_state(**changes: Any) -> HandlingState:
    resolution = Resolution(
        round=changes.get("round", 0),
        outcome=CaseOutcome.PARTLY_GIVEN,
        needs=(
            NeedOutcome(programme="kip", ending=NeedEnding.ENROLLED),
            NeedOutcome(programme="pkh", ending=NeedEnding.PROPOSED),
            NeedOutcome(programme="pbi_jk", ending=NeedEnding.EXHAUSTED),
        ),
        resolved_at=RECORDED_AT,
        reopen_until=DUE_AT,
    )
    return a_handling_state(**{"status": HandlingStatus.RESOLVED, "resolution": resolution, **changes})


def resolved(case_round: int = 0) -> CaseResolved:
    return CaseResolved(
        round=case_round,
        outcome=CaseOutcome.PARTLY_GIVEN,
        reopen_until=DUE_AT,
        handling=a_resolved_state(round=case_round),
    )


def reopened(case_round: int = 1) -> CaseReopened:
    return CaseReopened(round=case_round, complaint=a_complaint_state(round=case_round))


def closed(by: ClosedBy = ClosedBy.CONFIRMATION, case_round: int = 0, ended_at: datetime = RECORDED_AT) -> CaseClosed:
    state = a_complaint_state(status=ComplaintStatus.CLOSED, round=case_round, ended_at=ended_at)
    return CaseClosed(by=by, round=case_round, complaint=state)


def withdrawn(reason: WithdrawalReason = WithdrawalReason.TAKEN_BACK, at: datetime = RECORDED_AT) -> ComplaintWithdrawn:
    return ComplaintWithdrawn(
        reason=reason,
        duplicate_of=new_id() if reason is WithdrawalReason.DUPLICATE else None,
        complaint=a_complaint_state(status=ComplaintStatus.WITHDRAWN, ended_at=at),
    )


def waiting() -> ComplaintAmended:
    state = a_complaint_state(status=ComplaintStatus.WAITING_FOR_CITIZEN, waiting_since=RECORDED_AT)
    return ComplaintAmended(change=Amendment.WAITING_FOR_CITIZEN, complaint=state)


def answered_at_desk() -> ComplaintAnswered:
    return ComplaintAnswered(
        answer="explained_schedule",
        complaint=a_complaint_state(status=ComplaintStatus.ANSWERED, ended_at=RECORDED_AT),
    )


def first_issued() -> ReferralIssued:
    return ReferralIssued(
        referral_id=KIP,
        programme="kip",
        agency="cianjur-education",
        due_at=DUE_AT,
        attempt=1,
        handling=a_handling_state(),
    )


def rerouted() -> ReferralIssued:
    return ReferralIssued(
        referral_id=BPJS,
        programme="pbi_jk",
        agency="cianjur-health-bpjs",
        due_at=DUE_AT,
        attempt=2,
        reroute_of=HEALTH,
        handling=after_rejection(),
    )


def after_rejection() -> HandlingState:
    rejected = a_referral(HEALTH, status=ReferralStatus.REJECTED, reason=RejectionReason.NO_CAPACITY)
    return a_handling_state(referrals=(a_referral(KIP), rejected, a_referral(BPJS)))


def accepted() -> ReferralAnswered:
    return ReferralAnswered(
        referral_id=KIP, agency="cianjur-education", answer=AgencyAnswer.ACCEPTED, handling=a_handling_state()
    )


def completed(outcome: Outcome | None = Outcome.ENROLLED) -> ReferralAnswered:
    return ReferralAnswered(
        referral_id=KIP,
        agency="cianjur-education",
        answer=AgencyAnswer.COMPLETED,
        outcome=outcome,
        handling=a_handling_state(),
    )


def rejected(
    reason: RejectionReason | None = RejectionReason.NO_CAPACITY, handling: HandlingState | None = None
) -> ReferralAnswered:
    return ReferralAnswered(
        referral_id=HEALTH,
        agency="cianjur-health",
        answer=AgencyAnswer.REJECTED,
        reason=reason,
        handling=handling or after_rejection(),
    )


def nobody_left() -> HandlingState:
    """PBI-JK was rejected by the only agency there is."""
    return a_handling_state(referrals=(a_referral(KIP), a_referral(HEALTH, status=ReferralStatus.REJECTED)))


def expired(follow: ExpiryFollow = ExpiryFollow.REROUTED) -> ReferralExpired:
    return ReferralExpired(referral_id=HEALTH, agency="cianjur-health", follow=follow, handling=a_handling_state())


def escalated(cause: EscalationCause = EscalationCause.BREACHED_CLOCK, tier: Tier = Tier.PROVINCE) -> CaseEscalated:
    clock = "handling" if cause is EscalationCause.BREACHED_CLOCK else None
    return CaseEscalated(cause=cause, clock=clock, to_tier=tier, handling=a_handling_state(tier=tier))


def decided(**changes: Any) -> CaseDecided:
    return CaseDecided(handling=a_handling_state(**changes))


@dataclass
class Teller:
    """Tells facts of one case in order: each gets its place in its teller's sequence and a moment a minute later."""

    case: str = field(default_factory=new_id)
    area: str = JAMBUDIPA
    now: datetime = RECORDED_AT
    _told: dict[str, int] = field(default_factory=dict)

    def tells(self, data: EventData, *, at: datetime | None = None) -> Event[EventData]:
        service = "referral" if "handling" in type(data).model_fields else "intake"
        source = f"/districts/32.03/{service}"
        self._told[source] = self._told.get(source, 0) + 1
        self.now += timedelta(minutes=1)
        return Event.of(
            data,
            id=new_id(),
            source=source,
            subject=self.case,
            time=at or self.now,
            sequence=self._told[source],
            area=self.area,
            correlationid=self.case,
        )


def whole_story(teller: Teller) -> tuple[Event[EventData], ...]:
    """A case from recording to its second round and its end."""
    facts = (
        ComplaintCreated(complaint=a_complaint_state()),
        waiting(),
        ComplaintAmended(change=Amendment.DOCUMENTS_COMPLETED, complaint=a_complaint_state()),
        decided(),
        first_issued(),
        accepted(),
        rejected(),
        rerouted(),
        completed(),
        expired(ExpiryFollow.ESCALATED),
        escalated(EscalationCause.NO_AGENCY_LEFT),
        resolved(),
        reopened(),
        escalated(),
        resolved(1),
        closed(case_round=1),
    )
    return tuple(teller.tells(fact) for fact in facts)
