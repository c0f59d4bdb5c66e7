"""Why what was typed on the recording page is not accepted, and what to do about it."""

from chassis.pages import lazy as _
from services.intake.pages.how_told import EMAIL, PHONE

REASONS = {
    "kind": _("Choose what the citizen comes for."),
    "sector": _("Choose the field it belongs to."),
    "subject_kind": _("Choose whom it is about."),
    "channel": _("Choose how the citizen came."),
    "needs": _("Choose programmes from the list."),
    "story": _("The story is too long: keep it under 4,000 characters."),
    "card": _("A family card has sixteen digits; read them from the card once more, or leave it empty."),
    "area": _("Choose the village."),
    "name": _("Write the name, at most 120 characters."),
    "relation": _("Choose the relation to the head of the family."),
    "sex": _("Choose woman or man."),
    "phone": PHONE,
    "email": EMAIL,
    "conditions": _("Choose from the list."),
    "circumstances": _("Choose from the list."),
    "fast_track_cause": _("Say why it is urgent; it stays in the village."),
    "case_id": _("This page is too old: open it anew."),
}
OTHERWISE = _("This was not accepted. Look at it once more.")
NO_PROGRAMME = _("Choose at least one programme: the citizen wants to take part in one.")
WRONG_DAY = _("Write the day as day-month-year, such as 17-05-1990.")
NO_SUCH_DAY = _("There is no such day: read it from the card once more.")
FUTURE_DAY = _("This day is still to come: read it from the card once more.")
NOBODY = _("Write the name of the person who came.")
NIK_OR_WHY = _("Type the NIK, or leave it empty and say why there is none.")
