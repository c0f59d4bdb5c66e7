"""Deadlines that passed: a breached clock passes the case up a tier by itself (domain.md section 6)."""

from datetime import datetime

from contracts.events import CaseEscalated
from contracts.vocabulary import EscalationCause
from services.referral.domain.areas import tier_above
from services.referral.domain.clocks import Clock, ClockName
from services.referral.domain.errors import NotYetDue, UnknownClock
from services.referral.domain.handling import Handling
from services.referral.domain.moves import Moved, told


def breach_clock(handling: Handling, name: ClockName, now: datetime) -> Moved:
    """Marks the clock of this round breached and passes the case up a tier; each clock does so once.

    At the ministry's tier there is nothing above: the case stays, and the breach is told all the same, to
    be counted. Tells CaseEscalated. Raises UnknownClock; NotYetDue when it was stopped, moved or breached
    meanwhile.
    """
    clock = _clock(handling, name)
    if handling.ended or not clock.overdue(now):
        raise NotYetDue(f"the clock {name.value}")
    tier = tier_above(handling.tier)
    breached = handling.but(tier=tier).with_clocks(lambda one: one.breach(now), name)
    return told(
        breached,
        (
            lambda state: CaseEscalated(
                cause=EscalationCause.BREACHED_CLOCK, clock=name.value, to_tier=tier, handling=state
            ),
        ),
    )


def overdue_clocks(handling: Handling, now: datetime) -> tuple[ClockName, ...]:
    """Clocks of this round whose deadline has passed and was not yet noticed."""
    if handling.ended:
        return ()
    return tuple(clock.name for clock in handling.clocks_of_round if clock.overdue(now))


def next_deadline(handling: Handling) -> datetime | None:
    """When something next has to be looked at: the earliest deadline of a clock or an unanswered referral.

    None: nothing can pass its deadline until the case moves. A worker asks for the handlings whose next
    deadline has come.
    """
    if handling.ended:
        return None
    running = [one.due_at for one in handling.clocks_of_round if one.running and one.breached_at is None]
    unanswered = [one.due_at for one in handling.open_referrals if one.answered_at is None]
    return min(running + unanswered, default=None)


def _clock(handling: Handling, name: ClockName) -> Clock:
    for clock in handling.clocks_of_round:
        if clock.name is name:
            return clock
    raise UnknownClock(name.value)
