"""Clocks: started once, paused for the citizen only, kept through every change of limit."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.referral.domain.clocks import SAME_DAY, Clock, ClockName, Pause
from tests.unit.referral.builders import MONDAY, PLAIN_WEEK

DAY = timedelta(days=1)


def clock(limit: int = 3) -> Clock:
    return Clock.started(ClockName.HANDLING, MONDAY, limit, PLAIN_WEEK)


def waited(running: Clock, *waits: tuple[datetime, datetime | None]) -> Clock:
    """The clock after these waits for the citizen, each from and until."""
    return running.with_pauses(tuple(Pause(since=since, until=until) for since, until in waits), PLAIN_WEEK)


def at(day: int, hour: int) -> datetime:
    """A day of November 2026 and an hour of the office in Cianjur."""
    return datetime(2026, 11, day, hour, tzinfo=UTC) - timedelta(hours=7)


def test_a_clock_is_due_at_the_end_of_its_last_working_day() -> None:
    assert clock(3).due_at == at(26, 16)


def test_a_clock_is_overdue_only_after_its_deadline() -> None:
    assert not clock().overdue(at(26, 16))
    assert clock().overdue(at(26, 16) + timedelta(seconds=1))


def test_waiting_over_two_closings_moves_the_deadline_by_two_working_days() -> None:
    lasting = waited(clock(), (at(24, 10), None))
    assert lasting.due_at == at(26, 16)
    assert waited(lasting, (at(24, 10), at(26, 10))).due_at == at(30, 16)


def test_waiting_within_one_office_day_costs_nothing() -> None:
    assert waited(clock(), (at(24, 9), at(24, 15))).due_at == clock().due_at


def test_waiting_over_a_weekend_moves_nothing_but_the_friday_it_began_on() -> None:
    long = clock(10)
    assert waited(long, (at(27, 17), at(30, 8))).due_at == long.due_at
    assert waited(long, (at(27, 15), at(30, 8))).due_at == PLAIN_WEEK.due_after(long.due_at, 1)


def test_a_paused_clock_is_not_overdue_but_a_pause_after_the_deadline_saves_nothing() -> None:
    assert not waited(clock(), (at(25, 9), None)).overdue(at(30, 9))
    assert waited(clock(), (at(27, 9), None)).overdue(at(30, 9))


def test_another_limit_keeps_start_and_pauses() -> None:
    paused_once = waited(clock(14), (at(24, 10), at(25, 10)))
    hurried = paused_once.limited_to(3, PLAIN_WEEK)
    assert hurried.started_at == paused_once.started_at
    assert hurried.pauses == paused_once.pauses
    assert hurried.due_at == at(27, 16)
    assert hurried.limited_to(14, PLAIN_WEEK) == paused_once


def test_a_wait_that_began_before_the_clock_counts_from_its_start() -> None:
    waiting = waited(clock(), (at(20, 9), None))
    assert waiting.paused
    assert waiting.pauses[0].since == MONDAY
    assert waited(clock(), (at(19, 9), at(20, 9))) == clock()


def test_a_wait_that_becomes_known_late_counts_as_if_it_had_been_known() -> None:
    first, second = (at(24, 10), at(25, 10)), (at(26, 10), at(27, 10))
    assert waited(waited(clock(), second), first, second) == waited(clock(), first, second)


def test_a_round_that_turns_out_to_have_begun_earlier_is_due_earlier_and_never_later() -> None:
    late = Clock.started(ClockName.HANDLING, at(25, 9), 3, PLAIN_WEEK)
    assert late.started_by(MONDAY, PLAIN_WEEK) == clock(3)
    assert clock(3).started_by(at(25, 9), PLAIN_WEEK) == clock(3)


def test_a_breach_is_not_forgotten_when_the_limit_grows() -> None:
    breached = clock(1).breach(at(25, 9))
    assert breached.limited_to(14, PLAIN_WEEK).breached_at == at(25, 9)
    assert not breached.overdue(at(30, 9))


def test_a_stopped_clock_neither_pauses_nor_runs_out() -> None:
    stopped = clock().stop(at(24, 9))
    assert waited(stopped, (at(25, 9), None)) == stopped
    assert stopped.limited_to(1, PLAIN_WEEK) == stopped
    assert not stopped.overdue(at(30, 9))
    assert stopped.stop(at(27, 9)).stopped_at == at(24, 9)


def test_a_same_day_clock_paused_over_its_deadline_is_due_the_same_day_the_citizen_comes_back() -> None:
    fast = Clock.started(ClockName.FIRST_RESPONSE, MONDAY, SAME_DAY, PLAIN_WEEK)
    assert fast.due_at == at(23, 16)
    assert waited(fast, (at(23, 10), at(25, 9))).due_at == at(25, 16)


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=5), st.integers(1, 20))
def test_at_its_deadline_exactly_the_limit_has_elapsed_whatever_the_pauses(
    pauses: list[tuple[int, int]], limit: int
) -> None:
    """Elapsed and due are computed apart: counting what passed, and looking for when it will have passed."""
    moment = MONDAY
    waits = []
    for before, during in pauses:
        since = moment + timedelta(hours=before)
        moment = since + timedelta(hours=during)
        waits.append((since, moment))
    running = waited(clock(limit), *waits)
    assert running.elapsed(running.due_at, PLAIN_WEEK) == limit
    assert running.elapsed(running.due_at - timedelta(seconds=1), PLAIN_WEEK) == limit - 1
    assert running.due_at >= clock(limit).due_at
    assert running.started_at == MONDAY
