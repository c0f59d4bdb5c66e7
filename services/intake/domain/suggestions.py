"""What the desk should do beside the case, seen from what is known of the people."""

from collections.abc import Iterable
from enum import StrEnum

from contracts.fields import Id
from services.intake.domain.nik import Nik, NikAbsence
from services.intake.domain.people import Person, Sex
from services.intake.domain.value import Value


class SuggestionCode(StrEnum):
    CIVIL_REGISTRATION_REFERRAL = "civil_registration_referral"
    """The person has no NIK: without one no programme can be got."""
    ASK_FOR_NIK = "ask_for_nik"
    """There is a NIK, it was only not told."""
    COMPARE_WITH_CARD = "compare_with_card"
    """Birth date or sex and the NIK do not agree: one of them was misread, or the registry is wrong."""


class Suggestion(Value):
    code: SuggestionCode
    person_id: Id


ONLY_NOT_TOLD = frozenset({NikAbsence.NOT_AT_HAND, NikAbsence.REFUSED})


def suggestions_for(people: Iterable[Person]) -> tuple[Suggestion, ...]:
    return tuple(
        Suggestion(code=code, person_id=person.person_id) for person in people if (code := _suggestion(person))
    )


def _suggestion(person: Person) -> SuggestionCode | None:
    if person.nik is None:
        told = person.nik_absence not in ONLY_NOT_TOLD
        return SuggestionCode.CIVIL_REGISTRATION_REFERRAL if told else SuggestionCode.ASK_FOR_NIK
    nik = Nik(person.nik)
    wrong_date = person.born is not None and not nik.agrees_with(person.born)
    wrong_sex = person.sex is not None and nik.of_woman != (person.sex is Sex.FEMALE)
    return SuggestionCode.COMPARE_WITH_CARD if wrong_date or wrong_sex else None
