"""Areas and what may be seen of them."""

import pytest

from chassis.area import COUNTRY, Scope, Tier, district_of, tier_of
from chassis.store.documents import areas_around


@pytest.mark.parametrize(
    ("area", "tier"),
    [
        ("", Tier.COUNTRY),
        ("32", Tier.PROVINCE),
        ("32.03", Tier.DISTRICT),
        ("32.03.02", Tier.SUB_DISTRICT),
        ("32.03.02.2002", Tier.VILLAGE),
    ],
)
def test_a_code_tells_its_tier(area: str, tier: Tier) -> None:
    assert tier_of(area) is tier


def test_a_scope_covers_itself_and_what_lies_below_and_nothing_beside() -> None:
    district = Scope("32.03")
    assert district.covers("32.03")
    assert district.covers("32.03.02.2002")
    assert not district.covers("32")
    assert not district.covers("32.04.02.2002")
    assert COUNTRY.covers("32.03.02.2002")


def test_a_scope_that_is_no_region_code_is_refused() -> None:
    for wrong in ("3203", "32.03.", "*", "32.3", "32.03.02.2002.1", "32.03\n", "\n", "٣٢"):
        with pytest.raises(ValueError, match="region code"):
            Scope(wrong)


def test_the_chain_of_areas_leads_from_the_country_down() -> None:
    assert areas_around("32.03.02.2002") == ("", "32", "32.03", "32.03.02", "32.03.02.2002")
    assert areas_around("") == ("",)


def test_the_district_of_a_village_and_of_what_stands_above_districts() -> None:
    assert district_of("32.03.02.2002") == "32.03"
    assert district_of("32") == "32"
