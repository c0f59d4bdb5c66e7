"""Handing out how to reach a citizen: for a stated purpose, on a legal basis, and never more than there is."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from contracts.vocabulary import MessageChannel
from services.intake.domain.consent import Basis, NoLegalBasis, Purpose, basis_for
from services.intake.domain.errors import IntakeRefusal
from services.intake.domain.people import Person


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
    try:
        basis_for(BASIS_NEEDED[purpose], person.person_id, noted, now)
    except NoLegalBasis:
        return ContactGiven(ContactAnswer.WITHHELD, None)
    return ContactGiven(ContactAnswer.GIVEN, person)


def channel_of(preferred: MessageChannel) -> ContactChannel:
    return ContactChannel.EMAIL if preferred is MessageChannel.EMAIL else ContactChannel.PHONE
