"""Handing out how to reach a citizen: for a stated purpose, on a legal basis, and never more than there is."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from pydantic import Field, ValidationError

from contracts.vocabulary import MessageChannel
from services.intake.domain.consent import Basis, ConsentProof, NoLegalBasis, Purpose, basis_for
from services.intake.domain.errors import IntakeRefusal
from services.intake.domain.people import Contact, Email, Language, Person, Phone
from services.intake.domain.value import Value


class ContactPurpose(StrEnum):
    """What another service may ask a contact for."""

    INFORM_CITIZEN = "inform_citizen"


BASIS_NEEDED = {ContactPurpose.INFORM_CITIZEN: Purpose.NOTIFY}


class ContactAnswer(StrEnum):
    """What became of the asking."""

    GIVEN = "given"
    NO_CONTACT = "no_contact"
    WITHHELD = "withheld"


class ContactChannel(StrEnum):
    EMAIL = "email"
    PHONE = "phone"
    NONE = "none"


class ContactWithheld(IntakeRefusal):
    """The citizen may not be contacted for this purpose: consent is missing, was taken back or ran out."""

    code = "contact_withheld"

    def __init__(self) -> None:
        super().__init__("the citizen has not agreed to this, or no longer: send nothing and do not ask again")


class NoContactToPrefer(IntakeRefusal):
    """Nobody of this case can be written to, so there is nothing to choose."""

    code = "no_contact_to_prefer"

    def __init__(self) -> None:
        super().__init__("nobody of this case gave a contact: correct the facts of the case and add one first")


class UnreachableChannel(IntakeRefusal):
    """A channel was chosen that there is no address for."""

    code = "unreachable_channel"


class Addresses(Value):
    """Where messages reach a person."""

    phone: Phone | None = Field(default=None, repr=False)
    email: Email | None = Field(default=None, repr=False)


class ContactPreferences(Value):
    """What a citizen chose about being told. `channels` are tried in this order, and no others."""

    wants_messages: bool = True
    channels: tuple[MessageChannel, ...] = Field(min_length=1, max_length=3)
    language: Language = Language.INDONESIAN
    addresses: Addresses | None = Field(default=None, repr=False, description="In place of those noted")
    consent: ConsentProof | None = Field(
        default=None, description="How the citizen agreed to messages; needed where no agreement is in force"
    )


def preferring(person: Person, chosen: ContactPreferences) -> Person:
    """The person after choosing. Raises NoContactToPrefer, UnreachableChannel."""
    reached_at = chosen.addresses or person.contact
    if reached_at is None:
        raise NoContactToPrefer
    first, *others = chosen.channels
    try:
        contact = Contact(
            preferred=first,
            otherwise=tuple(others),
            phone=reached_at.phone,
            email=reached_at.email,
            language=chosen.language,
        )
    except ValidationError as invalid:
        said = invalid.errors(include_input=False)[0]["msg"].removeprefix("Value error, ")
        raise UnreachableChannel(said) from None
    return person.but(contact=contact, wants_messages=chosen.wants_messages)


class ContactGiven(NamedTuple):
    """The answer and, only where it is GIVEN, the person it is about."""

    answer: ContactAnswer
    person: Person | None


def give_contact(
    person: Person | None, noted: tuple[Basis, ...], purpose: ContactPurpose, now: datetime
) -> ContactGiven:
    """Whether the reporter's contact may go out. Without an address nothing goes out, the name neither."""
    if person is None or person.contact is None:
        return ContactGiven(ContactAnswer.NO_CONTACT, None)
    if not person.wants_messages:
        return ContactGiven(ContactAnswer.WITHHELD, None)
    try:
        basis_for(BASIS_NEEDED[purpose], person.person_id, noted, now)
    except NoLegalBasis:
        return ContactGiven(ContactAnswer.WITHHELD, None)
    return ContactGiven(ContactAnswer.GIVEN, person)


def channel_of(preferred: MessageChannel) -> ContactChannel:
    return ContactChannel.EMAIL if preferred is MessageChannel.EMAIL else ContactChannel.PHONE
