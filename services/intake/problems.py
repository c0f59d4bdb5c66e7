"""The refusals of the village's rules as problems: the one place where they get a status."""

from collections.abc import Callable, Mapping

from chassis.http.problems import FieldFault, Problem
from services.intake.domain.case_number import SerialsExhausted
from services.intake.domain.contacting import ContactWithheld, NoContactToPrefer
from services.intake.domain.errors import (
    AlreadyRated,
    CardOfAnotherFamily,
    IllegalMove,
    IntakeRefusal,
    NoConsentToTakeBack,
    NothingToCorrect,
    OtherPerson,
    TooLateToReopen,
    UnknownArea,
    UnknownNeed,
)
from services.intake.domain.nik import ImpossibleNik

UNPROCESSABLE, CONFLICT = 422, 409
CONFLICTS = (
    IllegalMove,
    TooLateToReopen,
    AlreadyRated,
    NothingToCorrect,
    OtherPerson,
    CardOfAnotherFamily,
    SerialsExhausted,
    NoConsentToTakeBack,
    ContactWithheld,
    NoContactToPrefer,
)
"""What is well said but does not fit what is there; everything else has to be said differently."""


def problem_of(refusal: IntakeRefusal) -> Problem:
    status = CONFLICT if isinstance(refusal, CONFLICTS) else UNPROCESSABLE
    sentence = f"{str(refusal)[0].upper()}{str(refusal)[1:]}."
    return Problem(status, refusal.code.replace("_", "-"), sentence, errors=_fields(refusal))


def _fields(refusal: IntakeRefusal) -> list[FieldFault]:
    match refusal:
        case ImpossibleNik(member=int(place)):
            return [FieldFault(field=f"body.family.members.{place}.nik", message=str(refusal))]
        case UnknownArea():
            return [FieldFault(field="body.area", message=str(refusal))]
        case UnknownNeed():
            return [FieldFault(field="body.needs", message=str(refusal))]
    return []


PROBLEMS: Mapping[type[Exception], Callable[[IntakeRefusal], Problem]] = {IntakeRefusal: problem_of}


def area_outside_yours() -> Problem:
    """A village that is there, but not for the caller."""
    return Problem(404, "area-not-found", "There is no such village in your area. Choose one you work for.")
