"""What the village says of a case, and what it means for the handling.

Facts may be heard in any order and lead to the same handling: the state of the newest counts, and what time
the citizen cost is computed from all of them.
"""

from datetime import datetime

from contracts.events import CaseAssessed, ComplaintState
from contracts.vocabulary import ComplaintKind, ComplaintStatus, HandlingStatus, Tier
from services.referral.domain.clocks import Clock, ClockName, handling_clock
from services.referral.domain.errors import ConductNotHandledHere, IllegalMove
from services.referral.domain.handling import ENDED, Handling
from services.referral.domain.moves import Moved, told
from services.referral.domain.rules import DistrictRules
from services.referral.domain.village import VillageFact, latest_sequence, pauses_of, round_began, with_fact

BEFORE_DECISION = frozenset(
    {HandlingStatus.OPENED, HandlingStatus.ASSESSED, HandlingStatus.RECOMMENDED, HandlingStatus.REVIEWED}
)
ENDS_HERE = {
    ComplaintStatus.ANSWERED: HandlingStatus.ENDED_IN_VILLAGE,
    ComplaintStatus.CLOSED: HandlingStatus.ENDED_IN_VILLAGE,
    ComplaintStatus.WITHDRAWN: HandlingStatus.WITHDRAWN,
}
"""What ends in the village ends here; a case that the district has resolved stays resolved."""


def open_handling(
    case_id: str, area: str, fact: VillageFact, complaint: ComplaintState, *, rules: DistrictRules, now: datetime
) -> Moved:
    """Opens the district's side when a case is first heard of, in whatever state that is, and matches its needs.

    Clocks start when the village recorded the case, so that days without signal are the office's and not the
    citizen's. Tells CaseAssessed, unless the case has ended already. Raises ConductNotHandledHere.
    """
    if complaint.kind is ComplaintKind.CONDUCT:
        raise ConductNotHandledHere
    names = (ClockName.FIRST_RESPONSE, handling_clock(complaint.kind))
    opened = Handling(
        case_id=case_id,
        area=area,
        status=HandlingStatus.OPENED,
        round=complaint.round,
        opened_at=now,
        complaint=complaint,
        village=(fact,),
        clocks=tuple(
            Clock.started(
                name,
                complaint.recorded_at,
                rules.limits.of(name, fast_track=complaint.fast_track),
                rules.calendar,
                round=complaint.round,
            )
            for name in names
        ),
    )
    return _following_village(opened, rules, match=True)


def hear_village(handling: Handling, fact: VillageFact, complaint: ComplaintState, *, rules: DistrictRules) -> Moved:
    """Takes over what the village says now. A fact older than one heard before moves no state back.

    A state of a later round reopens the case, whichever event brought it. Needs or facts about the family that
    changed before a decision match the programmes anew, and a recommendation drafted on the old ones is dropped:
    CaseAssessed is told. Raises IllegalMove when a case is reopened that has not ended.
    """
    newer = fact.sequence > latest_sequence(handling.village) and complaint.round >= handling.round
    handling = handling.but(village=with_fact(handling.village, fact))
    if not newer:
        return _following_village(handling, rules, match=False)
    if complaint.round > handling.round:
        return _following_village(_reopened(handling, complaint, rules, fact.at), rules, match=True)
    before = handling.complaint
    facts_changed = (before.needs, before.family) != (complaint.needs, complaint.family)
    undecided = handling.status in BEFORE_DECISION
    return _following_village(handling.but(complaint=complaint), rules, match=facts_changed and undecided)


def _following_village(handling: Handling, rules: DistrictRules, *, match: bool) -> Moved:
    """The handling with the clocks, the end and, if asked, the matches that the village's facts lead to."""
    complaint = handling.complaint
    if not handling.ended:
        handling = handling.with_clocks(lambda clock: _limited(clock, complaint, rules))
    if not handling.ended and complaint.status in ENDS_HERE:
        ended_at = complaint.ended_at or handling.village[-1].at
        handling = handling.but(status=ENDS_HERE[complaint.status]).with_clocks(lambda clock: clock.stop(ended_at))
    handling = _in_village_time(handling, rules)
    if not match:
        return Moved(handling)
    matches = rules.catalogue.match(complaint.needs, complaint.family)
    # A recommendation drafted on yesterday's facts is dropped.
    handling = handling.but(matches=matches, recommendation=None)
    if handling.ended:
        return Moved(handling)
    return told(handling.but(status=HandlingStatus.ASSESSED), (lambda state: CaseAssessed(handling=state),))


def _in_village_time(handling: Handling, rules: DistrictRules) -> Handling:
    """Clocks and agencies' deadlines with every wait for the citizen that is known by now; the clock of a reopened
    round from its start.
    """
    waits = pauses_of(handling.village)
    began = round_began(handling.village, handling.round) if handling.round else None
    reopening = handling_clock(handling.complaint.kind)

    def in_time(clock: Clock) -> Clock:
        if began is not None and clock.round == handling.round and clock.name is reopening:
            clock = clock.started_by(began, rules.calendar)
        return clock.with_pauses(waits, rules.calendar)

    limit = rules.limits.agency_answer
    return handling.but(
        clocks=tuple(in_time(clock) for clock in handling.clocks),
        referrals=tuple(referral.with_pauses(waits, limit, rules.calendar) for referral in handling.referrals),
    )


def _limited(clock: Clock, complaint: ComplaintState, rules: DistrictRules) -> Clock:
    """The same time against today's limit: the fast track was given or taken away, or the district changed it."""
    if clock.name is ClockName.VERIFICATION:
        return clock
    return clock.limited_to(rules.limits.of(clock.name, fast_track=complaint.fast_track), rules.calendar)


def _reopened(handling: Handling, complaint: ComplaintState, rules: DistrictRules, at: datetime) -> Handling:
    """A new round for whoever handled the case last, with a clock of its own; what was tried stays
    readable.
    """
    if not handling.ended:
        raise IllegalMove("reopen", handling.status, ENDED)
    name = handling_clock(complaint.kind)
    clock = Clock.started(
        name,
        at,
        rules.limits.of(name, fast_track=complaint.fast_track),
        rules.calendar,
        round=complaint.round,
    )
    return handling.but(
        status=HandlingStatus.ASSESSED,
        round=complaint.round,
        # The new round is the district's again, whoever above it held the last one.
        tier=Tier.DISTRICT,
        complaint=complaint,
        clocks=(*handling.clocks, clock),
        recommendation=None,
        decisions=(),
        resolution=None,
    )
