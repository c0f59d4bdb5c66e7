"""Every deadline that runs is watched, and time stands still only while the citizen is waited for.

A deadline passes because a row of work says when to look; without the row a case would wait for ever. Which day a
deadline falls on is not judged: that takes the working calendar, which property tests compare with a slow one.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from audit.documents import Clock, Complaint, Handling, Wait
from audit.evidence import Evidence, Findings
from audit.facts import Fact
from audit.holdings import Shelf
from audit.rebuilt import RebuiltCase
from contracts.vocabulary import ComplaintStatus, HandlingStatus, ReferralStatus

CLOCK, AGENCY_ANSWER, SILENCE = "clock", "agency-answer", "close-silent-case"
LOOKED_AT_WITHIN = timedelta(seconds=1)
OVER = frozenset({HandlingStatus.RESOLVED, HandlingStatus.ENDED_IN_VILLAGE, HandlingStatus.WITHDRAWN})
ALIVE = frozenset({ComplaintStatus.OPEN, ComplaintStatus.WAITING_FOR_CITIZEN})
UNTIL_RESOLVED = frozenset({"handling", "enquiry"})
LATE = "case_late"

Rows = dict[str, datetime]


def every_deadline_is_watched(evidence: Evidence, findings: Findings) -> None:
    holdings = evidence.holdings
    at_the_district: Rows = {}
    set_aside = _cases_set_aside(evidence)
    late = Counter(fact.case for fact in evidence.facts if fact.message == LATE)
    for handling in holdings.handlings.values():
        at_the_district.update(_deadlines_of(handling))
        rebuilt = evidence.facts.cases.get(handling.id)
        if rebuilt is not None and handling.id not in set_aside:
            findings.count("clocks", len(handling.handling.clocks))
            for difference in _clocks_differ(handling, rebuilt, late[handling.id]):
                findings.breach(f"referral, case {handling.id}: {difference}")
    in_the_village: Rows = {}
    for complaint in holdings.complaints.values():
        in_the_village.update(_silence_of(complaint))
    _watched(holdings.shelves["referral"], (CLOCK, AGENCY_ANSWER), at_the_district, findings)
    _watched(holdings.shelves["intake"], (SILENCE,), in_the_village, findings)


def _watched(shelf: Shelf, kinds: tuple[str, ...], wanted: Rows, findings: Findings) -> None:
    rows = {key: due for key, due in shelf.work.items() if key.partition(":")[0] in kinds}
    findings.count("deadlines", len(wanted))
    for key in sorted(wanted.keys() | rows.keys()):
        if key not in rows:
            findings.breach(f"{shelf.service}: no row of work watches the deadline {key}")
        elif key not in wanted:
            findings.breach(f"{shelf.service}: the row of work {key} watches a deadline that does not run")
        elif not wanted[key] <= rows[key] <= wanted[key] + LOOKED_AT_WITHIN:
            findings.breach(f"{shelf.service}: the row of work {key} looks at another moment than the deadline's")


def _deadlines_of(case: Handling) -> Iterator[tuple[str, datetime]]:
    handling = case.handling
    if handling.status in OVER:
        return
    for clock in handling.clocks:
        if clock.round == handling.round and _runs(clock):
            yield f"{CLOCK}:{case.id}:{clock.name}:{clock.round}", clock.due_at
    if handling.complaint.status is not ComplaintStatus.WAITING_FOR_CITIZEN:
        for referral in handling.referrals:
            if referral.status is ReferralStatus.ISSUED:
                yield f"{AGENCY_ANSWER}:{referral.referral_id}", referral.due_at


def _runs(clock: Clock) -> bool:
    """Neither stopped nor breached, nor standing still since before its deadline."""
    if clock.stopped_at is not None or clock.breached_at is not None:
        return False
    lasting = [wait for wait in clock.pauses if wait.until is None]
    return not lasting or lasting[-1].since > clock.due_at


def _silence_of(case: Complaint) -> Iterator[tuple[str, datetime]]:
    resolution = case.handling.resolution if case.handling else None
    if resolution and case.complaint.status in ALIVE and resolution.round == case.complaint.round:
        yield f"{SILENCE}:{case.id}", resolution.reopen_until


def _clocks_differ(case: Handling, rebuilt: RebuiltCase, told_late: int) -> Iterator[str]:
    clocks = case.handling.clocks
    breached = sum(clock.breached_at is not None for clock in clocks)
    if breached != told_late:
        yield f"{breached} clocks were breached, {told_late} breaches were told"
    waits = list(_waits(rebuilt))
    for clock in clocks:
        if list(_within(clock.pauses, clock)) != list(_within(waits, clock)):
            yield f"the clock {clock.name} of round {clock.round} stood still at other times than the wait"
    opening = min((clock.round for clock in clocks), default=0)
    rounds = Counter(clock.round for clock in clocks if clock.name in UNTIL_RESOLVED)
    if rounds.keys() != {clock.round for clock in clocks} or any(number > 1 for number in rounds.values()):
        yield "a round has not exactly one clock until it is resolved"
    for clock in clocks:
        if clock.name not in UNTIL_RESOLVED:
            continue
        began = min((word.at for word in rebuilt.village.values() if word.round == clock.round), default=None)
        if clock.round == opening and rebuilt.complaint is not None:
            began = rebuilt.complaint.recorded_at
        if began is not None and clock.started_at != began:
            yield f"the clock {clock.name} of round {clock.round} did not start when the round began"


def _waits(rebuilt: RebuiltCase) -> Iterator[Wait]:
    """From the fact that says so to the next one that does not, in the village's order."""
    since: datetime | None = None
    over: datetime | None = None
    for word in rebuilt.village_in_order:
        if word.waiting_since is not None and since is None:
            since = max(word.waiting_since, over) if over else word.waiting_since
        elif word.waiting_since is None and since is not None:
            over = max(word.at, since)
            yield Wait(since=since, until=over)
            since = None
    if since is not None:
        yield Wait(since=since)


def _within(waits: Iterable[Wait], clock: Clock) -> Iterator[Wait]:
    """What of these waits fell into the life of a clock."""
    for wait in waits:
        since = max(wait.since, clock.started_at)
        ends = [end for end in (wait.until, clock.stopped_at) if end is not None]
        if not ends or min(ends) >= since:
            yield Wait(since=since, until=min(ends, default=None))


def _cases_set_aside(evidence: Evidence) -> set[str]:
    letters = evidence.holdings.shelves["referral"].letters

    def dead(fact: Fact) -> bool:
        return fact.is_read_by("referral") and all(str(copy.place) in letters for copy in fact.copies)

    return {fact.case for fact in evidence.facts if dead(fact)}
