"""A day as people write it."""

from datetime import date

import pytest

from services.intake.pages.written_day import NoSuchDay, NotADay, written_day


@pytest.mark.parametrize(
    "typed", ["17-05-1990", "17/5/1990", "17.05.1990", "17 05 1990", "17051990", "1990-05-17", "1990-5-17"]
)
def test_a_day_is_read_however_it_is_written(typed: str) -> None:
    assert written_day(typed) == date(1990, 5, 17)


@pytest.mark.parametrize("typed", ["31-02-1990", "00-05-1990", "17-13-1990", "29-02-1900", "99-99-1990", "1-1-0000"])
def test_a_day_that_no_calendar_has_is_said_to_be_none(typed: str) -> None:
    with pytest.raises(NoSuchDay):
        written_day(typed)


@pytest.mark.parametrize(
    "typed", ["", "May 1990", "17-05-90", "1990", "17-05-1990 ", "\u0661\u0667-05-1990", "170519901"]
)
def test_what_is_not_written_as_a_day_is_not_guessed_at(typed: str) -> None:
    with pytest.raises(NotADay):
        written_day(typed)
