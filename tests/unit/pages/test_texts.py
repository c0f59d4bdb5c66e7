"""Every text of the pages has its Indonesian."""

import pytest

from chassis.pages.texts import Room, faults, rooms


@pytest.mark.parametrize("room", rooms(), ids=lambda room: room.name)
def test_every_text_has_its_indonesian_and_nothing_is_translated_that_nobody_says(room: Room) -> None:
    assert list(faults(room)) == [], "run `make catalogues`, and write the Indonesian of what it lists"
