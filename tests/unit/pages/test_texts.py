"""Every text of the pages has its Indonesian."""

from pathlib import Path

import pytest

from chassis.pages.catalogue import BadCatalogue, Catalogue
from chassis.pages.language import Language
from chassis.pages.texts import HEADER, Room, faults, rooms

ONE_FORM_TOO_MANY = """
msgid "%(num)s day"
msgid_plural "%(num)s days"
msgstr[0] "%(num)s hari"
msgstr[1] "%(num)s hari-hari"
"""


@pytest.mark.parametrize("room", rooms(), ids=lambda room: room.name)
def test_every_text_has_its_indonesian_and_nothing_is_translated_that_nobody_says(room: Room) -> None:
    assert list(faults(room)) == [], "run `make catalogues`, and write the Indonesian of what it lists"


def test_a_catalogue_with_more_plural_forms_than_indonesian_has_is_refused_and_named(tmp_path: Path) -> None:
    catalogue = tmp_path / "locale" / "id.po"
    catalogue.parent.mkdir()
    catalogue.write_text(HEADER + ONE_FORM_TOO_MANY)
    with pytest.raises(BadCatalogue, match=r"locale/id\.po: .*msgstr\[0\]"):
        Catalogue.of(Language.INDONESIAN, [tmp_path])
