"""Identity stays in the village: what leaves is bands and a pseudonym."""

from datetime import date

import pytest
from pydantic import ValidationError

from contracts.vocabulary import Circumstance, Component, ExclusionFlag, MembersBand, MessageChannel
from services.intake.domain.people import Condition, Contact, RegistryEntry
from services.intake.domain.profile import WeakSecret, family_key, members_band, profile_of
from tests.unit.intake.builders import SECRET, TODAY, family, id_of, person

NIK = "3203025705900000"


def test_the_profile_of_the_mother_of_jambudipa_says_what_the_district_needs() -> None:
    profile = profile_of(family(), SECRET, TODAY)
    assert profile.components == (Component.PUPIL,)
    assert profile.circumstances == (Circumstance.INSURANCE_INACTIVE,)
    assert (profile.listed, profile.decile, profile.members_band) == (True, 2, MembersBand.TWO_OR_THREE)


def test_no_name_number_contact_or_birth_date_is_in_the_profile() -> None:
    household = family(person(nik=NIK, nik_absence=None), kk="3203020101200001")
    wire = profile_of(household, SECRET, TODAY).model_dump_json()
    for secret in (NIK, "3203020101200001", "Rekaan", "rekaan.example", "1990", household.family_id, id_of(1)):
        assert secret not in wire


@pytest.mark.parametrize(
    ("born", "components"),
    [
        (date(2026, 11, 23), (Component.CHILD_0_6,)),
        (date(2019, 11, 24), (Component.CHILD_0_6,)),
        (date(2019, 11, 23), ()),
        (date(1966, 11, 24), ()),
        (date(1966, 11, 23), (Component.ELDERLY,)),
        (None, ()),
    ],
)
def test_age_makes_a_young_child_or_an_elder_to_the_day(born: date | None, components: tuple[Component, ...]) -> None:
    assert profile_of(family(person(born=born)), SECRET, TODAY).components == components


def test_what_was_noted_about_a_person_becomes_a_component_once() -> None:
    disabled = (Condition.SEVERE_DISABILITY, Condition.PREGNANT)
    household = family(person(1, conditions=disabled), person(2, conditions=disabled))
    assert profile_of(household, SECRET, TODAY).components == (Component.PREGNANT, Component.SEVERE_DISABILITY)


@pytest.mark.parametrize(
    ("members", "band"), [(1, "1"), (2, "2-3"), (3, "2-3"), (4, "4-6"), (6, "4-6"), (7, "7+"), (15, "7+")]
)
def test_members_are_counted_in_bands(members: int, band: str) -> None:
    assert members_band(members) == band


def test_a_familys_key_stays_and_differs_by_family_and_secret() -> None:
    key = family_key(id_of(1), SECRET)
    # Written down: a release that made other keys would cut every family from its history at the district.
    assert key == "tNfNSuhdtlji7Has1glVCfqf5tkR1pNc"
    assert len({key, family_key(id_of(2), SECRET), family_key(id_of(1), SECRET[::-1])}) == 3
    with pytest.raises(WeakSecret):
        family_key(id_of(1), b"short")


def test_a_person_has_a_nik_or_the_reason_why_not() -> None:
    for nik, absence in ((None, None), (NIK, "no_card_yet")):
        with pytest.raises(ValidationError, match="either the NIK or the reason"):
            person(nik=nik, nik_absence=absence)


def test_a_missing_nik_makes_no_two_people_one() -> None:
    assert not person(1).same_as(person(2))
    known = person(1, nik=NIK, nik_absence=None)
    assert known.same_as(person(2, nik=NIK, nik_absence=None))
    assert not known.same_as(person(2))


def test_when_the_nik_comes_the_person_stays_who_they_were() -> None:
    linked = person(7).identified_by(NIK)
    assert (linked.person_id, linked.nik, linked.nik_absence) == (id_of(7), NIK, None)


def test_nobody_is_in_a_family_twice() -> None:
    with pytest.raises(ValidationError, match="in the family twice"):
        family(person(1, nik=NIK, nik_absence=None), person(2, nik=NIK, nik_absence=None))


def test_the_repr_of_a_person_and_an_error_about_one_hide_who_it_is() -> None:
    known = person(nik=NIK, nik_absence=None)
    with pytest.raises(ValidationError) as refused:
        person(nik="320302570590000", nik_absence=None)
    for text in (repr(known), repr(family(known)), str(refused.value)):
        for secret in (NIK, "320302570590000", "Rekaan", "rekaan.example", "1990"):
            assert secret not in text


def test_a_preferred_channel_needs_its_address() -> None:
    with pytest.raises(ValidationError, match="e-mail address"):
        Contact(preferred=MessageChannel.EMAIL)
    with pytest.raises(ValidationError, match="phone number"):
        Contact(preferred=MessageChannel.WHATSAPP, email="ibu@rekaan.example")
    with pytest.raises(ValidationError, match="reaches agencies"):
        Contact(preferred=MessageChannel.WEBHOOK)
    with pytest.raises(ValidationError, match="phone number"):
        Contact(preferred=MessageChannel.EMAIL, email="ibu@rekaan.example", otherwise=(MessageChannel.SMS,))
    with pytest.raises(ValidationError, match="named twice"):
        Contact(preferred=MessageChannel.EMAIL, email="ibu@rekaan.example", otherwise=(MessageChannel.EMAIL,))


def test_who_names_no_other_channel_is_tried_by_all_there_is_an_address_for() -> None:
    email, sms, whatsapp = MessageChannel.EMAIL, MessageChannel.SMS, MessageChannel.WHATSAPP
    both = {"email": "ibu@rekaan.example", "phone": "+628123456789"}

    assert Contact(preferred=email, email="ibu@rekaan.example").channels == (email,)
    assert Contact(preferred=sms, phone="+628123456789").channels == (sms, whatsapp)
    assert Contact(preferred=email, **both).channels == (email, whatsapp, sms)
    assert Contact(preferred=email, otherwise=(sms,), **both).channels == (email, sms)
    assert Contact(preferred=email, otherwise=(), **both).channels == (email,)


def test_only_a_listed_family_is_ranked_and_its_flags_go_along() -> None:
    with pytest.raises(ValidationError, match="no decile"):
        RegistryEntry(listed=False, period="2026-Q3", decile=2)
    flagged = RegistryEntry(listed=True, period="2026-Q3", decile=2, flags=(ExclusionFlag.CIVIL_SERVANT,))
    assert profile_of(family(registry=flagged), SECRET, TODAY).flags == (ExclusionFlag.CIVIL_SERVANT,)
