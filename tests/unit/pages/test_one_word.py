"""A sector of welfare is called the same at the window, in the district and at the ministry, in both languages."""

import pytest

from chassis.pages import Language
from chassis.pages.catalogue import Catalogue
from chassis.pages.texts import ROOT
from contracts.vocabulary import Sector
from services.intake.pages.labels import SECTORS as AT_THE_WINDOW
from services.referral.pages.words import word as in_the_district
from services.reporting.pages.words import SECTORS as AT_THE_MINISTRY


@pytest.mark.parametrize("sector", Sector)
def test_a_sector_is_called_the_same_everywhere(sector: Sector) -> None:
    texts = {
        "intake": AT_THE_WINDOW[sector],
        "referral": in_the_district(sector),
        "reporting": AT_THE_MINISTRY[sector.value],
    }
    assert len(set(texts.values())) == 1
    indonesian = {
        Catalogue.of(Language.INDONESIAN, [ROOT / "services" / service / "pages"]).gettext(text)
        for service, text in texts.items()
    }
    assert len(indonesian) == 1, indonesian
