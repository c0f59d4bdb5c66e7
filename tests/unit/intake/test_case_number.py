"""A case number survives being read aloud."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.case_number import MAX_SERIAL, CaseNumber, SerialsExhausted, WrongCaseNumber
from tests.unit.intake.builders import JAMBUDIPA

numbers = st.builds(
    CaseNumber,
    area=st.sampled_from([JAMBUDIPA, "71.73.01.1007", "81.03.01.1001"]),
    year=st.integers(2020, 2099),
    serial=st.integers(1, MAX_SERIAL),
)


def digits_of(number: CaseNumber) -> str:
    return str(number).replace("-", "")


def test_a_case_number_shows_area_year_serial_and_a_check_digit() -> None:
    number = CaseNumber(area=JAMBUDIPA, year=2026, serial=17)
    assert str(number).startswith("3203022002-26-00017-")
    assert CaseNumber.parse(str(number)) == number


@given(numbers)
def test_what_is_printed_is_read_back_with_or_without_its_groups(number: CaseNumber) -> None:
    assert CaseNumber.parse(str(number)) == number
    assert CaseNumber.parse(f" {digits_of(number)} ") == number


@given(numbers, st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(number: CaseNumber, place: int, off_by: int) -> None:
    digits = digits_of(number)
    wrong = digits[:place] + str((int(digits[place]) + off_by) % 10) + digits[place + 1 :]
    with pytest.raises(WrongCaseNumber):
        CaseNumber.parse(wrong)


@given(numbers, st.integers(0, 16))
def test_two_swapped_neighbours_are_always_noticed(number: CaseNumber, place: int) -> None:
    digits = digits_of(number)
    swapped = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
    if swapped == digits:
        assert CaseNumber.parse(swapped) == number
    else:
        with pytest.raises(WrongCaseNumber):
            CaseNumber.parse(swapped)


@pytest.mark.parametrize("text", ["", "hello", "3203022002-26-0001", "3203022002-26-00017-4-4", "0" * 18])
def test_what_is_no_case_number_is_refused(text: str) -> None:
    with pytest.raises(WrongCaseNumber):
        CaseNumber.parse(text)


def test_a_village_that_used_all_its_serials_is_told_so() -> None:
    with pytest.raises(SerialsExhausted):
        CaseNumber(area=JAMBUDIPA, year=2026, serial=MAX_SERIAL + 1)
