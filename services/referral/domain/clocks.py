"""Clocks: how long something may take, what stops the time, and when it was too long.

A clock starts when the case is recorded, is never reset by an edit, keeps its elapsed and paused time
through every change of limit, and pauses only while waiting for the citizen (domain.md section 6).

Time is counted in ends of working days: a day has passed when the office closes on it while the clock runs.
A pause from one day's morning to its afternoon therefore costs nothing, and one over two closings adds two
days.
"""

from datetime import date, datetime
from enum import StrEnum

from pydantic import Field

from contracts.events import ClockState
from contracts.fields import Area, Code, UtcTime
from contracts.vocabulary import ComplaintKind
from services.referral.domain.calendar import WorkingCalendar
from services.referral.domain.value import Value

SAME_DAY = 0
"""The limit of a fast-track first answer: the same working day, late in the day the next morning."""


class ClockName(StrEnum):
    FIRST_RESPONSE = "first_response"
    """Until a person of the district has looked at the case and drafted what to do."""
    HANDLING = "handling"
    ENQUIRY = "enquiry"
    """In the place of handling, for a case that only asks."""
    VERIFICATION = "verification"
    """From the first recommendation of a round until the manager has decided."""


class Limits(Value):
    """A district's limits in working days, in force from a date until the next entry."""

    area: Area
    valid_from: date
    source: str
    verified: bool
    first_response: int = Field(ge=0)
    enquiry: int = Field(ge=1)
    verification: int = Field(ge=1)
    agency_answer: int = Field(ge=1)
    handling: int = Field(ge=1)
    reopening: int = Field(ge=1)
    examination: int = Field(ge=1)
    fast_track_handling: int = Field(ge=1)

    def of(self, name: ClockName, *, fast_track: bool) -> int:
        """The limit of a clock in working days; SAME_DAY for a fast-track first response."""
        if fast_track and name is ClockName.FIRST_RESPONSE:
            return SAME_DAY
        if fast_track and name in (ClockName.HANDLING, ClockName.ENQUIRY):
            return self.fast_track_handling
        return {
            ClockName.FIRST_RESPONSE: self.first_response,
            ClockName.HANDLING: self.handling,
            ClockName.ENQUIRY: self.enquiry,
            ClockName.VERIFICATION: self.verification,
        }[name]


def handling_clock(kind: ComplaintKind) -> ClockName:
    """The clock that runs until the case is resolved."""
    return ClockName.ENQUIRY if kind is ComplaintKind.ENQUIRY else ClockName.HANDLING


class Pause(Value):
    since: UtcTime
    until: UtcTime | None = None

    def covers(self, moment: datetime) -> bool:
        return self.since <= moment and (self.until is None or moment < self.until)

    def within(self, start: datetime, end: datetime | None) -> "Pause | None":
        """The part of it between two moments; None when there is none. `end` None: still going on."""
        since = max(self.since, start)
        until = self.until
        if end is not None:
            until = end if until is None else min(until, end)
        return None if until is not None and until < since else Pause(since=since, until=until)


def pauses_within(waits: tuple[Pause, ...], start: datetime, end: datetime | None) -> tuple[Pause, ...]:
    """What of these waits lies between two moments: only that stops what runs there."""
    return tuple(pause for wait in waits if (pause := wait.within(start, end)) is not None)


