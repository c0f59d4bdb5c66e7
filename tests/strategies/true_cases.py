"""A true case: whatever people, agencies and time may do to one, told by those who would tell it.

Nothing here invents an event: a case is played in the house with random deeds, and the events are what the house told.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Protocol, TypeVar

from hypothesis import strategies as st

from contracts.events import FamilyProfile, NeedDecision
from contracts.vocabulary import (
    AgencyAnswer,
    Circumstance,
    ComplaintKind,
    Component,
    DecisionKind,
    DeliveryFailure,
    IntakeChannel,
    MembersBand,
    Outcome,
    RejectionReason,
    Sector,
    SubjectKind,
    Track,
)
from services.intake.domain.amending import Correction
from services.intake.domain.complaint import Move
from services.intake.domain.errors import IntakeRefusal
from services.intake.domain.rating import may_rate
from services.intake.domain.recording import Narrative
from services.notification.outcomes import NotNow, Undeliverable
from services.referral.domain.deciding import NEXT_MOVE, OfficeMove, Ruling
from services.referral.domain.errors import HandlingRefusal
from tests.strategies.house import MONDAY, SERVICES, House

PROGRAMMES = st.sampled_from(["pkh", "kip", "pbi_jk", "sembako", "kur"])
NEEDS = st.lists(PROGRAMMES, min_size=1, max_size=3, unique=True).map(tuple)
WHILES = st.one_of(
    st.sampled_from([timedelta(0), timedelta(milliseconds=1), timedelta(minutes=10)]),
    st.integers(1, 80).map(lambda hours: timedelta(hours=hours)),
    st.integers(3, 25).map(lambda days: timedelta(days=days)),
)
FAMILIES = st.builds(
    FamilyProfile,
    family_key=st.just("mother-of-jambudipa"),
    listed=st.just(True),
    decile=st.integers(1, 6),
    components=st.sampled_from([(), (Component.PUPIL,), (Component.PUPIL, Component.PREGNANT)]),
    circumstances=st.sampled_from(
        [(), (Circumstance.INSURANCE_INACTIVE,), (Circumstance.PKH_GRADUATED, Circumstance.RUNS_BUSINESS)]
    ),
    members_band=st.just(MembersBand.FOUR_TO_SIX),
    registry_period=st.just("2026-Q3"),
)
CORRECTIONS = st.one_of(
    st.builds(Correction, family=FAMILIES),
    st.builds(Correction, needs=NEEDS),
    st.builds(Correction, sector=st.sampled_from(Sector)),
    st.just(Correction(fast_track=True, fast_track_cause="danger")),
    st.just(Correction(fast_track=False)),
)
MAIL_SERVER = st.sampled_from(
    [None, None, NotNow("the mail server is away"), Undeliverable(DeliveryFailure.NO_CHANNEL)]
)


@st.composite
def houses(draw: st.DrawFn) -> House:
    """A house in which a case was just recorded, and nobody else has heard of it."""
    fast = draw(st.booleans())
    kind = draw(st.sampled_from([ComplaintKind.PARTICIPATION, ComplaintKind.GRIEVANCE, ComplaintKind.ENQUIRY]))
    moment = MONDAY + timedelta(hours=draw(st.integers(0, 24 * 40)))
    narrative = Narrative(
        kind=kind,
        sector=draw(st.sampled_from(Sector)),
        subject_kind=SubjectKind.FAMILY,
        needs=draw(NEEDS),
        channel=IntakeChannel.HOME_VISIT,
        fast_track=fast,
        fast_track_cause="danger" if fast else None,
        story="she says it in her own words",
        missing_documents=draw(st.sampled_from([(), ("family_card",)])),
        occurred_at=moment,
    )
    return House(narrative, draw(FAMILIES), now=moment)


T = TypeVar("T")


class Draw(Protocol):
    """How a step asks for what is left to chance: `st.DrawFn`, or `draw` of `st.data()`."""

    def __call__(self, strategy: st.SearchStrategy[T], /) -> T: ...


Step = Callable[[Draw, House], None]


def time_passes(draw: Draw, house: House) -> None:
    house.now += draw(WHILES)


def village_acts(draw: Draw, house: House) -> None:
    complaint = house.village.kept.complaint
    if may_rate(complaint) and draw(st.booleans()):
        house.rates(draw(st.integers(1, 5)))
        return
    moves = complaint.possible_moves
    if not moves:
        return
    # Ends are rare, else no case would live to see an agency.
    move = draw(st.sampled_from(moves))
    if move in (Move.ANSWER, Move.WITHDRAW) and draw(st.integers(0, 3)) > 0:
        return
    deeds: dict[Move, Callable[[], None]] = {
        Move.COMPLETE_DOCUMENTS: house.completes_documents,
        Move.STOP_WAITING: house.stops_waiting,
        Move.WAIT_FOR_CITIZEN: house.awaits_citizen,
        Move.CORRECT_FACTS: lambda: house.corrects(draw(CORRECTIONS)),
        Move.ANSWER: house.answers_at_desk,
        Move.WITHDRAW: house.withdraws,
        Move.CONFIRM: house.confirms,
        Move.REOPEN: house.reopens,
    }
    try:
        deeds[move]()
    except IntakeRefusal:
        return


def citizen_answers_the_resolution(draw: Draw, house: House) -> None:
    if house.village.kept.complaint.resolved:
        village_acts(draw, house)


def office_acts(draw: Draw, house: House) -> None:
    """The one move that is legal now, mostly approving; by somebody else than who drafted."""
    if house.district.document is None:
        return
    handling = house.district.document.handling
    move = NEXT_MOVE.get(handling.status)
    ruling = Ruling.RETURN if draw(st.integers(0, 9)) == 9 else Ruling.APPROVE
    try:
        if move is OfficeMove.RECOMMENDATION:
            house.recommends(drafted(draw, house))
        elif move is OfficeMove.REVIEW:
            house.reviews(ruling)
        elif move is OfficeMove.DECISION:
            house.decides(ruling)
    except HandlingRefusal:
        return


def office_finishes(draw: Draw, house: House) -> None:
    for _ in range(3):
        office_acts(draw, house)


def drafted(draw: Draw, house: House) -> tuple[NeedDecision, ...]:
    handling = house.district.kept.handling
    tracks = {match.programme: match.track for match in handling.matches}
    wanted = [*handling.complaint.needs]
    wanted += [match.programme for match in handling.matches if match.programme not in wanted and draw(st.booleans())]
    return tuple(
        NeedDecision(programme=programme, decision=DecisionKind.REFUSE, reason="not_eligible")
        if draw(st.integers(0, 4)) == 4
        else NeedDecision(
            programme=programme,
            decision=DecisionKind.REFER if tracks[programme] is Track.REFERRAL else DecisionKind.PROPOSE,
        )
        for programme in wanted
    )


def agency_acts(draw: Draw, house: House) -> None:
    """The agency of a referral answers, through either door, mostly something that counts."""
    if house.district.document is None or not house.district.document.handling.referrals:
        return
    handling = house.district.document.handling
    referral = draw(st.sampled_from(handling.open_referrals or handling.referrals))
    likely = AgencyAnswer.ACCEPTED if referral.unanswered else AgencyAnswer.COMPLETED
    answer = draw(st.sampled_from([likely, likely, likely, *AgencyAnswer]))
    reason = draw(st.sampled_from(RejectionReason)) if answer is AgencyAnswer.REJECTED else None
    outcome = draw(st.sampled_from(Outcome)) if answer is AgencyAnswer.COMPLETED else None
    if draw(st.booleans()):
        house.agency_answers_by_kafka(referral.referral_id, answer, reason, outcome)
        return
    try:
        house.agency_answers_by_api(referral.referral_id, answer, reason, outcome)
    except HandlingRefusal:
        return


def somebody_hears(draw: Draw, house: House) -> None:
    """One waiting fact reaches one service: of each topic the oldest first, but any topic."""
    services = [service for service in SERVICES if house.waiting[service]]
    if services:
        service = draw(st.sampled_from(services))
        house.hears(service, draw(st.sampled_from(house.heads(service))))


def two_offices_hear_all(_draw: Draw, house: House) -> None:
    for service in ("referral", "intake"):
        house.hears_all(service)


def everybody_hears(_draw: Draw, house: House) -> None:
    house.everybody_hears_everything()


def deadlines_pass(_draw: Draw, house: House) -> None:
    house.clocks_fire()


def letters_go(draw: Draw, house: House) -> None:
    house.now += timedelta(seconds=draw(st.integers(0, 100)))
    house.letters_go_out(draw(MAIL_SERVER), draw(st.integers(1, 20)))


def letters_are_given_up(draw: Draw, house: House) -> None:
    house.letters_are_given_up(draw(st.integers(0, 3)))


STEPS: tuple[Step, ...] = (
    two_offices_hear_all,
    office_finishes,
    agency_acts,
    village_acts,
    time_passes,
    deadlines_pass,
    somebody_hears,
    somebody_hears,
    office_acts,
    citizen_answers_the_resolution,
    letters_go,
    letters_are_given_up,
    everybody_hears,
)


@st.composite
def true_cases(draw: st.DrawFn, longest: int = 30) -> House:
    """A case that was played for some steps. What was told and not yet heard by everybody stays on its way."""
    house = draw(houses())
    for step in draw(st.lists(st.sampled_from(STEPS), min_size=longest // 2, max_size=longest)):
        step(draw, house)
    return house
