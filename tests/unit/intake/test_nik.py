"""A NIK is checked for what a NIK can be, and its absence has a reason."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.nik import ImpossibleNik, Nik, NikFault
from tests.unit.intake.builders import REGIONS, TODAY


def check(text: str, *, invented: bool = False) -> Nik:
    return Nik.checked(text, REGIONS, today=TODAY, invented_people_allowed=invented)


def fault(text: str) -> NikFault:
    with pytest.raises(ImpossibleNik) as refused:
        check(text)
    return refused.value.fault


def test_a_woman_is_born_on_a_day_plus_forty() -> None:
    nik = check("3203025705900001")
    assert nik.of_woman
    assert nik.agrees_with(date(1990, 5, 17))
    assert not nik.agrees_with(date(1990, 5, 18))


def test_a_man_is_born_on_the_day_itself() -> None:
    nik = check("3203021705900001")
    assert not nik.of_woman
    assert nik.agrees_with(date(1990, 5, 17))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", NikFault.BLANK),
        ("  - ", NikFault.BLANK),
        ("0000000000000000", NikFault.ALL_ZERO),
        ("320302570590000", NikFault.NOT_SIXTEEN_DIGITS),
        ("32030257059000011", NikFault.NOT_SIXTEEN_DIGITS),
        ("320302570590000X", NikFault.NOT_SIXTEEN_DIGITS),
        ("٣203025705900001", NikFault.NOT_SIXTEEN_DIGITS),
        ("9903025705900001", NikFault.UNKNOWN_REGION),
        ("3200025705900001", NikFault.UNKNOWN_REGION),
        ("3203005705900001", NikFault.UNKNOWN_REGION),
        ("3203023205900001", NikFault.IMPOSSIBLE_DATE),
        ("3203024005900001", NikFault.IMPOSSIBLE_DATE),
        ("3203027205900001", NikFault.IMPOSSIBLE_DATE),
        ("3203020005900001", NikFault.IMPOSSIBLE_DATE),
        ("3203021713900001", NikFault.IMPOSSIBLE_DATE),
        ("3203023002900001", NikFault.IMPOSSIBLE_DATE),
        ("3203025705900000", NikFault.SERIAL_NEVER_ISSUED),
    ],
)
def test_a_number_that_cannot_be_a_nik_is_refused_with_its_fault(text: str, expected: NikFault) -> None:
    assert fault(text) is expected


def test_an_invented_person_is_accepted_only_where_invented_people_are() -> None:
    assert check("3203025705900000", invented=True).of_invented_person
    assert fault("3203025705900000") is NikFault.SERIAL_NEVER_ISSUED


def test_groups_read_from_a_card_are_read_over() -> None:
    assert check("3203 0257-0590.0001").digits == "3203025705900001"


def test_a_leap_day_counts_in_the_century_that_has_it() -> None:
    assert check("3203022902000001").agrees_with(date(2000, 2, 29))
    assert fault("3203022902010001") is NikFault.IMPOSSIBLE_DATE


def test_neither_the_refusal_nor_the_repr_repeats_the_number() -> None:
    with pytest.raises(ImpossibleNik) as refused:
        check("9903025705900001")
    assert "9903025705900001" not in str(refused.value)
    assert "3203025705900001" not in repr(check("3203025705900001"))


@given(st.dates(date(1930, 1, 1), TODAY), st.booleans(), st.integers(1, 9999))
def test_every_possible_person_has_a_nik_that_agrees_with_the_birth_date(born: date, woman: bool, serial: int) -> None:
    digits = f"320302{born.day + 40 * woman:02d}{born:%m%y}{serial:04d}"
    nik = check(digits)
    assert nik.agrees_with(born)
    assert nik.of_woman is woman
