"""Cases, rules and moments for the tests of the district's domain."""

from datetime import UTC, date, datetime
from typing import Any

from contracts.events import ComplaintState, FamilyProfile, NeedDecision
from contracts.vocabulary import (
    Circumstance,
    ComplaintKind,
    ComplaintStatus,
    Component,
    DecisionKind,
    IntakeChannel,
    MembersBand,
    Sector,
    SubjectKind,
)
from services.referral.domain.calendar import WorkingCalendar, Zone
from services.referral.domain.clocks import ClockName
from services.referral.domain.deadlines import pending_clocks, unanswered_referrals
from services.referral.domain.deciding import Ruling, decide, recommend, review
from services.referral.domain.handling import Handling
from services.referral.domain.hearing import hear_village, open_handling
from services.referral.domain.moves import Moved
from services.referral.domain.referring import NewId
from services.referral.domain.rules import DistrictRules
from services.referral.domain.village import VillageFact, latest_sequence
from services.referral.reference import Reference

JAMBUDIPA = "32.03.02.2002"
CASE = "01936d00-0000-7000-8000-000000000001"
MONDAY = datetime(2026, 11, 23, 2, tzinfo=UTC)
"""Monday 23 November 2026, 09:00 in Cianjur; no holiday for a month."""
RULES: DistrictRules = Reference.load().rules_for(JAMBUDIPA, date(2026, 11, 23))
PLAIN_WEEK = WorkingCalendar(zone=Zone.WIB, holidays=frozenset())

BACK_OFFICE, SUPERVISOR, MANAGER = "person:back-office", "person:supervisor", "person:manager"


def ids(issued: int = 0) -> NewId:
    """Ids that count up from one number, so that a test can repeat itself."""

    def new_id() -> str:
        nonlocal issued
        issued += 1
        return f"01936d00-0000-7000-9000-{issued:012d}"

    return new_id


def family(**changes: Any) -> FamilyProfile:
    """The mother of Jambudipa and her two pupils; one child is ill and not insured."""
    profile = FamilyProfile(
        family_key="mother-of-jambudipa",
        listed=True,
        decile=2,
        components=(Component.PUPIL,),
        circumstances=(Circumstance.INSURANCE_INACTIVE,),
        members_band=MembersBand.TWO_OR_THREE,
        registry_period="2026-Q3",
    )
    return FamilyProfile.model_validate({**dict(profile), **changes})


def complaint(**changes: Any) -> ComplaintState:
    state = ComplaintState(
        status=ComplaintStatus.OPEN,
        case_number="3203022002-26-00017-4",
        kind=ComplaintKind.PARTICIPATION,
        sector=Sector.SOCIAL_ASSISTANCE,
        subject_kind=SubjectKind.FAMILY,
        needs=("pkh", "kip"),
        channel=IntakeChannel.HOME_VISIT,
        family=family(),
        recorded_at=MONDAY,
        occurred_at=MONDAY,
    )
    return ComplaintState.model_validate({**dict(state), **changes})


def refer(programme: str) -> NeedDecision:
    return NeedDecision(programme=programme, decision=DecisionKind.REFER)


def propose(programme: str) -> NeedDecision:
    return NeedDecision(programme=programme, decision=DecisionKind.PROPOSE)


def refuse(programme: str, reason: str = "above_threshold") -> NeedDecision:
    return NeedDecision(programme=programme, decision=DecisionKind.REFUSE, reason=reason)


THE_STORY = (propose("pkh"), refer("kip"), refer("pbi_jk"))


def fact_of(state: ComplaintState, *, sequence: int = 1, at: datetime = MONDAY) -> VillageFact:
    """What the village said with this state."""
    kind = "created" if sequence == 1 else "amended"
    return VillageFact.of(state, sequence=sequence, type=f"puskesos.complaint.{kind}.v1", at=at)


def first_heard(state: ComplaintState, *, area: str = JAMBUDIPA, now: datetime = MONDAY) -> Moved:
    return open_handling(CASE, area, fact_of(state), state, rules=RULES, now=now)


def heard(handling: Handling, state: ComplaintState, *, at: datetime, sequence: int | None = None) -> Moved:
    """The next thing the village says, unless `sequence` says that it is another."""
    sequence = sequence or latest_sequence(handling.village) + 1
    return hear_village(handling, fact_of(state, sequence=sequence, at=at), state, rules=RULES)


def assessed(**changes: Any) -> Handling:
    return first_heard(complaint(**changes)).handling


def recommended(*decisions: NeedDecision, **changes: Any) -> Handling:
    changes.setdefault("needs", tuple(decision.programme for decision in decisions or THE_STORY))
    return recommend(assessed(**changes), BACK_OFFICE, decisions or THE_STORY, rules=RULES, now=MONDAY).handling


def reviewed(*decisions: NeedDecision, **changes: Any) -> Handling:
    return review(recommended(*decisions, **changes), SUPERVISOR, Ruling.APPROVE, now=MONDAY).handling


def decided(
    *decisions: NeedDecision, rules: DistrictRules = RULES, new_id: NewId | None = None, **changes: Any
) -> Moved:
    ready = reviewed(*decisions, **changes)
    return decide(ready, MANAGER, Ruling.APPROVE, rules=rules, now=MONDAY, new_id=new_id or ids())


def topics(moved: Moved) -> list[str]:
    return [fact.topic for fact in moved.facts]


def overdue_clocks(handling: Handling, now: datetime) -> tuple[ClockName, ...]:
    return tuple(clock.name for clock in pending_clocks(handling) if clock.overdue(now))


def next_deadline(handling: Handling) -> datetime | None:
    """When something next has to be looked at; None: nothing can pass its deadline until the case moves."""
    clocks = [clock.due_at for clock in pending_clocks(handling)]
    return min(clocks + [referral.due_at for referral in unanswered_referrals(handling)], default=None)
