"""Who of those told of is known already, and what the desk should do about them."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.intake.domain.errors import NamedTwice, OtherPerson
from services.intake.domain.local_day import local_day
from services.intake.domain.nik import ImpossibleNik, NikAbsence, NikFault
from services.intake.domain.people import Condition, PersonFacts, Sex
from services.intake.domain.recognising import all_different, recognise, with_checked_nik
from services.intake.domain.suggestions import SuggestionCode, suggestions_for
from services.intake.store import known_as
from tests.unit.intake.builders import JAMBUDIPA, REGIONS, TODAY, id_of, person

NIK, OTHER_NIK = "3203025705900000", "3203025705910000"
NEW = id_of(900)


def facts(**changes: Any) -> PersonFacts:
    return PersonFacts(**({"name": "Ibu Rekaan", "nik": NIK} | changes))


def unnumbered(**changes: Any) -> PersonFacts:
    return facts(nik=None, nik_absence="never_registered", **changes)


def test_a_person_is_known_by_the_nik_and_keeps_the_id() -> None:
    known = person(1, nik=NIK, nik_absence=None)
    assert recognise(facts(), None, [person(2), known], new_id=NEW).person_id == id_of(1)
    assert recognise(facts(), NEW, [known], new_id=id_of(901)).person_id == id_of(1)


def test_missing_niks_make_no_two_people_one() -> None:
    known = person(1, nik=None, nik_absence="never_registered")
    assert recognise(unnumbered(), None, [known], new_id=NEW).person_id == NEW
    all_different([known, recognise(unnumbered(), None, [known], new_id=NEW)])
    assert known_as(JAMBUDIPA, None, id_of(1)) != known_as(JAMBUDIPA, None, id_of(2))


def test_a_person_without_a_nik_is_known_by_the_id_and_linked_when_it_comes() -> None:
    linked = recognise(facts(), id_of(1), [person(1)], new_id=NEW)
    assert (linked.person_id, linked.nik, linked.nik_absence) == (id_of(1), NIK, None)


def test_an_id_the_client_made_becomes_a_new_persons() -> None:
    assert recognise(facts(), id_of(7), [], new_id=NEW).person_id == id_of(7)


def test_the_newer_word_counts_and_what_is_left_out_stays() -> None:
    known = person(1, nik=NIK, nik_absence=None, conditions=(Condition.PREGNANT,), sex="female")
    retold = recognise(unnumbered(name="Ibu Baru"), id_of(1), [known], new_id=NEW)
    assert (retold.name, retold.nik, retold.nik_absence) == ("Ibu Baru", NIK, None)
    assert (retold.conditions, retold.born, retold.contact, retold.sex) == (
        known.conditions,
        known.born,
        known.contact,
        Sex.FEMALE,
    )
    assert recognise(facts(conditions=()), None, [known], new_id=NEW).conditions == ()


@pytest.mark.parametrize("told_id", [id_of(2), id_of(3)])
def test_two_people_are_never_joined_by_a_slip(told_id: str) -> None:
    known = [
        person(1, nik=NIK, nik_absence=None),
        person(2, nik=OTHER_NIK, nik_absence=None),
        person(3),
    ]
    with pytest.raises(OtherPerson):
        recognise(facts(), told_id, known, new_id=NEW)
    with pytest.raises(OtherPerson):
        recognise(facts(nik="3203025705920000"), id_of(2), known, new_id=NEW)


def test_nobody_is_named_twice() -> None:
    known = person(1, nik=NIK, nik_absence=None)
    with pytest.raises(NamedTwice):
        all_different([known, person(2, nik=NIK, nik_absence=None)])
    with pytest.raises(NamedTwice):
        all_different([known, known])


def test_an_impossible_nik_says_whose_it_is_and_not_which() -> None:
    with pytest.raises(ImpossibleNik) as refused:
        with_checked_nik(facts(nik="99" * 8), REGIONS, today=TODAY, invented_people_allowed=True, member=2)
    assert (refused.value.member, refused.value.fault) == (2, NikFault.UNKNOWN_REGION)
    assert "99" not in str(refused.value)
    spaced = facts(nik="3203 0257 0590 0000")
    assert with_checked_nik(spaced, REGIONS, today=TODAY, invented_people_allowed=True, member=0).nik == NIK


@pytest.mark.parametrize("absence", NikAbsence)
def test_whoever_has_no_nik_gets_a_suggestion(absence: NikAbsence) -> None:
    (suggestion,) = suggestions_for([person(1, nik_absence=absence)])
    told = absence in {NikAbsence.NOT_AT_HAND, NikAbsence.REFUSED}
    expected = SuggestionCode.ASK_FOR_NIK if told else SuggestionCode.CIVIL_REGISTRATION_REFERRAL
    assert (suggestion.code, suggestion.person_id) == (expected, id_of(1))


@pytest.mark.parametrize(
    ("changes", "differs"),
    [
        ({}, False),
        ({"born": None}, False),
        ({"sex": "female"}, False),
        ({"born": date(1990, 5, 18)}, True),
        ({"sex": "male"}, True),
    ],
)
def test_a_nik_that_disagrees_with_the_person_is_compared_with_the_card(changes: dict[str, Any], differs: bool) -> None:
    found = suggestions_for([person(1, nik=NIK, nik_absence=None, **changes)])
    assert [one.code for one in found] == ([SuggestionCode.COMPARE_WITH_CARD] if differs else [])


@pytest.mark.parametrize(
    ("area", "hour", "day"),
    [
        ("32.03.02.2002", 16, 31),
        ("32.03.02.2002", 17, 1),
        ("75.01.24.2001", 15, 31),
        ("75.01.24.2001", 16, 1),
        ("81.03.01.1001", 14, 31),
        ("81.03.01.1001", 15, 1),
    ],
)
def test_the_year_begins_when_it_does_in_the_village(area: str, hour: int, day: int) -> None:
    assert local_day(area, datetime(2026, 12, 31, hour, tzinfo=UTC)).day == day
