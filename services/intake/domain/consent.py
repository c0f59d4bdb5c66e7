"""On which legal basis the village uses a person's data, per purpose, and who noted it.

UU 27/2022 on personal data: a basis per purpose; consent only where it is the basis, with its proof and
expiry, a guardian's for a child; withdrawing it stops what rested on it (domain.md section 5.2).
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Self

from pydantic import ValidationError, model_validator

from contracts.fields import Id, UtcTime
from services.intake.domain.ages import age_in_years
from services.intake.domain.errors import IntakeRefusal
from services.intake.domain.value import Value

AGE_OF_MAJORITY_YEARS = 18
"""Below it a guardian consents (UU 35/2014 on the protection of children)."""


class Purpose(StrEnum):
    """What the data is used for."""

    HANDLE_CASE = "handle_case"
    SHARE_WITH_AGENCY = "share_with_agency"
    NOTIFY = "notify"
    UPDATE_REGISTRY = "update_registry"
    PUBLISH_STORY = "publish_story"


class LegalBasis(StrEnum):
    PUBLIC_DUTY = "public_duty"
    CONSENT = "consent"
    VITAL_INTEREST = "vital_interest"


class ConsentProof(StrEnum):
    """How consent can be shown later."""

    SIGNED_FORM = "signed_form"
    THUMBPRINT = "thumbprint"
    RECORDED_VOICE = "recorded_voice"
    SPOKEN_BEFORE_WITNESS = "spoken_before_witness"
    ONLINE_TICK = "online_tick"


class UnsoundBasis(IntakeRefusal):
    """The basis noted would not stand: something the law asks for is missing."""

    code = "unsound_basis"


class NoLegalBasis(IntakeRefusal):
    """The data may not be used for this purpose now."""

    code = "no_legal_basis"

    def __init__(self, purpose: Purpose) -> None:
        super().__init__(f"no legal basis in force for {purpose.value!r}: ask the person, or note another basis")
        self.purpose = purpose


class Basis(Value):
    """The basis of one purpose for one person, as noted by an officer."""

    person_id: Id
    purpose: Purpose
    basis: LegalBasis
    noted_by: str
    noted_at: UtcTime
    proof: ConsentProof | None = None
    expires_on: date | None = None
    guardian_id: Id | None = None
    withdrawn_at: UtcTime | None = None

    @model_validator(mode="after")
    def _proof_belongs_to_consent(self) -> Self:
        is_consent = self.basis is LegalBasis.CONSENT
        if is_consent and self.proof is None:
            raise ValueError("consent needs its proof: say how it was given")
        if not is_consent and (self.proof or self.guardian_id or self.withdrawn_at):
            raise ValueError("proof, guardian and withdrawal belong to consent only")
        return self

    def in_force(self, on: datetime) -> bool:
        expired = self.expires_on is not None and on.date() > self.expires_on
        return self.withdrawn_at is None and not expired


def sound_basis(basis: Basis, *, born: date | None, today: date) -> Basis:
    """The basis, once the law's conditions on the person hold. Raises UnsoundBasis.

    A child's consent is its guardian's, and nobody is their own guardian. A person whose birth date is
    unknown is taken to be an adult: the officer sees who stands before them.
    """
    if basis.basis is not LegalBasis.CONSENT:
        return basis
    if basis.guardian_id == basis.person_id:
        raise UnsoundBasis("nobody is their own guardian: give the guardian's id")
    if born is not None and age_in_years(born, today) < AGE_OF_MAJORITY_YEARS and basis.guardian_id is None:
        raise UnsoundBasis("a child's consent is given by the guardian: give the guardian's id")
    if basis.expires_on is not None and basis.expires_on < today:
        raise UnsoundBasis("this consent has already expired: ask again")
    return basis


def note_basis(
    *,
    person_id: str,
    purpose: Purpose,
    basis: LegalBasis,
    noted_by: str,
    now: datetime,
    today: date,
    born: date | None,
    proof: ConsentProof | None = None,
    expires_on: date | None = None,
    guardian_id: str | None = None,
) -> Basis:
    """The basis as an officer notes it. Raises UnsoundBasis."""
    try:
        noted = Basis(
            person_id=person_id,
            purpose=purpose,
            basis=basis,
            noted_by=noted_by,
            noted_at=now,
            proof=proof,
            expires_on=expires_on,
            guardian_id=guardian_id,
        )
    except ValidationError as invalid:
        raise UnsoundBasis(invalid.errors(include_input=False)[0]["msg"].removeprefix("Value error, ")) from None
    return sound_basis(noted, born=born, today=today)


def basis_for(purpose: Purpose, person_id: str, noted: tuple[Basis, ...], now: datetime) -> Basis:
    """The basis in force on which the person's data may be used. Raises NoLegalBasis."""
    for basis in reversed(noted):
        if basis.person_id == person_id and basis.purpose is purpose and basis.in_force(now):
            return basis
    raise NoLegalBasis(purpose)


def withdraw_consent(
    noted: tuple[Basis, ...], person_id: str, purposes: frozenset[Purpose], now: datetime
) -> tuple[tuple[Basis, ...], frozenset[Purpose]]:
    """What is noted after the person took consent back, and the purposes that now have no basis left.

    Public duty and vital interest do not rest on consent and stay.
    """
    after = tuple(
        basis.but(withdrawn_at=now)
        if basis.basis is LegalBasis.CONSENT
        and basis.withdrawn_at is None
        and basis.person_id == person_id
        and basis.purpose in purposes
        else basis
        for basis in noted
    )
    still = {basis.purpose for basis in after if basis.person_id == person_id and basis.in_force(now)}
    return after, frozenset(purposes - still)
