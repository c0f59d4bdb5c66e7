"""What several services name is called the same by each: sectors and kinds in both languages, agencies in their own."""

import pytest

from chassis.pages import Language
from chassis.pages.catalogue import Catalogue
from chassis.pages.texts import ROOT
from contracts.vocabulary import ComplaintKind, Sector
from services.intake.pages.labels import AGENCIES
from services.intake.pages.labels import SECTORS as AT_THE_WINDOW
from services.referral.pages.words import word as in_the_district
from services.referral.reference import Reference
from services.reporting.pages.words import KINDS
from services.reporting.pages.words import SECTORS as AT_THE_MINISTRY


@pytest.mark.parametrize("sector", Sector)
def test_a_sector_is_called_the_same_everywhere(sector: Sector) -> None:
    the_same(intake=AT_THE_WINDOW[sector], referral=in_the_district(sector), reporting=AT_THE_MINISTRY[sector.value])


@pytest.mark.parametrize("kind", ComplaintKind)
def test_a_kind_is_called_the_same_in_every_office(kind: ComplaintKind) -> None:
    the_same(referral=in_the_district(kind), reporting=KINDS[kind.value])


def the_same(**texts: str) -> None:
    """What services call one thing, by their names, is one text in either language."""
    assert len(set(texts.values())) == 1, texts
    indonesian = {
        Catalogue.of(Language.INDONESIAN, [ROOT / "services" / service / "pages"]).gettext(text)
        for service, text in texts.items()
    }
    assert len(indonesian) == 1, indonesian


def test_every_agency_is_called_at_the_window_as_in_the_districts_directory() -> None:
    at_the_window = Catalogue.of(Language.INDONESIAN, [ROOT / "services" / "intake" / "pages"])
    directory = Reference.load().directory
    assert {code: at_the_window.gettext(text) for code, text in AGENCIES.items()} == {
        agency.code: agency.name for agency in directory.agencies
    }