class Clock(Value):
    """One deadline of one round. `due_at` follows from start, limit and ended pauses, and is kept for
    queries.
    """

    name: ClockName
    round: int = Field(ge=0)
    started_at: UtcTime
    limit: int = Field(ge=0)
    """Working days; SAME_DAY is 0."""
    due_at: UtcTime
    pauses: tuple[Pause, ...] = ()
    breached_at: UtcTime | None = None
    stopped_at: UtcTime | None = None

    @classmethod
    def started(
        cls,
        name: ClockName,
        at: datetime,
        limit: int,
        calendar: WorkingCalendar,
        *,
        round: int = 0,  # noqa: A002
    ) -> "Clock":
        return cls(name=name, round=round, started_at=at, limit=limit, due_at=due_with(at, limit, (), calendar))

    @property
    def paused(self) -> bool:
        return self.stopped_at is None and bool(self.pauses) and self.pauses[-1].until is None

    def with_pauses(self, waits: tuple[Pause, ...], calendar: WorkingCalendar) -> "Clock":
        """The clock as it stands after these waits for the citizen, however late they became known.

        It waited only while it ran: what lies before its start or after its stop does not count. The deadline
        moves by the working days that ended in the waits that are over; of one that lasts it moves afterwards.
        """
        pauses = pauses_within(waits, self.started_at, self.stopped_at)
        if pauses == self.pauses:
            return self
        return self.but(pauses=pauses, due_at=due_with(self.started_at, self.limit, pauses, calendar))

    def started_by(self, at: datetime, calendar: WorkingCalendar) -> "Clock":
        """The same clock, started at the earlier moment at which its round turns out to have begun."""
        if at >= self.started_at:
            return self
        return self.but(started_at=at, due_at=due_with(at, self.limit, self.pauses, calendar))

    def limited_to(self, limit: int, calendar: WorkingCalendar) -> "Clock":
        """Another limit for the same time: start, pauses and an earlier breach stay."""
        if self.stopped_at is not None or limit == self.limit:
            return self
        return self.but(limit=limit, due_at=due_with(self.started_at, limit, self.pauses, calendar))

    def stop(self, at: datetime) -> "Clock":
        """What it measured is reached."""
        return self if self.stopped_at is not None else self.but(stopped_at=max(at, self.started_at))

    @property
    def pending(self) -> bool:
        """Whether it will be breached at its deadline if nothing happens. A pause that began after the deadline
        saves nothing.
        """
        if self.stopped_at is not None or self.breached_at is not None:
            return False
        return not self.paused or self.pauses[-1].since > self.due_at

    def overdue(self, now: datetime) -> bool:
        """Whether the deadline has passed unnoticed."""
        return self.pending and now > self.due_at

    def breach(self, at: datetime) -> "Clock":
        return self.but(breached_at=at)

    def elapsed(self, now: datetime, calendar: WorkingCalendar) -> int:
        """Working days that have passed while it ran."""
        end = min(now, self.stopped_at) if self.stopped_at else now
        return sum(1 for closing in _closings(self.started_at, end, calendar) if not _paused_at(closing, self.pauses))

    def public(self) -> ClockState:
        return ClockState(
            name=_code(self.name),
            due_at=self.due_at,
            paused=self.paused,
            breached=self.breached_at is not None,
        )


def due_with(start: datetime, limit: int, pauses: tuple[Pause, ...], calendar: WorkingCalendar) -> datetime:
    """The end of the `limit`-th working day after the day of `start` that did not end in a pause that is over."""
    pauses = _ended(pauses)
    if limit == SAME_DAY:
        due = calendar.due_same_day(start)
        for pause in pauses:
            if pause.until is not None and pause.covers(due):
                due = calendar.due_same_day(pause.until)
        return due
    day = calendar.local_day(start)
    counted = 0
    while True:
        day = calendar.first_working_day_after(day)
        closing = calendar.closing(day)
        if not _paused_at(closing, pauses):
            counted += 1
        if counted == limit:
            return closing


def _closings(start: datetime, end: datetime, calendar: WorkingCalendar) -> list[datetime]:
    day = calendar.local_day(start)
    closings = []
    while (closing := calendar.closing(day := calendar.first_working_day_after(day))) <= end:
        closings.append(closing)
    return closings


def _ended(pauses: tuple[Pause, ...]) -> tuple[Pause, ...]:
    return tuple(pause for pause in pauses if pause.until is not None)


def _paused_at(moment: datetime, pauses: tuple[Pause, ...]) -> bool:
    return any(pause.covers(moment) for pause in pauses)


def _code(name: ClockName) -> Code:
    return name.value
