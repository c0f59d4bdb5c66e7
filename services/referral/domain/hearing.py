"""What the village says of a case, and what it means for the handling."""

from datetime import datetime

from contracts.events import ComplaintState
from contracts.vocabulary import ComplaintKind, ComplaintStatus, HandlingStatus
from services.referral.domain.clocks import Clock, ClockName, handling_clock
from services.referral.domain.deciding import match_anew
from services.referral.domain.errors import ConductNotHandledHere, IllegalMove
from services.referral.domain.handling import ENDED, Handling
from services.referral.domain.moves import Moved
from services.referral.domain.rules import DistrictRules

BEFORE_DECISION = frozenset({HandlingStatus.ASSESSED, HandlingStatus.RECOMMENDED, HandlingStatus.REVIEWED})


def open_handling(case_id: str, area: str, complaint: ComplaintState, *, rules: DistrictRules, now: datetime) -> Moved:
    """Opens the district's side when a case is first heard of, in whatever state that is.

    Clocks start when the village recorded the case, so that days without signal are the office's and not the
    citizen's. Tells nothing yet: `assess` does. Raises ConductNotHandledHere.
    """
    if complaint.kind is ComplaintKind.CONDUCT:
        raise ConductNotHandledHere
    names = (ClockName.FIRST_RESPONSE, handling_clock(complaint.kind))
    handling = Handling(
        case_id=case_id,
        area=area,
        status=HandlingStatus.OPENED,
        round=complaint.round,
        opened_at=now,
        complaint=complaint,
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
    return Moved(_followed(handling, rules, now))


def hear_complaint(handling: Handling, complaint: ComplaintState, *, rules: DistrictRules, now: datetime) -> Moved:
    """Takes over a newer state of the complaint (the caller has checked that it is newer). `now` is the
    moment of the village's fact, not of hearing it.

    A state of a later round reopens the case, whichever event brought it. Corrected needs or facts about
    the family match the programmes anew, and a recommendation drafted on the old facts is dropped:
    CaseAssessed is told. Raises UnknownProgramme; IllegalMove when a case is reopened that has not ended.
    """
    if complaint.round < handling.round:
        return Moved(handling)
    before = handling.complaint
    if complaint.round > handling.round:
        return Moved(_followed(_reopened(handling, complaint, rules, now), rules, now))
    handling = handling.but(complaint=complaint)
    if before.fast_track != complaint.fast_track:
        handling = _limited_anew(handling, rules)
    handling = _followed(handling, rules, now)
    facts_changed = (before.needs, before.family) != (complaint.needs, complaint.family)
    if facts_changed and handling.status in BEFORE_DECISION:
        return match_anew(handling, rules)
    return Moved(handling)


def _followed(handling: Handling, rules: DistrictRules, now: datetime) -> Handling:
    """The handling, brought in line with the complaint it holds."""
    complaint = handling.complaint
    if handling.ended:
        return handling
    if complaint.status in (ComplaintStatus.ANSWERED, ComplaintStatus.CLOSED):
        return _stopped(handling, HandlingStatus.ENDED_IN_VILLAGE, complaint.ended_at or now)
    if complaint.status is ComplaintStatus.WITHDRAWN:
        return _stopped(handling, HandlingStatus.WITHDRAWN, complaint.ended_at or now)
    handling = handling.with_clocks(
        lambda clock: (
            clock.limited_to(rules.limits.of(clock.name, fast_track=complaint.fast_track), rules.calendar)
            if clock.name is not ClockName.VERIFICATION
            else clock
        )
    )
    if complaint.status is ComplaintStatus.WAITING_FOR_CITIZEN:
        since = complaint.waiting_since or now
        return handling.with_clocks(lambda clock: clock.pause(since))
    return handling.with_clocks(lambda clock: clock.resume(now, rules.calendar))


def _limited_anew(handling: Handling, rules: DistrictRules) -> Handling:
    """The fast track was given or taken away: the same time runs against another limit."""
    fast_track = handling.complaint.fast_track
    return handling.with_clocks(
        lambda clock: clock.limited_to(rules.limits.of(clock.name, fast_track=fast_track), rules.calendar)
    )


def _stopped(handling: Handling, status: HandlingStatus, at: datetime) -> Handling:
    return handling.but(status=status).with_clocks(lambda clock: clock.stop(at))


def _reopened(handling: Handling, complaint: ComplaintState, rules: DistrictRules, now: datetime) -> Handling:
    """A new round for whoever handled the case last, with a clock of its own; what was tried stays
    readable.
    """
    if not handling.ended:
        raise IllegalMove("reopen", handling.status, ENDED)
    name = handling_clock(complaint.kind)
    clock = Clock.started(
        name,
        now,
        rules.limits.of(name, fast_track=complaint.fast_track),
        rules.calendar,
        round=complaint.round,
    )
    return handling.but(
        status=HandlingStatus.ASSESSED if handling.matches else HandlingStatus.OPENED,
        round=complaint.round,
        complaint=complaint,
        clocks=(*handling.clocks, clock),
        recommendation=None,
        decisions=(),
        resolution=None,
    )
