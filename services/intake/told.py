"""What is told at the desk: the input of the API and of the commands."""

from datetime import date
from typing import Annotated, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from contracts.fields import Area, Code, UtcTime
from contracts.vocabulary import Circumstance, ComplaintKind, IntakeChannel, Sector, SubjectKind
from services.intake.domain.complaint import LONGEST_STORY
from services.intake.domain.consent import ConsentProof, LegalBasis, Purpose
from services.intake.domain.people import PersonFacts, RegistryEntry, SixteenDigits
from services.intake.domain.value import Value

MOST_MEMBERS = 30

ClientMadeId = Annotated[
    str,
    # UUIDv7 only: ids sort by time, and a number of a person cannot be dressed up as one.
    StringConstraints(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"),
]
Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST_STORY)]


def _no_row_of_zeros(card: str) -> str:
    if set(card) == {"0"}:
        raise ValueError("a row of zeros is no family card: leave it out")
    return card


CardNumber = Annotated[SixteenDigits, AfterValidator(_no_row_of_zeros)]


class ToldMember(PersonFacts):
    """A member of the family: with the NIK, or with the reason why there is none."""

    person_id: ClientMadeId | None = Field(
        default=None,
        description="Of a person already known here, or made by the client (UUIDv7). Left out, one is made.",
    )


class ToldBasis(Value):
    """On which legal basis a member's data is used for a purpose. Consent needs its proof, a child's its guardian."""

    member: int = Field(ge=0, description="Whose: place in `members`, counted from 0")
    purpose: Purpose
    basis: LegalBasis
    proof: ConsentProof | None = Field(default=None, description="How consent was given; for consent only")
    expires_on: date | None = Field(default=None, description="Last day on which it counts")
    guardian: int | None = Field(default=None, ge=0, description="Who consented for a child: place in `members`")


class FamilyFacts(Value):
    """What is told of a family. What is left out stays as it is known."""

    card: CardNumber | None = Field(default=None, repr=False, description="Number of the family card (KK)")
    members: tuple[ToldMember, ...] = Field(default=(), max_length=MOST_MEMBERS)
    registry: RegistryEntry | None = Field(default=None, description="What the national registry says of the family")
    circumstances: tuple[Circumstance, ...] | None = None
    legal_bases: tuple[ToldBasis, ...] = Field(
        default=(),
        max_length=200,
        description="Handling the case rests on public duty and need not be noted. A member with a contact needs a "
        "basis for `notify`, else nobody may write to them.",
    )

    @model_validator(mode="after")
    def _bases_name_members(self) -> Self:
        named = {place for basis in self.legal_bases for place in (basis.member, basis.guardian) if place is not None}
        if any(place >= len(self.members) for place in named):
            raise ValueError("a legal basis names a member who is not in members: count from 0")
        return self


class ToldFamily(FamilyFacts):
    """The family a case is about."""

    members: tuple[ToldMember, ...] = Field(
        min_length=1,
        max_length=MOST_MEMBERS,
        description="Who of the family is known; whoever was told of before and is not named stays a member",
    )
    registry: RegistryEntry = Field(description="What the national registry says of the family")


class ToldComplaint(Value):
    """A complaint as it is recorded at the window, during a visit or offline."""

    case_id: ClientMadeId = Field(description="Made by the client (UUIDv7), so that a tablet can record offline")
    area: Area = Field(description="The village, Kemendagri code")
    kind: ComplaintKind
    sector: Sector
    subject_kind: SubjectKind
    needs: tuple[Code, ...] = Field(default=(), max_length=20, description="Programmes asked for: pkh, kip ...")
    channel: IntakeChannel
    fast_track: bool = Field(default=False, description="Danger, or the most vulnerable")
    fast_track_cause: Code | None = Field(default=None, repr=False, description="Stays in the village")
    story: Words = Field(default="", repr=False, description="In the citizen's words; stays in the village")
    missing_documents: tuple[Code, ...] = Field(default=(), max_length=20)
    occurred_at: UtcTime | None = Field(default=None, description="When the citizen came; left out: now")
    family: ToldFamily | None = Field(default=None, description="Needed for a person's and a family's case")
    reporter: int | None = Field(
        default=None, ge=0, description="The member who came and is told how it goes: place in `family.members`"
    )

    @model_validator(mode="after")
    def _reporter_is_a_member(self) -> Self:
        members = self.family.members if self.family else ()
        if self.reporter is not None and self.reporter >= len(members):
            raise ValueError("the reporter is not in family.members: count from 0")
        return self
