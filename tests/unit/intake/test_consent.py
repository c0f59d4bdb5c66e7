"""A basis for each purpose; consent with its proof, and an end."""

from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from services.intake.domain.consent import (
    Basis,
    ConsentProof,
    LegalBasis,
    NoLegalBasis,
    Purpose,
    UnsoundBasis,
    basis_for,
    sound_basis,
    withdraw_consent,
)
from tests.unit.intake.builders import FACILITATOR, MONDAY, TODAY, id_of

LATER = MONDAY + timedelta(days=1)
CHILD = date(2014, 2, 1)
ADULT = date(1990, 5, 17)


def consent(**changes: Any) -> Basis:
    noted: dict[str, Any] = {
        "person_id": id_of(1),
        "purpose": Purpose.NOTIFY,
        "basis": LegalBasis.CONSENT,
        "noted_by": FACILITATOR,
        "noted_at": MONDAY,
        "proof": ConsentProof.SIGNED_FORM,
    }
    return Basis(**(noted | changes))


def public_duty(**changes: Any) -> Basis:
    return consent(basis=LegalBasis.PUBLIC_DUTY, proof=None, **changes)


def test_consent_needs_its_proof_and_public_duty_has_none() -> None:
    with pytest.raises(ValidationError, match="needs its proof"):
        consent(proof=None)
    with pytest.raises(ValidationError, match="belong to consent only"):
        consent(basis=LegalBasis.PUBLIC_DUTY)


def test_a_childs_consent_is_the_guardians() -> None:
    with pytest.raises(UnsoundBasis, match="guardian"):
        sound_basis(consent(), born=CHILD, today=TODAY)
    with pytest.raises(UnsoundBasis, match="their own guardian"):
        sound_basis(consent(guardian_id=id_of(1)), born=CHILD, today=TODAY)
    by_mother = consent(guardian_id=id_of(2))
    assert sound_basis(by_mother, born=CHILD, today=TODAY) == by_mother
    assert sound_basis(consent(), born=ADULT, today=TODAY) == consent()
    assert sound_basis(public_duty(), born=CHILD, today=TODAY) == public_duty()


def test_a_child_becomes_an_adult_on_the_birthday() -> None:
    assert sound_basis(consent(), born=date(2008, 11, 23), today=TODAY)
    with pytest.raises(UnsoundBasis):
        sound_basis(consent(), born=date(2008, 11, 24), today=TODAY)


def test_consent_counts_until_the_day_it_expires_and_not_longer() -> None:
    until_today = consent(expires_on=TODAY)
    assert basis_for(Purpose.NOTIFY, id_of(1), (until_today,), MONDAY) == until_today
    with pytest.raises(NoLegalBasis, match="'notify'"):
        basis_for(Purpose.NOTIFY, id_of(1), (until_today,), LATER)
    with pytest.raises(UnsoundBasis, match="expired"):
        sound_basis(consent(expires_on=TODAY - timedelta(days=1)), born=ADULT, today=TODAY)


def test_a_basis_is_for_one_person_and_one_purpose() -> None:
    for purpose, someone in ((Purpose.SHARE_WITH_AGENCY, id_of(1)), (Purpose.NOTIFY, id_of(2))):
        with pytest.raises(NoLegalBasis):
            basis_for(purpose, someone, (consent(),), MONDAY)


def test_consent_taken_back_stops_what_rested_on_it_and_nothing_else() -> None:
    noted = (
        consent(),
        consent(purpose=Purpose.SHARE_WITH_AGENCY),
        public_duty(purpose=Purpose.SHARE_WITH_AGENCY),
        consent(person_id=id_of(2)),
    )
    after, stopped = withdraw_consent(noted, id_of(1), frozenset({Purpose.NOTIFY, Purpose.SHARE_WITH_AGENCY}), LATER)
    assert stopped == {Purpose.NOTIFY}
    assert [basis.withdrawn_at for basis in after] == [LATER, LATER, None, None]
    with pytest.raises(NoLegalBasis):
        basis_for(Purpose.NOTIFY, id_of(1), after, LATER)
    assert basis_for(Purpose.SHARE_WITH_AGENCY, id_of(1), after, LATER).basis is LegalBasis.PUBLIC_DUTY
    assert basis_for(Purpose.NOTIFY, id_of(2), after, LATER)
