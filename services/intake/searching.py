"""Finding people and their cases at the window, and the day's work: what the pages read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chassis.area import Scope
from chassis.store import Condition, Order, Page, Store, equals, one_of
from contracts.vocabulary import ComplaintStatus
from services.intake.domain.local_day import start_of_day
from services.intake.next_step import due_of
from services.intake.store import (
    COMPLAINTS,
    FAMILIES,
    LARGEST_FAMILY,
    PERSONS,
    StoredComplaint,
    StoredFamily,
    StoredPerson,
    spoken_name,
)

AFTER_ALL_LETTERS = "\U0010ffff"
SHORTEST_PREFIX = 2
MOST_FOUND = 50
"""Also as many ids as the embedded database compares quickly."""
MOST_OPEN = 200
SOON = timedelta(days=2)


@dataclass(frozen=True)
class Line:
    """A case in a list, with the person it was recorded for."""

    stored: StoredComplaint
    reporter: StoredPerson | None


@dataclass(frozen=True)
class Day:
    """The window's day: who came, who is waited for, whose word is awaited, what is due."""

    recorded: tuple[Line, ...]
    recorded_count: int
    recorded_more: str | None
    """Cursor of the next page of today's cases."""
    waiting: tuple[Line, ...]
    answered: tuple[Line, ...]
    """Resolved by the district: the citizen confirms or reopens."""
    due: tuple[Line, ...]
    open_count: int


@dataclass(frozen=True)
class Found:
    """A person with the cases of their family, the newest first."""

    person: StoredPerson
    cases: tuple[StoredComplaint, ...]


@dataclass(frozen=True)
class KnownFamily:
    """A person recognised by the NIK, with the family as it is kept."""

    person: StoredPerson
    family: StoredFamily
    members: tuple[StoredPerson, ...]


async def the_day(store: Store, scope: Scope, *, cursor: str | None = None) -> Day:
    """What the window looks at in the morning and all day. Raises BadCursor."""
    now = store.clock.now()
    complaints = store.reading(scope, COMPLAINTS)
    begun = Condition("complaint.recorded_at", "$gte", start_of_day(scope.area, now))
    by_time = "complaint.recorded_at"
    recorded: Page[StoredComplaint] = await complaints.page(begun, order=Order(by_time, -1), cursor=cursor)
    waiting = await _of_status(store, scope, ComplaintStatus.WAITING_FOR_CITIZEN)
    alive = [*await _of_status(store, scope, ComplaintStatus.OPEN), *waiting]
    answered = sorted((one for one in alive if one.complaint.resolved), key=_reopen_until)
    due = [one for one in alive if (moment := due_of(one)) is not None and moment < now + SOON]
    due.sort(key=lambda one: due_of(one) or now)
    people = await _reporters(store, scope, [*recorded.items, *waiting, *answered, *due])
    return Day(
        recorded=_lines(recorded.items, people),
        recorded_count=await complaints.count(begun),
        recorded_more=recorded.next_cursor,
        waiting=_lines(waiting, people),
        answered=_lines(answered, people),
        due=_lines(due, people),
        open_count=await complaints.count(
            one_of(
                "complaint.status", [one.value for one in (ComplaintStatus.OPEN, ComplaintStatus.WAITING_FOR_CITIZEN)]
            )
        ),
    )


async def people_named(store: Store, scope: Scope, prefix: str) -> tuple[Found, ...]:
    """People whose name begins so, in the order of names; at most MOST_FOUND."""
    begin = spoken_name(prefix)
    if len(begin) < SHORTEST_PREFIX:
        return ()
    people = await store.reading(scope, PERSONS).page(
        Condition("found_as", "$gte", begin),
        Condition("found_as", "$lt", begin + AFTER_ALL_LETTERS),
        order=Order("found_as"),
        limit=MOST_FOUND,
    )
    return await _with_cases(store, scope, people.items)


async def people_with_nik(store: Store, scope: Scope, nik: str) -> tuple[Found, ...]:
    """Whoever of the area has this NIK: one, or one a village where somebody moved."""
    people = await store.reading(scope, PERSONS).all(equals("person.nik", nik), limit=MOST_FOUND)
    return await _with_cases(store, scope, people)


async def known_family(store: Store, scope: Scope, nik: str) -> KnownFamily | None:
    """The person with this NIK and their family, as kept in the scope; elsewhere nobody is looked up."""
    person = await store.reading(scope, PERSONS).first(equals("person.nik", nik))
    if person is None:
        return None
    family = await store.reading(scope, FAMILIES).get(person.family_id)
    members = await store.reading(scope, PERSONS).all(equals("family_id", family.id), limit=LARGEST_FAMILY)
    return KnownFamily(person, family, tuple(sorted(members, key=lambda one: one.id)))


async def line_of(store: Store, scope: Scope, stored: StoredComplaint) -> Line:
    return _lines([stored], await _reporters(store, scope, [stored]))[0]


async def _of_status(store: Store, scope: Scope, status: ComplaintStatus) -> tuple[StoredComplaint, ...]:
    page = await store.reading(scope, COMPLAINTS).page(
        equals("complaint.status", status.value), order=Order("complaint.recorded_at"), limit=MOST_OPEN
    )
    return page.items


async def _with_cases(store: Store, scope: Scope, people: Sequence[StoredPerson]) -> tuple[Found, ...]:
    families = list({one.family_id for one in people})
    cases: list[StoredComplaint] = []
    if families:
        page = await store.reading(scope, COMPLAINTS).page(
            one_of("complaint.family_id", families), order=Order("complaint.recorded_at", -1), limit=MOST_OPEN
        )
        cases = list(page.items)
    return tuple(
        Found(one, tuple(case for case in cases if case.complaint.family_id == one.family_id)) for one in people
    )


async def _reporters(store: Store, scope: Scope, cases: Iterable[StoredComplaint]) -> dict[str, StoredPerson]:
    wanted = sorted({one.complaint.reporter_id for one in cases if one.complaint.reporter_id is not None})
    found: dict[str, StoredPerson] = {}
    for start in range(0, len(wanted), MOST_FOUND):
        some = wanted[start : start + MOST_FOUND]
        people = await store.reading(scope, PERSONS).all(one_of("_id", some), limit=len(some))
        found |= {one.id: one for one in people}
    return found


def _lines(cases: Iterable[StoredComplaint], people: dict[str, StoredPerson]) -> tuple[Line, ...]:
    return tuple(Line(one, people.get(one.complaint.reporter_id or "")) for one in cases)


def _reopen_until(stored: StoredComplaint) -> datetime:
    resolution = stored.complaint.resolution
    return resolution.reopen_until if resolution is not None else stored.complaint.recorded_at
