"""The refusals of the village's rules in words for the page, and the field of the form they belong to."""

from chassis.pages import Form
from chassis.pages import lazy as _
from services.intake.domain.consent import UnsoundBasis
from services.intake.domain.errors import IntakeRefusal
from services.intake.domain.nik import ImpossibleNik, NikFault
from services.intake.pages.how_told import NO_CONSENT

NIK_FAULTS = {
    NikFault.BLANK: _("Type the NIK, or leave it empty and say why there is none."),
    NikFault.NOT_SIXTEEN_DIGITS: _("A NIK has exactly sixteen digits; read it from the card once more."),
    NikFault.ALL_ZERO: _("A row of zeros is no NIK; leave it empty and say why there is none."),
    NikFault.UNKNOWN_REGION: _("The first six digits are no region; read them from the card once more."),
    NikFault.IMPOSSIBLE_DATE: _("Digits 7 to 12 are no date (women: day + 40); read them once more."),
    NikFault.SERIAL_NEVER_ISSUED: _("A NIK never ends in 0000; read the last four digits once more."),
}
WORDS = {
    "unknown_area": _("This is no village of the list: choose the village."),
    "conduct_needs_protection": _(
        "A complaint about an officer is not recorded here, where that officer could read it: take it to the district "
        "inspectorate."
    ),
    "unknown_programme": _("Choose programmes from the list."),
    "incomplete_complaint": _("Something needed is missing: look through it once more."),
    "impossible_moment": _("This is said to have happened in the future: set the tablet's clock right."),
    "illegal_move": _("This can no longer be done with the case: look at how it stands now."),
    "too_late_to_reopen": _("The time to reopen this case has passed: record a new case."),
    "already_rated": _("This answer was rated already: thank you."),
    "nothing_to_correct": _("Nothing is different: leave it, or say what is different."),
    "other_person": _("This person is known here with another NIK: look the person up first."),
    "person_named_twice": _("A person is in the family twice: keep one."),
    "card_of_another_family": _("Another family here has this family card: read its number once more."),
    "unknown_case": _("There is no such case in your area: read the case number once more."),
    "no_consent_to_take_back": _("Nothing rests on this person's consent."),
    "no_legal_basis": NO_CONSENT,
    "no_contact_to_prefer": _("No number or address is noted: give one at your village's window first."),
    "unreachable_channel": _("There is no number or address for this: choose another."),
    "wrong_case_number": _("This is no case number: ask for it again, digit by digit (18 digits)."),
    "case_numbers_exhausted": _("The village has used all case numbers of this year: call the operator."),
    "unsound_basis": _("A child's consent is given by the guardian: let an adult of the family get the messages."),
    "too_many_tries": _("Too many wrong codes: wait a quarter of an hour, or ask at your village's window."),
    "wrong_code": _("Number and code do not fit: read both from the receipt once more."),
}
FIELDS = {
    "unknown_area": "area",
    "conduct_needs_protection": "kind",
    "unknown_programme": "needs",
    "card_of_another_family": "card",
    "unsound_basis": "consent",
    "no_legal_basis": "consent",
    "wrong_case_number": "case_number",
    "unknown_case": "duplicate_of",
}


def words_of(refusal: IntakeRefusal) -> str:
    """What to say; a refusal without words of its own is said as it is."""
    if isinstance(refusal, ImpossibleNik):
        return NIK_FAULTS[refusal.fault]
    return WORDS.get(refusal.code, str(refusal))


def show_in(form: Form, refusal: IntakeRefusal) -> None:
    """Say it at the field it belongs to."""
    name = "consent" if isinstance(refusal, UnsoundBasis) else FIELDS.get(refusal.code, "")
    form.refuse(name, words_of(refusal))
