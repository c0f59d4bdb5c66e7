"""Deadlines that passed: a breached clock passes the case up a tier by itself (domain.md section 6)."""

from datetime import datetime

from contracts.events import CaseEscalated
from contracts.vocabulary import EscalationCause
from services.referral.domain.areas import tier_above
from services.referral.domain.clocks import Clock, ClockName
from services.referral.domain.errors import NotYetDue, UnknownClock
from services.referral.domain.handling import Handling
from services.referral.domain.moves import Moved, told
from services.referral.domain.referral import Referral


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


def pending_clocks(handling: Handling) -> tuple[Clock, ...]:
    """Clocks of this round that can still be breached: each wants to be looked at when it is due."""
    return () if handling.ended else tuple(clock for clock in handling.clocks_of_round if clock.pending)


def unanswered_referrals(handling: Handling) -> tuple[Referral, ...]:
    """Referrals that expire unless their agency accepts or rejects by `due_at`.

    None while the citizen is waited for: what the agency asked for may be what is missing.
    """
    if handling.waits_for_citizen:
        return ()
    return tuple(referral for referral in handling.open_referrals if referral.unanswered)


def _clock(handling: Handling, name: ClockName) -> Clock:
    for clock in handling.clocks_of_round:
        if clock.name is name:
            return clock
    raise UnknownClock(name.value)
