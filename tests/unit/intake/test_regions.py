"""The places of the documents are in the list; what is no village is refused."""

import pytest

from services.intake.domain.errors import UnknownArea
from services.intake.domain.regions import district_of, known_village, level
from tests.unit.intake.builders import REGIONS

PLACES = {
    "71.73.01.1007": "Lansot",
    "71.73.03.1005": "Kakaskasen Dua",
    "18.04.08.2001": "Pampangan",
    "18.04.08.2008": "Giham Sukamaju",
    "18.04.08.1005": "Sekincau",
    "32.03.02.2002": "Jambudipa",
    "75.01.24.2001": "Pilolalenga",
    "75.01.09.2020": "Bongongoayu",
    "81.03.01.1001": "Saumlaki",
}


@pytest.mark.parametrize(("code", "name"), PLACES.items())
def test_every_place_of_the_documents_is_known(code: str, name: str) -> None:
    assert REGIONS.name(known_village(code, REGIONS)) == name


@pytest.mark.parametrize(
    "code",
    [
        "",
        "32",
        "32.03",
        "32.03.02",
        "3203022002",
        "32.03.02.9999",
        " 32.03.02.2002",
        "32.03.02.2002.1",
        "٣٢.03.02.2002",
    ],
)
def test_what_is_no_village_is_refused_with_what_to_do(code: str) -> None:
    with pytest.raises(UnknownArea, match=r"give a code like 32\.03\.02\.2002"):
        known_village(code, REGIONS)


def test_an_area_knows_its_level_and_district() -> None:
    assert [level(code) for code in ("", "32", "32.03", "32.03.02", "32.03.02.2002")] == [0, 1, 2, 3, 4]
    assert district_of("32.03.02.2002") == "32.03"
