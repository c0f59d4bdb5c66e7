"""Families, their people, and how to reach them. Identity stays here; `profile.py` says what may leave."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from contracts.fields import Area, Id, RegistryPeriod
from contracts.vocabulary import Circumstance, ExclusionFlag, MessageChannel
from services.intake.domain.nik import NikAbsence
from services.intake.domain.value import Value

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
SixteenDigits = Annotated[str, StringConstraints(pattern=r"^[0-9]{16}$")]
Email = Annotated[str, StringConstraints(pattern=r"^[^@\s]{1,64}@[^@\s]{1,190}$")]
Phone = Annotated[str, StringConstraints(pattern=r"^\+[1-9][0-9]{7,14}$")]
"""International form (E.164): +6281..."""


class Language(StrEnum):
    INDONESIAN = "id"
    ENGLISH = "en"


class Condition(StrEnum):
    """What was noted about a person that a programme asks for and a birth date does not tell."""

    PREGNANT = "pregnant"
    PUPIL = "pupil"
    SEVERE_DISABILITY = "severe_disability"
    ILL_WITHOUT_ACTIVE_INSURANCE = "ill_without_active_insurance"


class Sex(StrEnum):
    """As the civil registry has it."""

    FEMALE = "female"
    MALE = "male"


class Relation(StrEnum):
    """To the head of the family, as on the family card."""

    HEAD = "head"
    SPOUSE = "spouse"
    CHILD = "child"
    GRANDCHILD = "grandchild"
    PARENT = "parent"
    OTHER = "other"


class Contact(Value):
    """How a person wants to be told. The preferred channel and the others named need their addresses."""

    preferred: MessageChannel
    otherwise: tuple[MessageChannel, ...] | None = Field(
        default=None,
        description="Channels to try in this order when the preferred one fails; empty: none. Left out: all there is "
        "an address for",
    )
    email: Email | None = Field(default=None, repr=False)
    phone: Phone | None = Field(default=None, repr=False)
    language: Language = Language.INDONESIAN

    @property
    def channels(self) -> tuple[MessageChannel, ...]:
        """The channels to try, in the person's order."""
        others = TRIED_OTHERWISE if self.otherwise is None else self.otherwise
        reached = (channel for channel in others if channel is not self.preferred and self._has_address(channel))
        return (self.preferred, *reached)

    def _has_address(self, channel: MessageChannel) -> bool:
        return (self.email if channel is MessageChannel.EMAIL else self.phone) is not None

    @model_validator(mode="after")
    def _channels_have_their_addresses(self) -> Self:
        named = (self.preferred, *(self.otherwise or ()))
        if MessageChannel.WEBHOOK in named:
            raise ValueError("a webhook reaches agencies, not citizens: prefer another channel")
        if len(set(named)) < len(named):
            raise ValueError("a channel is named twice: name each once")
        for channel in named:
            if not self._has_address(channel):
                address = "an e-mail address" if channel is MessageChannel.EMAIL else "a phone number"
                raise ValueError(f"give {address}, or prefer another channel")
        return self


TRIED_OTHERWISE = (MessageChannel.WHATSAPP, MessageChannel.SMS, MessageChannel.EMAIL)
"""For a person who named no others: what reaches a phone first, since most people carry one."""


class PersonFacts(Value):
    """What was told of a person. What is left out is unknown, or stays as it was known before."""

    name: Name = Field(repr=False)
    born: date | None = Field(default=None, repr=False)
    sex: Sex | None = None
    relation: Relation | None = None
    nik: str | None = Field(default=None, max_length=40, repr=False)
    nik_absence: NikAbsence | None = None
    conditions: tuple[Condition, ...] | None = None
    contact: Contact | None = Field(default=None, repr=False)

    @model_validator(mode="after")
    def _nik_or_the_reason_why_not(self) -> Self:
        _either(self.nik, self.nik_absence)
        return self


class Person(Value):
    """A person: with a NIK (checked by `Nik.checked` before), or with the reason why there is none."""

    person_id: Id
    name: Name = Field(repr=False)
    born: date | None = Field(default=None, repr=False)
    sex: Sex | None = None
    relation: Relation | None = None
    nik: SixteenDigits | None = Field(default=None, repr=False)
    nik_absence: NikAbsence | None = None
    conditions: tuple[Condition, ...] = ()
    contact: Contact | None = Field(default=None, repr=False)
    wants_messages: bool = True
    """Stays when the person is told of again: only their own word opts in or out."""

    @model_validator(mode="after")
    def _nik_or_the_reason_why_not(self) -> Self:
        _either(self.nik, self.nik_absence)
        return self

    def identified_by(self, nik: str) -> "Person":
        """The NIK came: the person is linked, and keeps id and cases."""
        return self.but(nik=nik, nik_absence=None)

    def same_as(self, other: "Person") -> bool:
        """Whether the two are certainly one. Without a NIK nobody is: a missing number makes no two people one."""
        return self.person_id == other.person_id or (self.nik is not None and self.nik == other.nik)

    def retold(self, facts: PersonFacts) -> "Person":
        """The person after being told of again: the newer word counts, and a NIK once known stays."""
        nik = self.nik or facts.nik
        newer = {
            name: getattr(facts, name)
            for name in ("name", "born", "sex", "relation", "conditions", "contact")
            if getattr(facts, name) is not None
        }
        return self.but(**newer, nik=nik, nik_absence=None if nik else facts.nik_absence)


def _either(nik: str | None, absence: NikAbsence | None) -> None:
    if (nik is None) == (absence is None):
        raise ValueError("give either the NIK or the reason why there is none")


class RegistryEntry(Value):
    """What the national registry said of a family in a quarter."""

    listed: bool
    period: RegistryPeriod
    decile: int | None = Field(default=None, ge=1, le=10)
    flags: tuple[ExclusionFlag, ...] = ()

    @model_validator(mode="after")
    def _only_listed_families_are_ranked(self) -> Self:
        if not self.listed and self.decile is not None:
            raise ValueError("a family that is not in the registry has no decile: leave it out")
        return self


class Family(Value):
    """The unit the registry ranks: one family card (KK), not a household. The card may be missing."""

    family_id: Id
    area: Area
    members: tuple[Person, ...] = Field(min_length=1)
    kk: SixteenDigits | None = Field(default=None, repr=False)
    registry: RegistryEntry
    circumstances: tuple[Circumstance, ...] = ()
    """Noted for the whole family; an ill member's are derived."""

    @model_validator(mode="after")
    def _nobody_is_in_it_twice(self) -> Self:
        for index, member in enumerate(self.members):
            if any(member.same_as(other) for other in self.members[:index]):
                raise ValueError("a person is in the family twice: keep one")
        return self

    def member(self, person_id: str) -> Person | None:
        return next((member for member in self.members if member.person_id == person_id), None)
