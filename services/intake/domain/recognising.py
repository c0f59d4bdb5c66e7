"""Recognising people: who of those told of is known already. A missing NIK never makes two people one."""

from collections.abc import Iterable, Sequence
from datetime import date

from services.intake.domain.errors import NamedTwice, OtherPerson
from services.intake.domain.nik import ImpossibleNik, Nik
from services.intake.domain.people import Person, PersonFacts
from services.intake.domain.regions import Regions


def with_checked_nik(
    facts: PersonFacts, regions: Regions, *, today: date, invented_people_allowed: bool, member: int
) -> PersonFacts:
    """The facts with the NIK's sixteen digits. Raises ImpossibleNik that says whose NIK it is."""
    if facts.nik is None:
        return facts
    try:
        nik = Nik.checked(facts.nik, regions, today=today, invented_people_allowed=invented_people_allowed)
    except ImpossibleNik as impossible:
        raise ImpossibleNik(impossible.fault, member) from None
    return facts.but(nik=nik.digits)


def recognise(facts: PersonFacts, told_id: str | None, known: Iterable[Person], *, new_id: str) -> Person:
    """The person told of: one of the `known` by NIK or by id, else a new one (`told_id`, or `new_id` without).

    Raises OtherPerson when id and NIK say two different people: joining them is nobody's slip of the keyboard.
    """
    people = tuple(known)
    by_nik = next((person for person in people if facts.nik is not None and person.nik == facts.nik), None)
    by_id = next((person for person in people if person.person_id == told_id), None)
    if by_nik is not None and by_id is not None and by_nik.person_id != by_id.person_id:
        raise OtherPerson
    person = by_nik or by_id
    if person is None:
        return Person(
            person_id=told_id or new_id,
            nik=facts.nik,
            nik_absence=facts.nik_absence,
            name=facts.name,
            born=facts.born,
            sex=facts.sex,
            relation=facts.relation,
            conditions=facts.conditions or (),
            contact=facts.contact,
        )
    if None not in (person.nik, facts.nik) and person.nik != facts.nik:
        raise OtherPerson
    return person.retold(facts)


def all_different(people: Sequence[Person]) -> None:
    """Raises NamedTwice."""
    if any(person.same_as(other) for index, person in enumerate(people) for other in people[:index]):
        raise NamedTwice
